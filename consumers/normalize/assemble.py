"""Candidates to a normalized article: each field chosen, repaired, and its provenance kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeVar

from consumers.normalize.agency import KNOWN, credited_agency, known_agency
from consumers.normalize.bylines import byline_parts, read_bylines
from consumers.normalize.choose import Choice, No, choose, printable, refusal
from consumers.normalize.content_hash import content_hash
from consumers.normalize.credits import read_credits
from consumers.normalize.dating import choose_dates, written_offset
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.language_choice import UNKNOWN, choose_language
from consumers.normalize.live import without_live_marker
from consumers.normalize.live_posts import with_ids
from consumers.normalize.page_links import own_links
from consumers.normalize.stubs import is_removed, without_mark
from consumers.normalize.translation_credits import credit_lines
from consumers.normalize.translations import Own, translations
from consumers.normalize.wire import strictest
from newswire.errors import Reject
from newswire.text.canonicalize import canonicalize
from newswire.text.hygiene import title
from newswire.text.mojibake import is_suspect
from schemas.core.lineage import Lineage
from schemas.core.provenance import Provenance, Refused
from schemas.ids import article_id
from schemas.normalized.model import Image, Normalized, Section
from schemas.raw.model import Raw

T = TypeVar("T")

MAX_HEADLINE_CHARACTERS: Final = 500
MAX_PARAGRAPHS: Final = 20_000
_MAX_KEYWORDS: Final = 100
_MAX_REFERENCES: Final = 100


def assemble(raw: Raw, found: Extraction, lineage: Lineage) -> Normalized:
    """Return the article. Raises `Reject`: `empty-body`, `not-an-article`, `no-headline`, `withdrawal-without-identity`."""
    why: dict[str, Provenance] = {}
    rights = strictest(raw.rights, found.rights) if found.rights else raw.rights
    withdrawn = rights.status == "canceled"
    found.sections, cut_off = without_mark(found.sections)
    url = _keep(why, "url", choose(found.of("url"), _url))
    guid = found.wire.uri if found.wire else title(raw.guid) or None if raw.guid else None
    ends = credit_lines(found)
    lines = read_credits(found.sections, found.beside)
    found.sections = lines.sections
    found.fields["authors"] = [*found.of("authors"), *lines.authors]
    agency, sections = _agency(found, why, lines.agency)
    if not withdrawn:
        _require_body(sections)
    elif not (url or guid):
        raise Reject(
            "withdrawal-without-identity",
            "a withdrawal must name the article that it withdraws: give its url or guid",
            "/url",
        )
    headline = _headline(found, why, (url or guid) if withdrawn else None)
    headline, marker = without_live_marker(headline)
    kind: Literal["article", "live_blog"] = "live_blog" if marker or found.kind == "live_blog" else "article"
    if marker:
        why["kind"] = Provenance(origin=why["headline"].origin, raw=marker)
    elif found.kind_from:
        why["kind"] = Provenance(origin=found.kind_from.origin, raw=printable(found.kind_from.value))
    if kind == "live_blog":
        sections = with_ids(sections)
    summary = _keep(why, "summary", choose(found.of("summary"), _line))
    dates = choose_dates(found, raw.captured_at, url or raw.url, raw.source.timezone)
    published = _keep(why, "published_at", dates.published)
    modified = _keep(why, "modified_at", dates.modified)
    running = (text for section in sections for text in (section.heading, *section.paragraphs) if text)
    language = choose_language(found.of("language"), "\n".join((headline, summary or "", *running)))
    _keep(why, "language", language)
    others = [each.value for each in found.of("url")]
    own = Own(language.value or UNKNOWN, url, others, raw.source.name, guid)
    told = translations(found.versions, ends, own)
    why |= told.provenance
    why["sections"] = Provenance(
        origin=found.sections_from or ("html" if "html" in raw.media_type else "text"),
        raw=printable(found.sections_raw) if found.sections_raw else None,
        confidence=min(found.sections_confidence, 0.5) if cut_off else found.sections_confidence,
        refused=(
            *(
                (Refused(value=cut_off, origin="text", why="says that the text is cut off"),)
                if cut_off
                else ()
            ),
            *_suspect(sections),
        ),
    )
    return Normalized(
        article_id=article_id(
            # Not every version of a wire's item names a page, and a kill names none: its uri is its identity.
            url=None if found.wire else url,
            source=raw.source.name,
            guid=guid,
            headline=headline,
            date=published.value.date().isoformat() if published else None,
        ),
        source=raw.source,
        kind=kind,
        url=url,
        guid=guid,
        headline=headline,
        summary=summary,
        authors=_authors(found, why),
        agency=agency,
        article_section=_keep(why, "article_section", choose(found.of("article_section"), _line)),
        keywords=_keywords(found, why),
        language=language.value or UNKNOWN,
        published_at=published.value if published else None,
        published_precision=published.precision if published else None,
        published_offset=written_offset(published),
        modified_at=modified.value if modified else None,
        date_notes=dates.notes or None,
        captured_at=raw.captured_at,
        sections=sections,
        images=_images(found, why),
        paywalled=_paywalled(found, why),
        content_hash=content_hash(headline, summary, sections),
        translations=told.translations,
        translated_from=told.translated_from,
        links=own_links(found.links, url) or None,
        references=raw.references[:_MAX_REFERENCES] if raw.references else None,
        rights=rights,
        wire=found.wire,
        provenance=dict(sorted(why.items())),
        lineage=lineage,
    )


def _keep(why: dict[str, Provenance], name: str, choice: Choice[T]) -> T | None:
    if choice.provenance is not None:
        why[name] = choice.provenance
    return choice.value


def _url(value: str) -> str | No:
    try:
        return canonicalize(value)
    except ValueError as error:
        return No(str(error))


def _line(value: str) -> str | No:
    return title(value) or No("nothing is left of it as text")


def _require_body(sections: tuple[Section, ...]) -> None:
    count = sum(len(section.paragraphs) for section in sections)
    if not count:
        raise Reject(
            "empty-body",
            "no paragraph of text was found beside the headline: capture the whole article",
            "/body",
        )
    if count > MAX_PARAGRAPHS:
        raise Reject(
            "not-an-article",
            f"{count} paragraphs, where {MAX_PARAGRAPHS} are the most: not one article",
            "/body",
        )
    if is_removed(sections):
        raise Reject(
            "not-an-article",
            "the text was taken out by who passes it on: capture the article itself",
            "/body",
        )
    if not any(c.isalpha() for section in sections for text in section.paragraphs for c in text):
        raise Reject("not-an-article", "there is not one letter in the body", "/body")


def _headline(found: Extraction, why: dict[str, Provenance], instead: str | None) -> str:
    def read(value: str) -> str | No:
        text = title(value)
        if not any(c.isalnum() for c in text):
            return No("nothing is left of it as text")
        return (
            text
            if len(text) <= MAX_HEADLINE_CHARACTERS
            else No(f"longer than {MAX_HEADLINE_CHARACTERS} characters")
        )

    headline = _keep(why, "headline", choose(found.of("headline"), read))
    if headline:
        return headline
    if instead:  # a withdrawal notice may be nothing but the identity of what it withdraws
        why["headline"] = Provenance(origin="heuristic", raw=instead, confidence=0)
        return instead
    raise Reject(
        "no-headline",
        "no headline is given, and the text does not begin with one: put it in the first line or in `headline`",
        "/item/headline",
    )


def _agency(
    found: Extraction, why: dict[str, Provenance], credited: Candidate | None
) -> tuple[str | None, tuple[Section, ...]]:
    """Return the credited agency, and the sections without a last paragraph that is nothing but the credit."""
    for candidate in found.of("authors"):
        for part in byline_parts([candidate.value]):
            if name := known_agency(part):
                why["agency"] = Provenance(origin=candidate.origin, raw=printable(candidate.value))
                return name, found.sections
    credit = credited_agency([text for section in found.sections for text in section.paragraphs])
    provider = found.wire.provider if found.wire else None
    if found.wire and found.wire.format == "mail" and provider:
        provider = known_agency(provider)  # anybody sends mail
    # A station names itself: LOWER TARN (KTRN) — on ktrn.example.
    if credit and credit.agency not in KNOWN.values() and credit.agency.lower() in _host(found):
        credit = None
    if credit is None and credited:
        why["agency"] = Provenance(
            origin=credited.origin, raw=printable(credited.raw or ""), confidence=credited.confidence
        )
        return credited.value, found.sections
    if credit is None and provider:
        why["agency"] = Provenance(origin="item", raw=printable(provider))
        return known_agency(provider) or provider, found.sections
    if credit is None:
        return None, found.sections
    why["agency"] = Provenance(origin="heuristic", raw=credit.raw, confidence=credit.confidence)
    if not credit.line_only:
        return credit.agency, found.sections
    last = found.sections[-1]
    if not last.paragraphs:  # the last post of a live blog may be only a heading
        return credit.agency, found.sections
    shorter = last.model_copy(update={"paragraphs": last.paragraphs[:-1]})
    return credit.agency, (
        *found.sections[:-1],
        *((shorter,) if shorter.paragraphs or shorter.post_id else ()),
    )


def _host(found: Extraction) -> str:
    address = next((each.value for each in found.of("url") if not each.refused), "")
    return address.partition("://")[2].partition("/")[0]


def _suspect(sections: tuple[Section, ...]) -> tuple[Refused, ...]:
    """Return a note on the first paragraph that looks as if its UTF-8 had been read as another encoding, but not for certain."""
    suspect = next((text for each in sections for text in each.paragraphs if is_suspect(text)), None)
    if suspect is None:
        return ()
    why = "looks like UTF-8 that was read as another encoding, but not for certain: left as it is"
    return (Refused(value=printable(suspect), origin="text", why=why),)


def _images(found: Extraction, why: dict[str, Provenance]) -> tuple[Image, ...]:
    if found.images:
        raw = "; ".join(image.url for image, _ in found.images)
        why["images"] = Provenance(origin=found.images[0][1], raw=printable(raw))
    return tuple(image for image, _ in found.images)


def _paywalled(found: Extraction, why: dict[str, Provenance]) -> bool | None:
    by = found.paywalled
    if by is None:
        return None
    why["paywalled"] = Provenance(origin=by.origin, raw=by.raw, confidence=by.confidence)
    return by.value == "true"


def _authors(found: Extraction, why: dict[str, Provenance]) -> tuple[str, ...]:
    def read(values: list[str]) -> tuple[str, ...]:
        return tuple(name for name in read_bylines(values) if not known_agency(name))

    return _all_of_first_origin(found.of("authors"), why, "authors", read)


def _keywords(found: Extraction, why: dict[str, Provenance]) -> tuple[str, ...]:
    def read(values: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for value in values if (text := title(value))))[:_MAX_KEYWORDS]

    return _all_of_first_origin(found.of("keywords"), why, "keywords", read)


def _all_of_first_origin(
    given: list[Candidate],
    why: dict[str, Provenance],
    name: str,
    read: Callable[[list[str]], tuple[str, ...]],
) -> tuple[str, ...]:
    """Return what the candidates of the first origin that gives any value say together; what the others say is kept as refused."""
    taken: tuple[str, ...] = ()
    by: Candidate | None = None
    raw = ""
    refused: list[Refused] = []
    for origin in dict.fromkeys(candidate.origin for candidate in given):
        mine = [candidate for candidate in given if candidate.origin == origin]
        refused += [refusal(each, each.refused) for each in mine if each.refused]
        mine = [each for each in mine if not each.refused]
        values = read([each.value for each in mine])
        if by is None and values:
            taken, by, raw = (
                values,
                mine[0],
                "; ".join(dict.fromkeys(each.raw or each.value for each in mine)),
            )
        elif by is None:
            refused += [refusal(each, "names nobody") for each in mine]
        elif set(values) - set(taken):
            refused += [refusal(each, f"{by.origin} is believed before it") for each in mine]
    if by is not None:
        why[name] = Provenance(
            origin=by.origin, raw=printable(raw), confidence=by.confidence, refused=tuple(refused)
        )
    elif refused:
        why[name] = Provenance(origin=refused[0].origin, confidence=0, refused=tuple(refused))
    return taken
