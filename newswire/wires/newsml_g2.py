"""IPTC NewsML-G2 (https://iptc.org/std/NewsML-G2/): newsItem, packageItem, and the other items of its family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from newswire.wires.item import Body, WireError, WireItem
from newswire.wires.ninjs import looks_marked
from newswire.wires.values import concept, created, embargo, status, urgency
from newswire.wires.xml import Element, attribute, blocks, child, children, local, text_of, within
from schemas.core.rights import Rights
from schemas.core.wire import Association, Concept, Wire

NAMESPACE: Final = "http://iptc.org/std/nar/2006-10-01/"
ITEMS: Final = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_KIND: Final = {"packageItem": "package", "composite": "package", "photo": "picture", "animated": "video"}
_MOST: Final = 500


def read_newsml_g2(root: Element, header: Element | None = None) -> WireItem:
    """Return the item of an element of `ITEMS`, with the header of the message that it came in, if any.

    WireError: `no-uri`, `unknown-status`, `unreadable-embargo`.
    """
    uri = attribute(root, "guid")
    if not uri:
        raise WireError("no-uri", f"a {local(root)} needs a `guid` that names it in all versions", "/@guid")
    management, content, rights = (child(root, name) for name in ("itemMeta", "contentMeta", "rightsInfo"))
    body = _body(child(root, "contentSet"))
    version_created = text_of(child(management, "versionCreated"))
    wire = Wire(
        format="newsml-g2",
        uri=uri,
        version=attribute(root, "version"),
        version_created=created(version_created),
        urgency=urgency(text_of(child(content, "urgency"))),
        priority=urgency(text_of(child(header, "priority"))),
        genres=_concepts(content, "genre"),
        subjects=_concepts(content, "subject"),
        places=_places(content),
        slugline=text_of(child(content, "slugline")),
        ed_note=_joined(children(management, "edNote")),
        byline=text_of(child(content, "by")) or _joined(children(content, "creator"), named=True),
        dateline=text_of(child(content, "dateline")) or _joined(children(content, "located"), named=True),
        provider=_name(child(management, "provider")),
        credit=text_of(child(content, "creditline")) or _joined(children(content, "infoSource"), named=True),
        signals=tuple(
            code
            for each in children(management, "signal")
            if (code := attribute(each, "qcode", "uri", "literal"))
        ),
        corrects=_corrected(management),
        associations=tuple(_associations(root, management)),
    )
    held, until = _embargo(management)
    said = status(_code(child(management, "pubStatus")), "/itemMeta/pubStatus")
    return WireItem(
        wire=wire,
        rights=Rights(
            status="withheld" if said == "usable" and held else said,
            embargoed_until=until,
            usage_terms=_joined(children(rights, "usageTerms")),
            copyright_notice=_joined(children(rights, "copyrightNotice")),
        ),
        kind=_kind(root, management),
        headline=_of_role(content, "headline", "main") or text_of(child(management, "title")),
        summary=_of_role(content, "description", "summary"),
        language=attribute(child(content, "language"), "tag") or attribute(root, "lang"),
        published=text_of(child(management, "firstCreated"))
        or text_of(child(content, "contentCreated"))
        or version_created,
        modified=version_created,
        keywords=tuple(text for each in children(content, "keyword") if (text := text_of(each))),
        body=body,
    )


def _embargo(management: Element | None) -> tuple[bool, datetime | None]:
    """Return whether it is embargoed without a time, which means until further notice, and the time."""
    element = child(management, "embargoed")
    if element is None:
        return False, None
    until = embargo(text_of(element), "/itemMeta/embargoed")
    return until is None, until


def _kind(root: Element, management: Element | None) -> str:
    name = local(root)
    if name == "newsItem":
        name = (_code(child(management, "itemClass")) or "text").rpartition(":")[2].lower()
    elif name != "packageItem":
        return "concept"
    return _KIND.get(name, name)


def _code(element: Element | None) -> str | None:
    uri = attribute(element, "uri")
    return attribute(element, "qcode", "literal") or (uri and uri.rstrip("/").rpartition("/")[2])


def _name(element: Element | None) -> str | None:
    return text_of(child(element, "name")) or attribute(element, "literal") or _code(element)


def _joined(elements: list[Element], *, named: bool = False) -> str | None:
    texts = ((_name(each) if named else text_of(each)) for each in elements)
    return ", ".join(dict.fromkeys(text for text in texts if text)) or None


def _concept(element: Element) -> Concept | None:
    literal = attribute(element, "literal")
    return concept(
        name=text_of(child(element, "name")) or literal,
        code=attribute(element, "qcode") or literal,
        uri=attribute(element, "uri"),
    )


def _concepts(content: Element | None, name: str) -> tuple[Concept, ...]:
    found = (_concept(each) for each in children(content, name)[:_MOST])
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _places(content: Element | None) -> tuple[Concept, ...]:
    """Return where it comes from, and the subjects that are places."""
    about = [
        each
        for each in children(content, "subject")
        if (attribute(each, "type") or "").rpartition(":")[2]
        in ("geoArea", "poi", "country", "city", "place")
    ]
    found = (_concept(each) for each in (*children(content, "located"), *about)[:_MOST])
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _of_role(content: Element | None, name: str, role: str) -> str | None:
    given = children(content, name)
    for each in given:
        said = attribute(each, "role")
        if (said is None or said.rpartition(":")[2].lower() == role) and text_of(each):
            return text_of(each)
    return next((text for each in given if (text := text_of(each))), None)


def _corrected(management: Element | None) -> str | None:
    for link in children(management, "link"):
        if (attribute(link, "rel") or "").rpartition(":")[2].lower() in ("corrects", "iscorrectionof"):
            return attribute(link, "residref", "href")
    return None


def _body(contents: Element | None) -> Body:
    for each in children(contents, "inlineXML"):
        body = Body(blocks=blocks(each))
        if body:
            return body
    for each in children(contents, "inlineData"):
        text = "".join(each.itertext())
        if text.strip():
            kind = (attribute(each, "contenttype") or "").lower()
            return Body(html=text) if "html" in kind or looks_marked(text) else Body(text=text)
    return Body()


def _associations(root: Element, management: Element | None) -> Iterator[Association]:
    for remote in [*within(child(root, "contentSet"), "remoteContent")][:_MOST]:
        yield from _association(remote, attribute(remote, "rendition"))
    for link in children(management, "link")[:_MOST]:
        yield from _association(link, attribute(link, "rel"))
    for link in [*within(child(root, "groupSet"), "itemRef")][:_MOST]:
        yield from _association(link, attribute(link.getparent(), "role"))


def _association(element: Element, rel: str | None) -> Iterator[Association]:
    kind = (_code(child(element, "itemClass")) or "").rpartition(":")[2] or None
    made = Association(
        rel=rel,
        kind=_KIND.get(kind, kind) if kind else None,
        uri=attribute(element, "residref"),
        href=attribute(element, "href"),
        media_type=attribute(element, "contenttype"),
        caption=text_of(child(element, "description")) or text_of(child(element, "headline")),
        language=attribute(child(element, "language"), "tag") or attribute(element, "hreflang"),
    )
    if made.uri or made.href:
        yield made
