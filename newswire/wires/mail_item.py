"""One e-mail as an item of a wire: what its fields, the lines at the top of its text, and its text say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import Message
from typing import Final

from newswire.text.hygiene import line as one_line
from newswire.wires import desk_words
from newswire.wires.embargo_words import embargo_in, is_embargo_note
from newswire.wires.item import Block, Body, WireError, WireItem
from newswire.wires.mail import Leaf, date_of, date_received, field, ids_in, sent_by
from newswire.wires.text_lines import lines_of, paragraphs
from newswire.wires.values import created, urgency
from schemas.core.rights import Rights
from schemas.core.wire import Association, Wire

_FORWARDED: Final = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv)\s?:\s*)+", re.IGNORECASE)
_RECALL: Final = re.compile(r"^(?:message )?recall(?:ed)?\s?: ?", re.IGNORECASE)
_LIST: Final = re.compile(r"^\[[^\[\]]{1,60}\]\s*")
_LABEL: Final = re.compile(r"^\s*\*{0,2}([A-Za-z][A-Za-zäöüéè ]{2,24}?)\*{0,2}\s?:\*{0,2}\s*(.*)$")
_LABELS: Final = {
    "slug": "slug", "slugline": "slug", "story slug": "slug", "headline": "headline", "title": "headline", "titel": "headline",
    "byline": "byline", "author": "byline", "autor": "byline", "reporter": "byline", "category": "category", "section": "category",
    "desk": "category", "ressort": "category", "keywords": "keywords", "tags": "keywords", "abstract": "summary", "summary": "summary",
    "urgency": "urgency", "priority": "urgency", "dateline": "dateline", "location": "dateline", "embargo": "embargo",
    "embargoed until": "embargo", "sperrfrist": "embargo", "note to editors": "note", "editors note": "note", "notes": "note",
}  # fmt: skip
_AT_ONCE: Final = r"^\W*(?:(?:press|news|media) release\W*)?for immediate (?:release|use|publication)"
_IMMEDIATE: Final = re.compile(rf"{_AT_ONCE}\W*$", re.IGNORECASE)
_IMMEDIATELY: Final = re.compile(rf"{_AT_ONCE}\s?[:–—-]\s*(?=\S)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"^\s*>")
_SIGNATURE: Final = re.compile(r"^-- ?$")
_IMPORTANCE: Final = {"high": 2, "urgent": 2, "normal": 5, "low": 8, "non-urgent": 8}
_NO_NEWS: Final = ("multipart/report",)
_SIGNED_BY: Final = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
_BETWEEN: Final = re.compile(r"\s[-–—|]{1,2}\s|:\s")
_FEWEST_WORDS: Final = 3
_FOR_EMBARGOES: Final = 3
_LONGEST_WRAPPED: Final = 100
"""Characters of a line that a program wrapped; longer ones are paragraphs."""
_MUCH_MORE: Final = 2
"""A text of HTML so many times as long as the plain one: that only says where to look."""
_MOST: Final = 200


def read_mail(message: Message, leaves: Sequence[Leaf]) -> WireItem:
    """Return the item of a message whose own text is the article. `leaves` are its parts.

    Its id is that of the message (`mid:`, RFC 2392). A message that kills, or recalls, the one that it names (Supersedes, else In-Reply-To)
    is a version of that. WireError: `no-uri`, `no-text`, `unreadable-embargo`.
    """
    own = next(iter(ids_in(message, "message-id")), None)
    if own is None:
        raise WireError(
            "no-uri",
            "the e-mail has no Message-ID: the program that sent or stored it has to set one",
            "/Message-ID",
        )
    subject = _IMMEDIATELY.sub("", _FORWARDED.sub("", field(message, "subject") or "")).strip()
    if field(message, "list-id"):
        subject = _LIST.sub("", subject)
    blocks, html = _text(leaves)
    said, blocks = _labelled(blocks)
    headline = said.get("headline") or subject
    recalled = _RECALL.match(headline)
    headings = desk_words.read_heading([headline])
    signals = tuple(dict.fromkeys((*headings.signals, *(("kill",) if recalled else ()))))
    if not headline and not blocks and not html:
        raise WireError(
            "no-text", "the e-mail has neither a subject nor a text, and no news item is attached"
        )
    date = date_of(message)
    made = created(date)
    first = [block.text for block in blocks[:_FOR_EMBARGOES]]
    note, title = _parted(headings.headline or headline)
    notes = [
        note,
        *first,
        *(_beginning(html) if html else ()),
        *([f"Embargo: {said['embargo']}"] if "embargo" in said else []),
    ]
    until, withheld = _embargo(notes, message, made)
    named = [*ids_in(message, "supersedes", "obsoletes"), *ids_in(message, "in-reply-to")]
    killed = named[0] if named and "kill" in signals else None
    corrects = (
        named[0]
        if named
        and not killed
        and (
            {"correction", "refile", "update"}.intersection(signals)
            or ids_in(message, "supersedes", "obsoletes")
        )
        else None
    )
    return WireItem(
        wire=Wire(
            format="mail",
            uri=f"mid:{killed or own}",
            version_created=made,
            urgency=urgency(said.get("urgency", "")[:1]),
            priority=_priority(message),
            slugline=said.get("slug"),
            ed_note=said.get("note"),
            byline=said.get("byline"),
            dateline=said.get("dateline"),
            provider=sent_by(message),
            credit=field(message, "organization"),
            signals=signals,
            corrects=f"mid:{corrects}" if corrects else None,
            associations=tuple(_beside(leaves)),
        ),
        rights=Rights(
            status="canceled" if killed else "withheld" if withheld else "usable", embargoed_until=until
        ),
        kind="report" if _is_no_news(message) else "text",
        headline=title or None,
        summary=said.get("summary"),
        language=_language(message),
        published=date,
        section=said.get("category"),
        keywords=tuple(_keywords(said.get("keywords") or field(message, "keywords") or "")),
        body=Body(html=html)
        if html
        else Body(blocks=tuple(block for block in blocks if not _is_note(block.text))),
    )


def _is_no_news(message: Message) -> bool:
    """Return whether a program answered: a failed delivery, a receipt, an absence."""
    automatic = (field(message, "auto-submitted") or "").lower().startswith("auto-replied")
    return automatic or message.get_content_type() in _NO_NEWS


def _text(leaves: Sequence[Leaf]) -> tuple[list[Block], str | None]:
    """Return the plain text of a message, or its HTML where that says more."""
    shown = [leaf for leaf in leaves if not leaf.attached]
    plain = next(
        (text for leaf in shown if leaf.media_type == "text/plain" and (text := _plain(leaf)).strip()), ""
    )
    html = next(
        (text for leaf in shown if leaf.media_type == "text/html" and (text := leaf.text()).strip()), ""
    )
    if html and _letters(html) > _MUCH_MORE * len(plain):
        return [], html
    return _paragraphs(plain), None


def _letters(html: str) -> int:
    """Return about how much text there is in HTML."""
    return sum(len(piece.rpartition(">")[2].strip()) for piece in html.split("<"))


def _beginning(html: str) -> list[str]:
    """Return the first lines of text in HTML."""
    pieces = (one_line(piece.rpartition(">")[2]) for piece in html[:20_000].split("<"))
    return [piece for piece in pieces if piece][:_FOR_EMBARGOES]


def _plain(leaf: Leaf) -> str:
    """Return a plain text as it was written: lines that were only wrapped (RFC 3676, format=flowed) are one."""
    text = lines_of(leaf.text())
    if str(leaf.part.get_param("format", "")).lower() != "flowed":
        return text
    joined = str(leaf.part.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    held: list[str] = []
    for line in text.split("\n"):
        flows = line.endswith(" ") and not _SIGNATURE.match(line)
        held.append(line[:-1] if flows and joined else line)
        if not flows:
            lines.append("".join(held))
            held = []
    return "\n".join([*lines, "".join(held)])


def _paragraphs(text: str) -> list[Block]:
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    lines = desk_words.without_notebook(lines[:end])[0]
    own = [line for line in lines if not _QUOTED.match(line)]
    lines = own if any(line.strip() for line in own) else [_QUOTED.sub("", line) for line in lines]
    if any(len(line) > _LONGEST_WRAPPED for line in lines):
        return [Block(" ".join(line.split())) for line in lines if line.strip()]
    # Lines of labels are lines; the text begins below them.
    labels = 0
    while labels < min(len(lines), _MOST) and (not lines[labels].strip() or _label(lines[labels])):
        labels += 1
    head = [Block(" ".join(line.split())) for line in lines[:labels] if line.strip()]
    return [*head, *paragraphs(lines[labels:])]


def _label(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line)
    name = _LABELS.get(" ".join(found[1].lower().split())) if found else None
    return (name, found[2].strip(" *")) if found and name else None


def _labelled(blocks: list[Block]) -> tuple[dict[str, str], list[Block]]:
    """Return what lines with labels at the top of a text say, and the rest of the text."""
    said: dict[str, str] = {}
    at = 0
    while at < len(blocks) and (found := _label(blocks[at].text)):
        if found[1]:
            said.setdefault(*found)
        at += 1
    return said, blocks[at:]


def _embargo(notes: Sequence[str], message: Message, made: datetime | None) -> tuple[datetime | None, bool]:
    sent = made or created(date_received(message))
    if sent is not None:
        return embargo_in(notes, sent)
    if any(map(is_embargo_note, notes)):
        raise WireError(
            "unreadable-embargo",
            "the e-mail has an embargo, but no Date that it could be counted from",
            "/Date",
        )
    return None, False


def _parted(headline: str) -> tuple[str, str]:
    """Return the note about an embargo that a headline begins with, and the headline."""
    pieces = _BETWEEN.split(headline)
    if not is_embargo_note(headline) or len(pieces) < 2 or len(pieces[-1].split()) < _FEWEST_WORDS:
        return headline, headline
    return " ".join(pieces[:-1]), pieces[-1]


def _is_note(text: str) -> bool:
    return is_embargo_note(text) or _IMMEDIATE.match(text) is not None


def _priority(message: Message) -> int | None:
    number = re.match(r"\s*([1-5])\b", field(message, "x-priority") or "")
    said = (field(message, "importance") or field(message, "priority") or "").lower().strip()
    if said in _IMPORTANCE and _IMPORTANCE[said] != _IMPORTANCE["normal"]:
        return _IMPORTANCE[said]
    return 2 * int(number[1]) - 1 if number else _IMPORTANCE.get(said)


def _language(message: Message) -> str | None:
    said = (field(message, "content-language") or "").split(",")
    return said[0].strip() if len(said) == 1 and said[0].strip() else None


def _keywords(text: str) -> list[str]:
    words = (one_line(word) for word in re.split(r"[,;]", text[:4_000]))
    return [word for word in dict.fromkeys(words) if word][:_MOST]


def _beside(leaves: Sequence[Leaf]) -> list[Association]:
    """Return what is attached, by name."""
    found = []
    for leaf in leaves:
        if leaf.name is None or leaf.media_type in _SIGNED_BY:
            continue
        kind = {"image": "picture", "video": "video", "audio": "audio"}.get(leaf.media_type.partition("/")[0])
        named = next(iter(ids_in(leaf.part, "content-id")), None)
        found.append(
            Association(
                rel="attachment", kind=kind, uri=f"cid:{named}" if named else None, href=leaf.name, media_type=leaf.media_type,
                caption=field(leaf.part, "content-description"),
            )
        )  # fmt: skip
    return found[:_MOST]
