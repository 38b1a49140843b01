"""The headline of a page among all that it calls its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.lower_heading import lower_heading
from consumers.normalize.site_names import SiteNames, fold
from consumers.normalize.top_headings import TopHeading, host_of, top_headings
from newswire.text.hygiene import title

_SEPARATOR: Final = re.compile(
    r"\s+(?:[|–—·•»«›‹~-]{1,2}|::|:)\s+|\s*[|｜ㅣ│]\s*|\s*--\s*|(?<=[\u3040-\u9fff\uac00-\ud7af])_(?=\w)"
    r"|(?<=[\u3001-\u303f\u3040-\u9fff\uff00-\uffef])[-–—](?=[\u3040-\u9fff])|：(?=[\u3040-\u9fff])"
)
_PREFIX: Final = re.compile(r"^([^:]{2,40}):\s+")
_SHORT: Final = 4
"""A heading with fewer letters names a desk, not an article."""
_LONGEST_TITLE: Final = 2_000
"""Characters of a title in which a name is looked for."""
_DESK_WORDS: Final = 2
_DESK_LETTERS: Final = 12
_BARS: Final = ("|", "_")
_UNSPACED_CUTS: Final = ("-", "–", "—", "_", "--")
_OUTLET: Final = re.compile(r"(?:网|網|新闻|新聞|日报|日報|晚报|晚報|时报|時報|在线|頻道|频道)$")
"""How Chinese outlets are called: their pages seldom tell machines the name of the site, and their titles end with it."""
_CONFIRMED: Final = 0.5
H1_CONFIRMED: Final = 0.95
"""Confidence in an `h1` that says what metadata or `title` say."""
H1_ALONE: Final = 0.8
"""Confidence in an only `h1` that nothing else says."""
_ONLY_SITE: Final = 0.3
_CUT_OFF: Final = ("…", "...")
_IS_SITE: Final = "names the site itself"


def add_headlines(found: Extraction, tree: HtmlElement, sites: SiteNames) -> None:
    """Put the page's headlines in the order in which they are believed; `found` has those of JSON-LD and of meta elements.

    First the `h1` that the page's own metadata confirm: half of the shorter one's letters, three by three, are in the other. Only where
    JSON-LD and OpenGraph agree on a headline that ends like the heading, they are believed before it: one of both has a kicker in front.
    Then JSON-LD, OpenGraph and other meta elements, an only `h1`, `title`. All of them without the site's name. Where titles begin with
    an `h2` that an `h1` has nothing to do with, that `h1` is a logo or a box, and the `h2` stands for it.
    """
    titles = [title(each.value) for each in found.of("headline")]
    titles += [title(element.text or "") for element in islice(tree.iterfind(".//title"), 1)]
    tops = list(top_headings(tree, {host_of(each.value) for each in found.of("url")}))
    lower = lower_heading(tree, titles, _SEPARATOR) if tops else None
    if lower:
        told = [Candidate(text, "html") for text in lower.titles]
        logos = [top for top in tops if all(_likeness(form, told) <= _CONFIRMED for form in top.forms)]
        sites = sites.with_names(
            name for top in logos for form in top.forms if (name := fold(form)) in lower.behind
        )
        tops = [top for top in tops if top not in logos]
        tops += [TopHeading((lower.text,))] if logos and not tops else []
    every = [_without_site(candidate, sites, found) for candidate in found.of("headline")]
    named = [
        _without_site(Candidate(element.text or "", "html", 0.7), sites, found)
        for element in islice(tree.iterfind(".//title"), 1)
    ]
    every, named = _without_names_of_the_site(every, named, tops, sites)
    declared = [candidate for candidate in every if not candidate.refused]
    headings = [form for top in tops if (form := _best(top, declared, named, sites))]
    confirmed = max(headings, key=lambda text: _likeness(text, [*declared, *named]), default="")
    ordered = list(every)
    if confirmed and _likeness(confirmed, declared or named) > _CONFIRMED:
        ordered.insert(0, Candidate(confirmed, "html", H1_CONFIRMED))
        if agreed := _agreed(declared, confirmed):
            ordered.remove(agreed)
            ordered.insert(0, agreed)
    elif len(headings) == 1:
        says_more = all(each.confidence == _ONLY_SITE for each in (*every, *named))
        ordered.insert(0 if says_more else len(ordered), Candidate(headings[0], "html", H1_ALONE))
    every = [
        candidate for candidate in (*ordered, *named) if candidate.value and not candidate.value.isspace()
    ]
    found.fields["headline"] = _whole_first(every)


def confirms(one: str, other: str) -> bool:
    """Return whether two headlines say the same: half of the shorter one's letters, three by three, are in the other."""
    return _shared(_triples(title(one)), _triples(title(other))) > _CONFIRMED


