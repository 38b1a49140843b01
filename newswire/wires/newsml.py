"""IPTC NewsML 1.x (https://iptc.org/std/NewsML/1.2/): a NewsItem with its NewsComponents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from newswire.wires.item import Body, WireError, WireItem
from newswire.wires.ninjs import looks_marked
from newswire.wires.values import concept, created, embargo, status, urgency
from newswire.wires.xml import Element, attribute, blocks, child, children, text_of, within
from schemas.core.rights import Rights
from schemas.core.wire import Association, Concept, Wire

_MOST: Final = 500
_SUBJECTS: Final = ("SubjectCode", "Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")


def read_newsml(root: Element) -> WireItem:
    """Return the item of a `NewsML` element with one `NewsItem`. WireError: `no-uri`, `only-changes`.

    Its id is `urn:newsml:PROVIDER:DATE:ITEM`, the public identifier without the revision. Of several texts the first is read.
    """
    item = child(root, "NewsItem")
    management, component = child(item, "NewsManagement"), child(item, "NewsComponent")
    if component is None and child(item, "Update") is not None:
        raise WireError(
            "only-changes",
            "the NewsItem holds only changes to another revision: it must be sent whole",
            "/NewsItem/Update",
        )
    lines = next(within(component, "NewsLines"), None)
    described = next(within(component, "DescriptiveMetadata"), None)
    administered = next(within(component, "AdministrativeMetadata"), None)
    rights = next(within(component, "RightsMetadata"), None)
    number = child(item, "Identification", "NewsIdentifier", "RevisionId")
    revised = text_of(child(management, "ThisRevisionCreated"))
    body = _body(component)
    media = tuple(_associations(component))
    wire = Wire(
        format="newsml",
        uri=_uri(item),
        version=text_of(number),
        version_created=created(revised),
        urgency=urgency(_formal(child(management, "Urgency"))),
        priority=urgency(_formal(child(root, "NewsEnvelope", "Priority"))),
        genres=_concepts(described, "Genre"),
        subjects=_concepts(described, *_SUBJECTS),
        places=_places(described),
        slugline=text_of(child(lines, "SlugLine")) or text_of(child(item, "Identification", "NameLabel")),
        ed_note=_notes(lines, management),
        byline=text_of(child(lines, "ByLine")),
        dateline=text_of(child(lines, "DateLine")),
        provider=_party(child(administered, "Provider"))
        or text_of(child(item, "Identification", "NewsIdentifier", "ProviderId")),
        credit=text_of(child(lines, "CreditLine")) or _party(child(administered, "Source")),
        signals=tuple(name for each in children(management, "Instruction") if (name := _formal(each))),
        corrects=None,
        associations=media,
    )
    until, withheld = _embargo(management)
    said = status(_formal(child(management, "Status")), "/NewsItem/NewsManagement/Status")
    return WireItem(
        wire=wire,
        rights=Rights(
            status="withheld" if withheld and said == "usable" else said,
            embargoed_until=until,
            usage_terms=_usage(rights),
            copyright_notice=text_of(child(lines, "CopyrightLine")) or text_of(child(rights, "Copyright")),
        ),
        kind=_kind(component, body, media, said),
        headline=text_of(child(lines, "HeadLine")),
        summary=text_of(child(lines, "SubHeadLine")),
        language=_formal(child(described, "Language")) or attribute(component, "lang"),
        published=text_of(child(management, "FirstCreated")),
        modified=revised,
        keywords=tuple(word for each in children(lines, "KeywordLine") if (word := text_of(each))),
        body=body,
    )


def _uri(item: Element | None) -> str:
    identity = child(item, "Identification", "NewsIdentifier")
    names = ("ProviderId", "DateId", "NewsItemId")
    parts = [text_of(child(identity, name)) for name in names]
    if not parts[0] or not parts[2]:
        raise WireError(
            "no-uri",
            "the NewsItem needs a NewsIdentifier with ProviderId, DateId and NewsItemId",
            "/NewsItem/Identification/NewsIdentifier",
        )
    return ":".join(("urn:newsml", *(part for part in parts if part)))


def _formal(element: Element | None) -> str | None:
    return attribute(element, "FormalName")


def _party(element: Element | None) -> str | None:
    return _formal(child(element, "Party"))


def _embargo(management: Element | None) -> tuple[datetime | None, bool]:
    """Return until when it is embargoed, and whether it is so without a time.

    A status of `Embargoed` ends with the change that `StatusWillChange` announces.
    """
    future = child(management, "StatusWillChange")
    held = (_formal(child(management, "Status")) or "").lower() == "embargoed"
    if not held:
        return None, False
    usable = (_formal(child(future, "FutureStatus")) or "usable").lower() == "usable"
    until = embargo(
        text_of(child(future, "DateAndTime")) if usable else None, "/NewsItem/NewsManagement/StatusWillChange"
    )
    return until, until is None


def _concepts(described: Element | None, *names: str) -> tuple[Concept, ...]:
    found = []
    for each in [*within(described, *names)][:_MOST]:
        code = _formal(each)
        scheme = attribute(each, "Scheme")
        if code and code.isdigit() and len(code) == 8:
            scheme = "subj"
        elif code and not scheme and names == ("Genre",):
            found.append(concept(name=code))
            continue
        found.append(concept(code=code, scheme=scheme))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _places(described: Element | None) -> tuple[Concept, ...]:
    found = []
    for location in [*within(described, "Location")][:_MOST]:
        parts = {
            attribute(each, "FormalName"): attribute(each, "Value") for each in children(location, "Property")
        }
        name = ", ".join(
            value for key, value in parts.items() if value and key in ("City", "CountryArea", "SubLocation")
        )
        country = parts.get("Country")
        found.append(concept(name=name, code=country, scheme="iso3166-1a" if country else None))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _notes(lines: Element | None, management: Element | None) -> str | None:
    notes = [
        text_of(child(line, "NewsLineText"))
        for line in children(lines, "NewsLine")
        if "note" in (_formal(child(line, "NewsLineType")) or "").lower()
    ]
    return " ".join(note for note in [*notes, text_of(child(management, "EdNote"))] if note) or None


def _usage(rights: Element | None) -> str | None:
    terms = [text_of(each) for each in within(rights, "UsageType", "RightsLimitation", "Limitations")]
    return "; ".join(term for term in terms if term) or None


def _body(component: Element | None) -> Body:
    for content in within(component, "ContentItem"):
        data = child(content, "DataContent")
        kind = (_formal(child(content, "MediaType")) or "text").lower()
        if data is None or kind not in ("text", "complexdata"):
            continue
        if len(data):
            body = Body(blocks=blocks(data))
        else:
            text = data.text or ""
            body = Body(html=text) if looks_marked(text) else Body(text=text)
        if body:
            return body
    return Body()


def _kind(component: Element | None, body: Body, media: tuple[Association, ...], said: str) -> str:
    if body or said != "usable":
        return "text"
    if any(True for _ in within(component, "NewsItemRef")):
        return "package"
    return next((each.kind for each in media if each.kind), "text")


def _associations(component: Element | None) -> Iterator[Association]:
    for content in [*within(component, "ContentItem")][:_MOST]:
        href = attribute(content, "Href")
        if href is None:
            continue
        around = content.getparent()
        kind = (_formal(child(content, "MediaType")) or "").lower()
        yield Association(
            rel=_formal(child(around, "Role")),
            kind={"photo": "picture", "complexdata": "text"}.get(kind, kind) or None,
            uri=attribute(around, "Duid"),
            href=href,
            media_type=_formal(child(content, "MimeType")),
            caption=text_of(child(around, "NewsLines", "HeadLine")),
            credit=text_of(child(around, "NewsLines", "CreditLine")),
        )
    for reference in [*within(component, "NewsItemRef")][:_MOST]:
        if name := attribute(reference, "NewsItem"):
            yield Association(rel="member", uri=name)
