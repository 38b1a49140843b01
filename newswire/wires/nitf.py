"""IPTC NITF 3.x (https://iptc.org/std/NITF/): one document with its body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from newswire.wires.item import Body, WireError, WireItem
from newswire.wires.values import concept, created, embargo, status, urgency
from newswire.wires.xml import Element, attribute, blocks, child, children, text_of, within
from schemas.core.rights import Rights
from schemas.core.wire import Association, Concept, Wire

_MOST: Final = 500


def read_nitf(root: Element) -> WireItem:
    """Return the item of an `nitf` element. WireError: `no-uri`, `unknown-status`, `unreadable-embargo`.

    Its id is `regsrc:id-string` of `doc-id`, else the key of `du-key`. A notice that gives another document a status
    (`management-doc-idref`, `management-idref-status`) is taken as a version of that document.
    """
    head, body = child(root, "head"), child(root, "body")
    data, top = child(head, "docdata"), child(body, "body.head")
    content = child(body, "body.content")
    concerned = attribute(data, "management-doc-idref")
    key = child(data, "du-key")
    issued = attribute(child(data, "date.issue"), "norm")
    correction = child(data, "correction")
    said = attribute(data, "management-idref-status" if concerned else "management-status")
    until = embargo(attribute(child(data, "date.release"), "norm"), "/head/docdata/date.release")
    may = status(said, "/head/docdata/@management-status")
    if (said or "").strip().lower() == "embargoed" and until is None:
        may = "withheld"
    text = blocks(content) if content is not None else ()
    media = tuple(_associations(body))
    wire = Wire(
        format="nitf",
        uri=concerned or _uri(data, key),
        version=attribute(key, "version"),
        version_created=created(_revised(head) or issued),
        urgency=urgency(attribute(child(data, "urgency"), "ed-urg")),
        genres=_genres(head),
        subjects=_subjects(head),
        places=_places(data),
        slugline=attribute(key, "key") or attribute(child(data, "fixture"), "fix-id"),
        ed_note=_notes(data, correction),
        byline=_byline(top),
        dateline=text_of(child(top, "dateline")),
        provider=text_of(child(top, "distributor"))
        or attribute(child(data, "doc.copyright"), "holder")
        or attribute(child(data, "doc-id"), "regsrc"),
        credit=attribute(child(data, "doc.rights"), "owner"),
        signals=("correction",) if correction is not None else (),
        corrects=_registered(correction),
        associations=media,
    )
    return WireItem(
        wire=wire,
        rights=Rights(
            status=may,
            embargoed_until=until,
            usage_terms=_usage(data),
            copyright_notice=_copyright(data, top),
        ),
        kind="picture" if media and not text and may == "usable" else "text",
        headline=text_of(child(top, "hedline", "hl1")) or text_of(child(head, "title")),
        summary=text_of(child(top, "abstract")) or text_of(child(top, "hedline", "hl2")),
        language=attribute(root, "lang") or attribute(body, "lang") or attribute(content, "lang"),
        published=issued,
        modified=_revised(head),
        section=attribute(child(head, "pubdata"), "position.section"),
        keywords=tuple(word for each in within(data, "keyword") if (word := attribute(each, "key"))),
        body=Body(blocks=text),
    )


def _uri(data: Element | None, key: Element | None) -> str:
    name = _registered(child(data, "doc-id")) or attribute(key, "key")
    if not name:
        raise WireError(
            "no-uri", "the document needs a `doc-id` with an `id-string`", "/head/docdata/doc-id/@id-string"
        )
    return name


def _registered(identity: Element | None) -> str | None:
    """Return the id that an element gives, after the registry that it is of."""
    name, registry = attribute(identity, "id-string"), attribute(identity, "regsrc")
    return f"{registry}:{name}" if name and registry and not name.startswith(f"{registry}:") else name


def _revised(head: Element | None) -> str | None:
    """Return the last date of the revision history."""
    dates = [norm for each in children(head, "revision-history") if (norm := attribute(each, "norm"))]
    return max(dates, default=None)


def _genres(head: Element | None) -> tuple[Concept, ...]:
    found = (
        concept(name=attribute(each, "tobject.property.type"))
        for each in within(child(head, "tobject"), "tobject.property")
    )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _subjects(head: Element | None) -> tuple[Concept, ...]:
    found = []
    for each in [*within(child(head, "tobject"), "tobject.subject")][:_MOST]:
        number = attribute(each, "tobject.subject.refnum")
        registry = (attribute(each, "tobject.subject.ipr") or "").lower()
        names = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
        vocabulary = "subj" if number and number.isdigit() and len(number) == 8 else registry or None
        found.append(
            concept(name=attribute(each, *names), code=number, scheme=vocabulary if number else None)
        )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _places(data: Element | None) -> tuple[Concept, ...]:
    found = (
        concept(
            name=", ".join(
                part for name in ("city", "state-prov", "county-dist") if (part := attribute(each, name))
            )
            or text_of(each),
            code=attribute(each, "iso-cc"),
            scheme="iso3166-1a" if attribute(each, "iso-cc") else None,
        )
        for each in children(data, "evloc")[:_MOST]
    )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _notes(data: Element | None, correction: Element | None) -> str | None:
    notes = [attribute(each, "info") for each in children(data, "ed-msg")] + [attribute(correction, "info")]
    return " ".join(note for note in notes if note) or None


def _byline(top: Element | None) -> str | None:
    """Return the byline without the title of who wrote it."""
    given = child(top, "byline")
    if given is None:
        return None
    named = [text for each in within(given, "person") if (text := text_of(each))]
    words = [given.text or "", *(each.tail or "" for each in given)]
    return ", ".join(named) or " ".join("".join(words).split()) or text_of(given)


def _usage(data: Element | None) -> str | None:
    rights = child(data, "doc.rights")
    terms = [attribute(rights, name) for name in ("type", "limitations")]
    return "; ".join(term for term in terms if term) or None


def _copyright(data: Element | None, top: Element | None) -> str | None:
    line = text_of(child(top, "rights"))
    notice = child(data, "doc.copyright")
    parts = [part for name in ("year", "holder") if (part := attribute(notice, name))]
    return line or (f"© {' '.join(parts)}" if parts else None)


def _associations(body: Element | None) -> Iterator[Association]:
    for media in [*within(body, "media")][:_MOST]:
        reference = child(media, "media-reference")
        kind = (attribute(media, "media-type") or "").lower()
        made = Association(
            rel=attribute(media, "class"),
            kind={"image": "picture"}.get(kind, kind) or None,
            uri=attribute(reference, "id", "data-location"),
            href=attribute(reference, "source"),
            media_type=attribute(reference, "mime-type"),
            caption=text_of(child(media, "media-caption")),
            credit=text_of(child(media, "media-producer")),
        )
        if made.uri or made.href:
            yield made
