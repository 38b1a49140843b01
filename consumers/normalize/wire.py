"""Reading a news agency's item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from consumers.normalize.extraction import Extraction
from consumers.normalize.page_tree import parse_page, without_hidden
from consumers.normalize.plain import read_plain
from consumers.normalize.wire_versions import wire_versions
from newswire.errors import Drop, Reject
from newswire.text.hygiene import paragraph, title
from newswire.wires import OF_TRANSMISSIONS, Block, WireError, WireItem, read_item
from newswire.wires.xml import blocks
from schemas.core.rights import Rights
from schemas.normalized.model import Section

_NOT_TEXT: Final = {
    "package": "a package: its members are articles where they come as items of their own",
    "reference": "only a part of an item, without its text: the whole comes as an item of its own",
    "concept": "no news but a vocabulary, an event or a plan",
}


def read_wire(data: bytes) -> Extraction:
    """Return what an item holds. Raises `Reject` with what `newswire.wires` finds wrong, and `Drop` (`not-text`) for what is no text.

    A text without a body has its summary for one, or its headline: a flash may be nothing else.
    """
    try:
        item = read_item(data)
    except WireError as error:
        raise Reject(error.reason, error.detail, error.path) from error
    if item.kind != "text":
        what = _NOT_TEXT.get(
            item.kind, f"a {item.kind}: only texts are articles, which name it where it belongs to one"
        )
        raise Drop("not-text", f"{item.wire.uri} is {what}")
    found = _read_body(item)
    found.wire, found.rights = item.wire, item.rights
    found.versions = tuple(wire_versions(item.wire))
    # What the item says is believed before what its text looks like.
    ahead = Extraction()
    ahead.add("headline", item.headline, "item")
    ahead.add("authors", item.wire.byline, "item")
    ahead.add("published_at", item.published, "item")
    ahead.add("modified_at", item.modified if item.modified != item.published else None, "item")
    ahead.add("language", item.language, "item")
    ahead.add("article_section", item.section, "item")
    ahead.add("url", item.url, "item")
    for keyword in item.keywords:
        ahead.add("keywords", keyword, "item")
    if item.body:
        ahead.add("summary", item.summary, "item")
    for name in {**ahead.fields, **found.fields}:
        found.fields[name] = [*ahead.of(name), *found.of(name)]
    return found


def strictest(captured: Rights, read: Rights) -> Rights:
    """Return the rights of an item: what was known at its capture and what it says itself; of two the stricter."""
    order = ("usable", "withheld", "canceled")
    until = [moment for moment in (captured.embargoed_until, read.embargoed_until) if moment is not None]
    return Rights(
        status=max(captured.status, read.status, key=order.index),
        embargoed_until=max(until, default=None),
        license=read.license or captured.license,
        usage_terms=read.usage_terms or captured.usage_terms,
        copyright_notice=read.copyright_notice or captured.copyright_notice,
        text_and_data_mining=captured.text_and_data_mining,
    )


def _read_body(item: WireItem) -> Extraction:
    headline = title(item.headline or "") or None
    body = item.body
    if body.text:
        found = read_plain(body.text, headline=headline, has_summary=bool(item.summary))
        found.sections_from = "text"
        return found
    found = Extraction(sections_from="text" if item.wire.format in OF_TRANSMISSIONS else "html")
    read = body.blocks
    if body.html:
        tree = parse_page(body.html)
        without_hidden(tree)
        read = blocks(tree)
    found.sections = _sections(read, (headline or "").casefold())
    if not found.sections and item.rights.status != "canceled":
        instead = title(item.summary or "") or headline
        if instead:
            found.sections = (Section(paragraphs=(paragraph(instead),)),)
            found.sections_from = "item"
    return found


def _sections(read: Iterable[Block], headline: str) -> tuple[Section, ...]:
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for number, block in enumerate(read):
        if number == 0 and block.text.casefold() == headline:
            continue
        if block.is_heading:
            sections.append((block.text, []))
        else:
            sections[-1][1].append(block.text)
    return tuple(Section(heading=heading, paragraphs=tuple(texts)) for heading, texts in sections if texts)