def without_site(text: str, sites: SiteNames, sections: frozenset[str] = frozenset()) -> str:
    """Return a page title without the site's name, and what stands behind the name or names one of the site's `sections` before it.

    `A – B` keeps both when neither is the name, and so does `Opinion | A`; `NYT: A` and `A - NYT - Politics` lose the name.
    """
    while len(text) <= _LONGEST_TITLE:
        prefix = _PREFIX.match(text)
        if prefix and sites.have(prefix[1]):
            return text[prefix.end() :]
        cuts = list(_SEPARATOR.finditer(text))
        starts = [0, *(cut.end() for cut in cuts)]
        ends = [*(cut.start() for cut in cuts), len(text)]
        parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        at = next((number for number, part in enumerate(parts) if sites.have(part)), None)
        if at is None and len(parts) > 1 and len(parts[-1]) <= _DESK_LETTERS and _OUTLET.search(parts[-1]):
            at = len(parts) - 1 if cuts[-1][0] in _UNSPACED_CUTS else None
        if at is None or not cuts:
            return text
        if at == 0 or (len(parts) > at + 1 and fold(text[: ends[at - 1]]) in sections):
            text = text[starts[at + 1] :]
            continue
        while at > 1 and (
            fold(parts[at - 1]) in sections or _desk(parts[at - 1], cuts[at - 2][0], cuts[at - 1][0])
        ):
            at -= 1
        return text[: ends[at - 1]]
    return text


def _desk(part: str, before: str, after: str) -> bool:
    """Return whether a part between two bars, the second one before the site's name, is the site's section: `A | Sport | The Mail`."""
    between = any(bar in before and bar in after for bar in _BARS)
    return between and len(part.split()) <= _DESK_WORDS and (part.isascii() or len(part) <= _DESK_LETTERS)


def _without_site(candidate: Candidate, sites: SiteNames, found: Extraction) -> Candidate:
    text = title(candidate.value)
    sections = frozenset(fold(section.value) for section in found.of("article_section"))
    bare = without_site(text, sites, sections)
    if bare == text:
        return candidate
    return Candidate(bare, candidate.origin, candidate.confidence, raw=candidate.value)


def _whole_first(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates; where the first one is cut off (`The wall of the …`), one that goes on where it ends is put before it."""
    first = next((each for each in candidates if not each.refused), None)
    if first is None or not (text := title(first.value)).endswith(_CUT_OFF):
        return candidates
    begun = text.rstrip("….").rstrip().casefold()
    goes_on = (
        each for each in candidates if not each.refused and _goes_on(title(each.value).casefold(), begun)
    )
    whole = next(goes_on, None)
    return candidates if whole is None else [whole, *(each for each in candidates if each is not whole)]


def _goes_on(text: str, begun: str) -> bool:
    """Return whether a text begins with what is left of another, and does not have the dots there too."""
    rest = text.removeprefix(begun)
    return (
        len(begun) > _SHORT
        and rest != text
        and any(map(str.isalnum, rest[:2]))
        and not text.endswith(_CUT_OFF)
    )


def _without_names_of_the_site(
    declared: list[Candidate], named: list[Candidate], tops: Sequence[TopHeading], sites: SiteNames
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates, those that only name the site refused: where another one does not, and no heading says the same.

    Where all do, they stay, with little confidence.
    """
    shown = {fold(form) for top in tops if not top.leads for form in top.forms}

    def is_site(candidate: Candidate) -> bool:
        text = title(candidate.value)
        return sites.have(text) and fold(text) not in shown

    if all(map(is_site, (*declared, *named))):
        return (
            [replace(each, confidence=_ONLY_SITE) for each in declared],
            [replace(each, confidence=_ONLY_SITE) for each in named],
        )
    return (
        [replace(each, refused=_IS_SITE) if is_site(each) else each for each in declared],
        [replace(each, refused=_IS_SITE) if is_site(each) else each for each in named],
    )


def _best(
    top: TopHeading, declared: Sequence[Candidate], named: Sequence[Candidate], sites: SiteNames
) -> str | None:
    """Return the form of a heading that metadata have too, else the first; None for the name of the site or of a desk, and for a logo."""
    texts = [title(candidate.value) for candidate in (*declared, *named) if not candidate.refused]
    said = {fold(text) for text in texts}
    for form in top.forms:
        if (folded := fold(form)) in said:
            # Their parts may have no space between them: as it is written elsewhere.
            alike = [each for each in top.forms if fold(each) == folded]
            spaced = (each for each in alike if each in texts and each.count(" :") <= form.count(" :"))
            return next(spaced, form)
    first = next((form for form in top.forms if len(fold(form)) >= _SHORT), None)
    if first is None or sites.have(first) or (top.leads and top.is_short_beside(said)):
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
