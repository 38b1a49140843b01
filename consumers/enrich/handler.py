"""The enrich stage: what can be read out of one article's text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.article.model import Article, DateExpression
from schemas.carried.model import Carried
from schemas.core.location import Location
from schemas.unique.model import Unique

_DETECTED_PASSAGES: Final = 30
_DETECTED_CHARACTERS: Final = 1_500
"""The detector reads so much from the beginning: more does not change its answer, only the time it takes."""


class Enrich:
    """Adds language, measures, dates, quotes, entities, countries and keywords to a unique article.

    It keeps no state. Withdrawn articles pass through: they are measured, and nothing is extracted from them. So does what deduplicate says
    of copies (`carried`), behind the article that it speaks of.
    """

    name = "enrich"
    rule_version = "1"

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the article event of a unique event, in the partition of its primary language (`en` for `en-GB`)."""
        del state
        if event.name == "carried":
            return (self._passed(Carried.from_data(event.data), event),)
        unique = Unique.from_data(event.data)
        article = Article.from_data(
            {
                **dict(unique),
                **enrichment(unique),
                "lineage": unique.lineage.then(event.used_by(self.name, self.rule_version)),
            }
        )
        return (Emit("article", unique.article_id, article, unique.language.split("-")[0]),)

    def _passed(self, carried: Carried, event: Event) -> Emit:
        """Return what is said of a copy, on its way to where the article of its key goes."""
        lineage = carried.lineage.then(event.used_by(self.name, self.rule_version))
        return Emit("carried", carried.original_id, carried.model_copy(update={"lineage": lineage}))


def enrichment(unique: Unique) -> dict[str, Any]:
    """Return the fields that the article event has on top of the unique event's."""
    # The rules load at the first article, not with the command line.
    from consumers.enrich.measures import measures
    from consumers.enrich.passages import passages, searched

    everything = passages(unique)
    words, seconds = measures(passage.text for passage in everything)
    measured = {"word_count": words, "reading_time_seconds": seconds}
    if unique.revision.change == "withdrawn":
        return measured
    from consumers.enrich.countries import find_countries
    from consumers.enrich.dates import find_dates
    from consumers.enrich.document import document
    from consumers.enrich.entities import find_entities
    from consumers.enrich.keywords import find_keywords
    from consumers.enrich.quotes import find_quotes
    from consumers.language import detect

    read = searched(everything)
    detected, confidence = detect(
        "\n".join(passage.text for passage in read[:_DETECTED_PASSAGES])[:_DETECTED_CHARACTERS]
    )
    language = _language(unique.language, detected, confidence)
    doc = document(read, language)
    entities = find_entities(doc)
    published: date | None = unique.published_at.date() if unique.published_at else None
    dates = tuple(
        DateExpression(
            text=passage.text[found.start : found.end],
            location=Location(path=passage.path, start=found.start, end=found.end),
            start=found.span.first,
            end=found.span.last,
            grain=found.span.grain,
            confidence=found.span.confidence,
        )
        for passage in read
        for found in find_dates(passage.text, published, language)
    )
    return {
        **measured,
        "detected_language": detected,
        "detected_language_confidence": confidence if detected else None,
        "dates": dates,
        "quotes": find_quotes(doc, entities.names),
        "entities": entities.all,
        "countries": find_countries(doc),
        "extracted_keywords": find_keywords(doc, entities.all),
    }


def _language(declared: str, detected: str | None, confidence: float) -> str:
    """Return the language whose rules are used: the declared one, unless the detector is sure of another (pages lie about it)."""
    declared = declared.split("-", 1)[0].lower()
    if detected is not None and (declared == "und" or confidence >= 0.95):
        return detected
    return declared
