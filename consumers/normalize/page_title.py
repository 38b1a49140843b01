"""The headline of a page among all that it calls its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from consumers.normalize.elements import elements
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.lower_heading import lower_heading
from consumers.normalize.site_names import SiteNames, fold
from newswire.text.hygiene import title

_SEPARATOR: Final = re.compile(
    r"\s+(?:[|–—·•»«›‹~-]{1,2}|::|:)\s+|\s*[|｜ㅣ│]\s*|\s*--\s*|(?<=[\u3040-\u9fff\uac00-\ud7af])_(?=\w)"
)
_HEADLINES: Final = etree.XPath("descendant::*[@itemprop='headline']")
_PREFIX: Final = re.compile(r"^([^:]{2,40}):\s+")
_MAX_HEADINGS: Final = 40
_MAX_TEXTS: Final = 200
"""Pieces of text in a heading: more are a page inside of one."""
_SHORT: Final = 4
"""A heading with fewer letters names a desk, not an article."""
_DESK_WORDS: Final = 2
_CONFIRMED: Final = 0.5


def add_headlines(found: Extraction, tree: HtmlElement, sites: SiteNames) -> None:
    """Put the page's headlines in the order in which they are believed; `found` has those of JSON-LD and of meta elements.

    First the `h1` that the page's own metadata confirm: half of the shorter one's letters, three by three, are in the other. Only where
    JSON-LD and OpenGraph agree on a headline that ends like the heading, they are believed before it: one of both has a kicker in front.
    Then JSON-LD, OpenGraph and other meta elements, an only `h1`, `title`. All of them without the site's name. Where titles begin with
    an `h2` that an `h1` has nothing to do with, that `h1` is a logo or a box, and the `h2` stands for it.
    """
    titles = [title(each.value) for each in found.of("headline")]
    titles += [title(element.text or "") for element in islice(tree.iterfind(".//title"), 1)]
    tops = list(_headings(tree))
    lower = lower_heading(tree, titles, _SEPARATOR) if tops else None
    if lower:
        told = [Candidate(text, "html") for text in lower.titles]
        logos = [forms for forms in tops if all(_likeness(form, told) <= _CONFIRMED for form in forms)]
        sites = sites.with_names(
            name for forms in logos for form in forms if (name := fold(form)) in lower.behind
        )
        tops = [forms for forms in tops if forms not in logos]
        tops += [[lower.text]] if logos and not tops else []
    declared = [_without_site(candidate, sites, found) for candidate in found.of("headline")]
    named = [
        _without_site(Candidate(element.text or "", "html", 0.7), sites, found)
        for element in islice(tree.iterfind(".//title"), 1)
    ]
    headings = [form for forms in tops if (form := _best(forms, declared, named, sites))]
    confirmed = max(headings, key=lambda text: _likeness(text, [*declared, *named]), default="")
    ordered = list(declared)
    if confirmed and _likeness(confirmed, declared or named) > _CONFIRMED:
        ordered.insert(0, Candidate(confirmed, "html", 0.95))
        if agreed := _agreed(declared, confirmed):
            ordered.remove(agreed)
            ordered.insert(0, agreed)
    elif len(headings) == 1:
        ordered.append(Candidate(headings[0], "html", 0.8))
    found.fields["headline"] = [
        candidate for candidate in (*ordered, *named) if candidate.value and not candidate.value.isspace()
    ]


def without_site(text: str, sites: SiteNames, sections: frozenset[str] = frozenset()) -> str:
    """Return a page title without the site's name, and what stands behind the name or names one of the site's `sections` before it.

    `A – B` keeps both when neither is the name, and so does `Opinion | A`; `NYT: A` and `A - NYT - Politics` lose the name.
    """
    prefix = _PREFIX.match(text)
    if prefix and sites.have(prefix[1]):
        return text[prefix.end() :]
    cuts = list(_SEPARATOR.finditer(text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    at = next((number for number, part in enumerate(parts) if sites.have(part)), None)
    if at is None or not cuts:
        return text
    if at == 0 or (len(parts) > at + 1 and fold(text[: ends[at - 1]]) in sections):
        return without_site(text[starts[at + 1] :], sites, sections)
    while at > 1 and (
        fold(parts[at - 1]) in sections or _desk(parts[at - 1], cuts[at - 2][0], cuts[at - 1][0])
    ):
        at -= 1
    return text[: ends[at - 1]]


def _desk(part: str, before: str, after: str) -> bool:
    """Return whether a part between two bars, the second one before the site's name, is the site's section: `A | Sport | The Mail`."""
    return "|" in before and "|" in after and len(part.split()) <= _DESK_WORDS


def _without_site(candidate: Candidate, sites: SiteNames, found: Extraction) -> Candidate:
    text = title(candidate.value)
    sections = frozenset(fold(section.value) for section in found.of("article_section"))
    bare = without_site(text, sites, sections)
    if bare == text:
        return candidate
    return Candidate(bare, candidate.origin, candidate.confidence, raw=candidate.value)


def _headings(tree: HtmlElement) -> Iterator[list[str]]:
    """Yield the forms in which each top heading can be read: as it stands, with space between its parts, and without a first part."""
    for element in list(islice(tree.iter("h1"), _MAX_HEADINGS)) or elements(_HEADLINES, tree, _MAX_HEADINGS):
        texts = list(islice(element.itertext(), _MAX_TEXTS))
        parts = [text for text in texts if not text.isspace()]
        if parts:
            forms = [title("".join(texts)), title(" ".join(parts)), title("".join(parts[1:]))]
            yield [form for form in dict.fromkeys(forms) if form]


def _best(
    forms: list[str], declared: Sequence[Candidate], named: Sequence[Candidate], sites: SiteNames
) -> str | None:
    """Return the form of a heading that metadata have too, otherwise the first; None for the name of the site or of a desk."""
    said = [fold(title(candidate.value)) for candidate in (*declared, *named)]
    for form in forms:
        if fold(form) in said:
            return form
    first = next((form for form in forms if len(fold(form)) >= _SHORT), None)
    if first is None or sites.have(first):
        return None
    return without_site(first, sites)


def _agreed(declared: Sequence[Candidate], heading: str) -> Candidate | None:
    """Return the headline on which JSON-LD and OpenGraph agree where it and the heading differ by nothing but words in front."""
    first = {candidate.origin: candidate for candidate in reversed(declared)}
    linked, shared, shown = first.get("jsonld"), first.get("opengraph"), fold(heading)
    if linked is None or shared is None or fold(title(linked.value)) != fold(title(shared.value)):
        return None
    said = fold(title(linked.value))
    return linked if said != shown and (said.endswith(shown) or shown.endswith(said)) else None


def _likeness(text: str, others: Sequence[Candidate]) -> float:
    """Return how much of the shorter of two texts is in the other, of all the most: triples of letters, for any script."""
    mine = _triples(text)
    return max((_shared(mine, _triples(title(other.value))) for other in others), default=0.0)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    # The whole of a short text is in many a long one by chance: what is not shared counts a little, and breaks ties.
    both = len(one & other)
    return both / max(1, min(len(one), len(other))) - 0.001 * len(one ^ other) / max(1, len(one | other))


@lru_cache(maxsize=64)
def _triples(text: str) -> frozenset[str]:
    letters = fold(text)
    return frozenset(letters[i : i + 3] for i in range(max(1, len(letters) - 2)))
