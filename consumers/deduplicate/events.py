"""The events that the stage writes."""

from __future__ import annotations

from datetime import datetime

from consumers.deduplicate import fields
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.near import Match
from consumers.deduplicate.record import Known
from consumers.deduplicate.translations import versions_named
from consumers.normalize.declared_language import primary
from newswire.event import Emit
from schemas.core.contract import utc_from_ms
from schemas.core.notice import Notice
from schemas.core.source import Source
from schemas.duplicate.model import Duplicate, Evidence, Original, Passage
from schemas.held.model import Held
from schemas.normalized.model import Normalized
from schemas.unique.model import Related, Revision, Unique


def unique(
    arrival: Arrival,
    revision: Revision,
    first_seen_ms: int,
    related: tuple[Match, ...] = (),
    *,
    notice_of: tuple[Notice, ...] = (),
    noticed_by: tuple[Notice, ...] = (),
) -> Emit:
    """Return the event of a published capture."""
    article = arrival.article
    event = Unique.model_validate(
        {name: getattr(article, name) for name in Normalized.model_fields}
        | {
            "lineage": article.lineage.then(arrival.activity),
            "revision": revision,
            "first_seen_at": utc_from_ms(first_seen_ms),
            "related": (
                *(
                    Related(
                        article_id=m.original.article_id, relation="same-template", score=_rounded(m.score)
                    )
                    for m in related
                ),
                *versions_named(article),
            ),
            "notice_of": notice_of or None,
            "noticed_by": noticed_by or None,
        }
    )
    return Emit("unique", arrival.id, event, primary(article.language))


def duplicate_of_itself(arrival: Arrival, known: Known, source: Source, topic: str, rule: str) -> Emit:
    """Return the event of a capture that shows what another one of the same article showed, or an older version of it."""
    article = arrival.article
    original = Original(
        article_id=known.article_id,
        revision=max(known.revision, 1),
        headline=known.headline or article.headline,
        source=source,
        url=article.url,
        raw=known.raw(topic),
    )
    return _duplicate(arrival, "exact", original, Evidence(rule=rule, score=1.0, threshold=1.0))


def exact_copy(
    arrival: Arrival, known: Known, source: Source, topic: str, *, noticed_by: tuple[Notice, ...] = ()
) -> Emit:
    """Return the event of an article whose content another article has."""
    return _duplicate(
        arrival,
        "exact",
        _original(known, source, topic, noticed_by),
        Evidence(rule="content-hash", score=1.0, threshold=1.0),
        precedes=_precedes(arrival.article, known),
    )


def near_copy(
    arrival: Arrival,
    match: Match,
    source: Source,
    topic: str,
    passages: tuple[Passage, ...],
    *,
    merges: tuple[Match, ...],
    noticed_by: tuple[Notice, ...] = (),
) -> Emit:
    """Return the event of an article that shares most of its text, or of the other's, with another one."""
    inside = match.overlap.of_arrived >= match.overlap.of_stored
    evidence = Evidence(
        rule="containment",
        score=_rounded(match.score),
        threshold=match.threshold,
        shingles_shared=match.overlap.shared,
        shingles_compared=match.overlap.arrived if inside else match.overlap.stored,
        passages=passages,
    )
    merged = tuple(each.original.article_id for each in merges)
    original = _original(match.original, source, topic, noticed_by)
    precedes = _precedes(arrival.article, match.original)
    return _duplicate(arrival, match.verdict, original, evidence, merged, precedes=precedes)


def held(arrival: Arrival, until: datetime | None) -> Emit:
    """Return the event of a capture that waits; without a time, for its publisher."""
    article = arrival.article
    return Emit(
        "held",
        arrival.id,
        Held(
            article_id=arrival.id,
            source=article.source,
            why="withheld" if until is None else "embargo",
            until=until,
            lineage=article.lineage.then(arrival.activity),
        ),
        article.language,
    )


def no_longer_held(article_id: str, language: str) -> Emit:
    """Return the tombstone of a held event."""
    return Emit("held", article_id, None, language)


def _original(known: Known, source: Source, topic: str, noticed_by: tuple[Notice, ...]) -> Original:
    return Original(
        article_id=known.article_id,
        revision=known.revision,
        headline=known.headline,
        source=source,
        raw=known.raw(topic),
        published_at=None if known.published_ms is None else utc_from_ms(known.published_ms),
        noticed_by=noticed_by or None,
    )


def _duplicate(
    arrival: Arrival,
    verdict: str,
    original: Original,
    evidence: Evidence,
    merges: tuple[str, ...] = (),
    *,
    precedes: bool = False,
) -> Emit:
    article = arrival.article
    event = Duplicate.model_validate(
        {
            "article_id": arrival.id,
            "source": article.source,
            "headline": article.headline,
            "url": article.url,
            "verdict": verdict,
            "original": original,
            "evidence": evidence,
            "published_at": article.published_at,
            "published_precision": article.published_precision,
            "agency": article.agency,
            "precedes_original": precedes or None,
            "merges": merges or None,
            "captured_as": arrival.captured_as,
            "captured_at": article.captured_at,
            "lineage": article.lineage.then(arrival.activity),
        }
    )
    return Emit("duplicate", arrival.id, event, primary(article.language))


def _precedes(article: Normalized, original: Known) -> bool:
    """Return whether a copy says that it was published before its original, and both say when to the minute."""
    if article.published_precision not in {"minute", "second"} or fields.is_dated_by_day(original.fields):
        return False
    mine, its = article.published_at, original.published_ms
    return mine is not None and its is not None and mine < utc_from_ms(its)


def _rounded(score: float) -> float:
    return round(score, 4)
