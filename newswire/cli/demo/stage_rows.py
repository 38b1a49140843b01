"""What each stage read, and what it made of it, in a line each."""

from __future__ import annotations

from collections import Counter

from newswire.cli.demo.outcome import Data, Item, stories


def stage_rows(items: list[Item]) -> list[tuple[str, str, str]]:
    """Return for each part of the pipeline its name, what it read and what it made of it."""
    captured = len(_all(items, "raw"))
    articles = _all(items, "article")
    refused = Counter(str(letter["stage"]) for letter in _all(items, "rejected"))
    kinds = Counter(str(event["kind"]) for event in _all(items, "normalized"))
    changes = Counter(str(event["revision"]["change"]) for event in _all(items, "unique"))
    names = Counter(str(entity["type"]) for event in articles for entity in event.get("entities", ()))
    quotes = sum(len(event.get("quotes", ())) for event in articles)
    found = list(stories(items))
    joined = sum(len(story["members"]) > 1 for story in found)
    copies, held = len(_all(items, "duplicate")), sum(item.fate == "held" for item in items)
    made = {
        "files": f"{captured} captured unchanged, {len(items) - captured} unreadable",
        "normalize": f"{kinds['article']} clean articles, {kinds['live_blog']} states of live blogs; {refused['normalize']} refused",
        "deduplicate": (
            f"{changes['new']} new, {changes['revised']} revised, {changes['withdrawn']} withdrawn; "
            f"{copies} copies set aside, {held} held"
        ),
        "enrich": (
            f"named in them: {names['person']} people, {names['organisation']} organisations, "
            f"{names['place']} places; {quotes} quotes"
        ),
        "cluster": f"{len(found)} stories, {joined} of them with more than one article",
    }
    read = {
        "files": f"{len(items)} records in files",
        "normalize": f"{captured} raw records",
        "deduplicate": f"{kinds.total()} articles",
        "enrich": f"{changes.total()} unique articles",
        "cluster": f"{len(articles)} enriched articles",
    }
    return [(part, read[part], made[part]) for part in made]


def _all(items: list[Item], event: str) -> list[Data]:
    return [data for item in items for data in item.events.get(event, ())]
