"""IPTC ninjs 1.x, 2.x and 3.x (https://iptc.org/std/ninjs/): one news object in JSON.

Names of 1.x, 2.x (plurals) and 3.x (camel case) are read alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from newswire.text.hygiene import title
from newswire.wires.item import Body, WireError, WireItem
from newswire.wires.values import concept, created, embargo, status, urgency
from schemas.core.rights import Rights
from schemas.core.wire import Association, Concept, Wire

_OWN: Final = frozenset((
    "versioncreated", "headline", "headlines", "bodies", "pubstatus", "standard", "stdname", "representationtype", "body_text",
    "body_html", "body_xhtml", "firstcreated", "embargoed", "embargoeduntil", "slugline", "associations", "renditions",
))  # fmt: skip
_MOST: Final = 500
"""Concepts and associations of an item."""
Fields = Mapping[str, Any]


def is_ninjs(record: object) -> bool:
    """Return whether a JSON value is a ninjs object: it has a `uri`, and a field that other records of news do not have."""
    return isinstance(record, dict) and "uri" in record and bool(_OWN & {key.lower() for key in record})


def read_ninjs(record: Mapping[str, Any]) -> WireItem:
    """Return the item of a ninjs object. WireError: `no-uri`, `unknown-status`, `unreadable-embargo`, `schema`.

    A field of another type than the standard's is passed over, except where it decides whether the item may be published.
    """
    fields = {key.lower(): value for key, value in record.items()}
    uri = _string(fields, "uri")
    if not uri:
        raise WireError(
            "no-uri", "a ninjs object needs a `uri`, a string that names it in all versions", "/uri"
        )
    body = _body(fields)
    providers, named = _sources(fields)
    headline = _one_of(fields, "headline", "headlines") or _string(fields, "title")
    wire = Wire(
        format="ninjs",
        uri=uri,
        version=_string(fields, "version"),
        version_created=created(_string(fields, "versioncreated")),
        urgency=urgency(fields.get("urgency")),
        genres=_concepts(fields, "genre", "genres"),
        subjects=_concepts(fields, "subject", "subjects"),
        places=_concepts(fields, "place", "places"),
        slugline=_string(fields, "slugline"),
        ed_note=_string(fields, "ednote"),
        byline=_string(fields, "byline", "by") or _authors(fields),
        dateline=_string(fields, "located"),
        provider=(providers or [_string(fields, "copyrightholder")])[0],
        credit=_string(fields, "creditline") or ", ".join(named) or None,
        signals=_signals(fields),
        associations=tuple(_associations(fields)),
    )
    return WireItem(
        wire=wire,
        rights=Rights(
            status=status(_decisive(fields, "pubstatus"), "/pubstatus"),
            embargoed_until=embargo(_decisive(fields, "embargoed", "embargoeduntil"), "/embargoed"),
            usage_terms=_string(fields, "usageterms"),
            copyright_notice=_string(fields, "copyrightnotice"),
        ),
        kind=_kind(fields, body),
        headline=headline,
        summary=_one_of(fields, "description", "descriptions"),
        language=_string(fields, "language"),
        published=_string(fields, "firstcreated", "contentcreated", "versioncreated"),
        modified=_string(fields, "versioncreated"),
        keywords=tuple(word for word in _list(fields, "keyword", "keywords") if isinstance(word, str)),
        url=_page(fields),
        body=body,
    )


def _string(fields: Fields, *names: str) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _decisive(fields: Fields, *names: str) -> str | None:
    """Return a field that decides whether the item may be published: one that is no string refuses the item."""
    for name in names:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            raise WireError("schema", f"`{name}` must be a string", f"/{name}")
        if value and value.strip():
            return str(value)
    return None


def _list(fields: Fields, *names: str) -> Sequence[Any]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            return value[:_MOST]
        if isinstance(value, dict):
            return [value]
    return ()


def _objects(fields: Fields, *names: str) -> Iterator[dict[str, Any]]:
    for each in _list(fields, *names):
        if isinstance(each, dict):
            yield {key.lower(): value for key, value in each.items()}


def _concepts(fields: Fields, *names: str) -> tuple[Concept, ...]:
    found = (
        concept(
            name=_string(each, "name"),
            code=_string(each, "code", "qcode", "literal"),
            scheme=_string(each, "scheme"),
            uri=_string(each, "uri"),
        )
        for each in _objects(fields, *names)
    )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _sources(fields: Fields) -> tuple[list[str | None], list[str]]:
    """Return who delivers the item, and all sources that are named."""
    named = [
        (_string(each, "rel"), name)
        for each in _objects(fields, "infosource", "infosources")
        if (name := _string(each, "name", "literal"))
    ]
    providers: list[str | None] = [name for rel, name in named if rel and "provid" in rel.lower()]
    return providers or [_string(fields, "provider")] * ("provider" in fields), [name for _, name in named]


def _authors(fields: Fields) -> str | None:
    return ", ".join(name for each in _objects(fields, "authors") if (name := _string(each, "name"))) or None


def _signals(fields: Fields) -> tuple[str, ...]:
    given = _list(fields, "signal", "signals")
    return tuple(each for each in given if isinstance(each, str) and each.strip())


def _kind(fields: Fields, body: Body) -> str:
    kind = (_string(fields, "type") or "text").lower()
    in_part = (_string(fields, "representationtype") or "").lower() in ("incomplete", "partial")
    if kind == "text" and in_part and not body:
        return "reference"
    return {"composite": "package", "component": "text"}.get(kind, kind)


def _one_of(fields: Fields, single: str, several: str) -> str | None:
    """Return a headline or description: of several the one whose role is the main one, else the first."""
    texts = [(_string(each, "role") or "main", _string(each, "value")) for each in _objects(fields, several)]
    given = [(role, text) for role, text in texts if text]
    if given:
        return next((text for role, text in given if role in ("main", "short", "summary")), given[0][1])
    value = _string(fields, single)
    if value:
        return value
    variants = sorted(key for key in fields if key.startswith(f"{single}_"))
    return next((title(text) for key in variants if (text := _string(fields, key))), None)


def _body(fields: Fields) -> Body:
    """Return the body: with markup where there is one with, since that has its paragraphs."""
    bodies = [
        ((_string(each, "contenttype") or "").lower(), text)
        for each in _objects(fields, "bodies")
        if (text := _string(each, "value"))
    ]
    names = sorted(key for key in fields if key.startswith("body_") or key == "body")
    bodies += [
        ("text/html" if "html" in name else "", text) for name in names if (text := _string(fields, name))
    ]
    marked = [text for kind, text in bodies if "html" in kind or looks_marked(text)]
    if marked:
        return Body(html=marked[0])
    return Body(text=bodies[0][1]) if bodies else Body()


def looks_marked(text: str) -> bool:
    """Return whether a text that is said to be plain has paragraphs in HTML."""
    start = text.lstrip()[:200].lower()
    return start.startswith(("<p>", "<p ", "<div", "<html", "<body", "<h1", "<h2", "<article", "<section"))


def _associations(fields: Fields) -> Iterator[Association]:
    given = fields.get("associations")
    named: list[tuple[str | None, Any]] = []
    if isinstance(given, dict):
        named = list(given.items())
    elif isinstance(given, list):
        named = [(None, each) for each in given]
    for name, each in named[:_MOST]:
        if not isinstance(each, dict):
            continue
        inner = {key.lower(): value for key, value in each.items()}
        rendition = next(iter(_renditions(inner)), {})
        made = Association(
            rel=name or _string(inner, "name", "rel", "role"),
            kind=_string(inner, "type"),
            uri=_string(inner, "uri"),
            href=_string(rendition, "href"),
            media_type=_string(rendition, "mimetype", "contenttype") or _string(inner, "mimetype"),
            caption=_one_of(inner, "description", "descriptions") or _one_of(inner, "headline", "headlines"),
            credit=_string(inner, "creditline", "byline", "by", "copyrightholder"),
            language=_string(inner, "language"),
        )
        if made.uri or made.href:
            yield made


def _renditions(fields: Fields) -> Iterator[dict[str, Any]]:
    given = fields.get("renditions")
    if isinstance(given, dict):
        given = [{"name": name, **each} for name, each in given.items() if isinstance(each, dict)]
    for each in given[:_MOST] if isinstance(given, list) else ():
        if isinstance(each, dict):
            yield {key.lower(): value for key, value in each.items()}


def _page(fields: Fields) -> str | None:
    for each in _renditions(fields):
        if (_string(each, "mimetype", "contenttype") or "").lower() == "text/html":
            return _string(each, "href")
    return None
