"""Candidates to a normalized article: each field chosen, repaired, and its provenance kept."""

from __future__ import annotations

from typing import Final, Literal, TypeVar

from consumers.normalize.agency_choice import choose_agency
from consumers.normalize.agency_names import known_agency
from consumers.normalize.bylines import read_bylines
from consumers.normalize.choose import Choice, No, choose, choose_all, printable
from consumers.normalize.content_hash import content_hash
from consumers.normalize.credits import read_credits
from consumers.normalize.dating import choose_dates, written_offset
from consumers.normalize.extraction import Extraction
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
_CUT_OFF: Final = 0.5  # confidence in a text that says that there is more of it


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
    credit = choose_agency(found, lines.agency)
    agency, sections = _keep(why, "agency", credit.agency), credit.sections
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
    why["sections"] = _of_sections(raw, found, sections, cut_off)
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
        authors=_keep(why, "authors", choose_all(found.of("authors"), _names)) or (),
        agency=agency,
        article_section=_keep(why, "article_section", choose(found.of("article_section"), _line)),
        keywords=_keep(why, "keywords", choose_all(found.of("keywords"), _terms)) or (),
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
        if len(text) > MAX_HEADLINE_CHARACTERS:
            return No(f"longer than {MAX_HEADLINE_CHARACTERS} characters")
        return text

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


def _of_sections(
    raw: Raw, found: Extraction, sections: tuple[Section, ...], cut_off: str | None
) -> Provenance:
    """Return where the text comes from; `cut_off` is the mark that says that there is more of it."""
    marks = (Refused(value=cut_off, origin="text", why="says that the text is cut off"),) if cut_off else ()
    return Provenance(
        origin=found.sections_from or ("html" if "html" in raw.media_type else "text"),
        raw=printable(found.sections_raw) if found.sections_raw else None,
        confidence=min(found.sections_confidence, _CUT_OFF) if cut_off else found.sections_confidence,
        refused=(*marks, *_suspect(sections)),
    )


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


def _names(bylines: list[str]) -> tuple[str, ...]:
    return tuple(name for name in read_bylines(bylines) if not known_agency(name))


def _terms(keywords: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in keywords if (text := title(value))))[:_MAX_KEYWORDS]
