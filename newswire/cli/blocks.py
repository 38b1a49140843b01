"""A record as a small block of lines for a person: when, who, what, and what was decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from newswire.cli.safe import safe
from newswire.envelope import decode
from newswire.errors import Reject
from newswire.log.contract import Record
from newswire.text.plural import plural

Data = Mapping[str, Any]
_WIDE: Final = 400


def block(record: Record) -> Group:
    """Return the lines of one record; what is not one of our events is shown as it is."""
    try:
        # Validated first: the raw topic takes whatever is published.
        event = decode(record)
    except (Reject, KeyError):
        shown = (
            "(tombstone: nothing is left under this key)"
            if record.value is None
            else record.value.decode(errors="replace")
        )
        return _lines(record, safe((record.key or b"").decode(errors="replace")), [safe(shown, _WIDE)])
    title, facts = _BODIES[event.name](event.data)
    return _lines(record, title, facts, _when(event.data))


def _lines(record: Record, title: str, facts: Iterable[str], when: str | None = None) -> Group:
    written = datetime.fromtimestamp(record.timestamp_ms / 1000, tz=UTC)
    title_line = Text.assemble((when or f"{written:%Y-%m-%d %H:%M:%S}", "cyan"), "  ", (title, "bold"))
    below = [Text(fact) for fact in facts if fact]
    below.append(Text(f"{record.topic}/{record.partition}/{record.offset}", style="dim"))
    return Group(title_line, *(Padding(line, (0, 0, 0, 4)) for line in below), "")


def _when(data: Data) -> str | None:
    published = data.get("published_at") or data.get("last_published_at")
    if not isinstance(published, str):
        return None
    return published[:10] if data.get("published_precision") == "day" else published[:16].replace("T", " ")


def _source(data: Data) -> str:
    source = data.get("source", {})
    return safe(source.get("publisher") or source.get("name", ""))


def _count(number: int, of: str) -> str:
    return f"{number} {plural(of, number)}"


def _raw(data: Data) -> tuple[str, list[str]]:
    what = data.get("path") or data.get("url") or data.get("guid") or ""
    body = data.get("body", "") if data.get("body_encoding") != "base64" else "(bytes)"
    return safe(what), [
        f"{_source(data)}, {data['media_type']}, captured {data['captured_at']}",
        safe(body, 160),
    ]


def _normalized(data: Data) -> tuple[str, list[str]]:
    kind = "live blog" if data["kind"] == "live_blog" else "article"
    facts = [f"{_source(data)}, {kind} in {data['language']}, {_count(len(data['sections']), 'section')}"]
    if data["rights"]["status"] != "usable":
        facts.append(f"status: {data['rights']['status']}")
    if until := data["rights"].get("embargoed_until"):
        facts.append(f"embargoed until {until}")
    return safe(data["headline"]), facts


def _unique(data: Data) -> tuple[str, list[str]]:
    title, facts = _normalized(data)
    revision = data["revision"]
    changed = ", ".join(revision.get("changed_fields", ()))
    facts.append(
        f"revision {revision['number']}: {revision['change']}"
        + (f" ({revision['relation']})" if "relation" in revision else "")
        + (f", changed: {changed}" if changed else "")
    )
    return title, facts


def _article(data: Data) -> tuple[str, list[str]]:
    title, facts = _unique(data)
    facts.append(f"{data['word_count']} words, {round(data['reading_time_seconds'] / 60) or 1} min to read")
    for kind, several in (("person", "people"), ("organisation", "organisations"), ("place", "places")):
        names = [safe(entity["name"]) for entity in data.get("entities", ()) if entity["type"] == kind]
        if names:
            facts.append(f"{several}: {safe(', '.join(names), 120)}")
    facts += [
        safe(f"{quote['speaker']}: “{quote['text']}”" if "speaker" in quote else f"“{quote['text']}”", 120)
        for quote in data.get("quotes", ())[:3]
    ]
    return title, facts


def _duplicate(data: Data) -> tuple[str, list[str]]:
    original, evidence = data["original"], data["evidence"]
    return safe(data["headline"]), [
        f"{_source(data)}: {verdict(data)} “{safe(original['headline'], 80)}” ({_source(original)})",
        f"because: {_evidence(evidence)}",
    ]


def verdict(data: Data) -> str:
    """Return the words that go before the headline of what a duplicate is one of."""
    older = data["evidence"]["rule"] == "older-version"
    return "an older version of" if older else VERDICTS[data["verdict"]]


def _evidence(evidence: Data) -> str:
    if evidence["score"] == 1 and evidence["threshold"] == 1:
        return safe(evidence["rule"])
    return f"{safe(evidence['rule'])}, {evidence['score']:.0%} in common (from {evidence['threshold']:.0%} on it is a copy)"


VERDICTS: Final = {
    "exact": "the same content again:",
    "near": "the same text with small changes:",
    "excerpt": "a part of",
    "extends": "contains the whole of",
}
"""A duplicate's verdict -> the words that go before the original's headline."""


def _story(data: Data) -> tuple[str, list[str]]:
    members = data["members"]
    why = f" ({data['closed_because']})" if data.get("closed_because") else ""
    outlets = f" in {_count(had, 'outlet')}" if (had := data.get("outlet_count")) else ""
    size = f"{_count(len(members), 'article')} of {_count(data['source_count'], 'source')}{outlets}"
    facts = [f"story {data['change']}{why}, version {data['version']}: {size}"]
    if change := data.get("carriers_change"):
        facts.append(f"{change} outlets carry it unchanged than before")
    facts += [f"- {safe(member['headline'], 90)} ({safe(member['source'])})" for member in members[:8]]
    if len(members) > 8:
        facts.append(f"- and {len(members) - 8} more")
    return safe(data["headline"]), facts


def _held(data: Data) -> tuple[str, list[str]]:
    until = data.get("until") or "its publisher lets it go"
    return f"held until {until}", [f"{_source(data)}: {data['why']}, article {data['article_id']}"]


def _rejected(data: Data) -> tuple[str, list[str]]:
    place = f" at {data['path']}" if data.get("path") else ""
    return f"{data['verdict']}: {data['reason']}", [
        f"by {safe(data['stage'])}, source {safe(data.get('source') or 'unknown')}{place}",
        safe(data["detail"], _WIDE),
    ]


def _tick(data: Data) -> tuple[str, list[str]]:
    return f"tick: it is {data['at']}", []


def _purge(data: Data) -> tuple[str, list[str]]:
    verb = "allowed again" if data["lift"] else "purged"
    return f"{verb}: {data['kind']} {safe(data['name'])}", [
        f"purge {data['purge_id']}, asked for by {safe(data['requested_by'])} at {data['at']}",
        safe(data["reason"], _WIDE),
    ]


def _carried(data: Data) -> tuple[str, list[str]]:
    carrier = data.get("carrier")
    copy = f"the copy {data['article_id']}"
    if carrier is None:
        return f"no longer carried: {data['original_id']}", [copy]
    return f"carried: {data['original_id']}", [f"by {_source(carrier)}, {carrier['verdict']}, {copy}"]


_BODIES: Final = {
    "raw": _raw,
    "normalized": _normalized,
    "unique": _unique,
    "article": _article,
    "duplicate": _duplicate,
    "story": _story,
    "held": _held,
    "rejected": _rejected,
    "tick": _tick,
    "purge": _purge,
    "carried": _carried,
}
