"""What a record says that was decided, in words for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from newswire.envelope import REPLAY_OF, RETRY_OF
from newswire.text.plural import plural

_LONGEST: Final = 200
Data = Mapping[str, Any]


def decision(event: str, data: Data | None, headers: Mapping[str, bytes]) -> str:
    """Return the decision that an event on its topic stands for. `data` is None for a tombstone, and may be anything at all."""
    gone = {"held": "released", "duplicate": "purged"}.get(event, "deleted")
    worded = _WORDS.get(event)
    words = gone if data is None else worded(data) if worded else f"made an event {event}"
    if REPLAY_OF in headers:
        words = f"{words}, after a replay ({headers[REPLAY_OF].decode(errors='replace')})"
    retry = headers.get(RETRY_OF)
    return words if retry is None else f"{words}, as a retry of {retry.decode(errors='replace')}"


def _get(data: object, *names: str) -> Any:
    """Return what stands under names within names; None where anything on the way is missing or of another kind."""
    for name in names:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _title(text: object) -> str:
    shown = str(text or "").strip()
    return f"“{shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + '…'}”"


def _raw(data: Data) -> str:
    inner = data if _get(data, "source", "name") else _get(data, "data")
    what = _get(inner, "url") or _get(inner, "path") or _get(inner, "guid")
    kind = _get(inner, "media_type")
    return f"captured {what or 'something'}" + (f" ({kind})" if kind else "")


def _normalized(data: Data) -> str:
    kind = "live blog" if data.get("kind") == "live_blog" else "article"
    return f"read as {kind} {_title(data.get('headline'))} in {data.get('language')}"


def _unique(data: Data) -> str:
    change = _get(data, "revision", "change")
    number = _get(data, "revision", "number")
    if change == "new":
        return "new: no copy of anything known" + _siblings(data) + _notices(data)
    if change == "withdrawn":
        return f"{_purged(data)}withdrawn, as revision {number}"
    fields = ", ".join(_get(data, "revision", "changed_fields") or ())
    relation = _get(data, "revision", "relation")
    return (
        f"revision {number}"
        + (f" ({relation})" if relation else "")
        + (f": changed {fields}" if fields else "")
        + _notices(data)
    )


def _purged(data: Data) -> str:
    purge = _get(data, "revision", "purge")
    return (
        f"purged at {_get(purge, 'at')} ({_get(purge, 'reason')}; purge {_get(purge, 'purge_id')}): "
        if purge
        else ""
    )


def _siblings(data: Data) -> str:
    related = [each.get("relation") for each in data.get("related") or () if isinstance(each, dict)]
    same, others = related.count("same-template"), related.count("translation-suspected")
    words = f"; same template as {same} {plural('other', same)}" if same else ""
    return words + (f"; names {others} {plural('version', others)} in other languages" if others else "")


def _notices(data: Data) -> str:
    """Return what it says of other articles of its publisher, and what another one says of it."""
    words = {"notice_of": "says of {} that it is {}", "noticed_by": "of which {} says that it is {}"}
    found = [(each, said) for name, said in words.items() for each in data.get(name) or ()]
    return "".join("; " + said.format(_get(each, "article_id"), _get(each, "says")) for each, said in found)


_ITSELF: Final = {
    "older-version": "an older version than",
    "says-less": "the same text again, with less beside it than",
}


def _duplicate(data: Data) -> str:
    original = data.get("original")
    if _get(original, "article_id") == data.get("article_id"):
        rule = _get(data, "evidence", "rule")
        what = _ITSELF.get(rule, "the same content again as")
        return f"{what} revision {_get(original, 'revision')} ({rule})"
    score = _get(data, "evidence", "score")
    where = _get(original, "url") or _get(original, "article_id")
    return (
        f"duplicate ({data.get('verdict')}, {score if isinstance(score, int | float) else 0:.2f}, {_get(data, 'evidence', 'rule')}) of "
        f"{_title(_get(original, 'headline'))}, {_get(original, 'source', 'name')}, {where}"
    )


def _article(data: Data) -> str:
    number = _get(data, "revision", "number")
    if _get(data, "revision", "change") == "withdrawn":
        return f"{_purged(data)}withdrawal published as revision {number}"
    return f"published as revision {number}: {data.get('word_count')} words"


def _story(data: Data) -> str:
    members = [m for m in data.get("members") or () if isinstance(m, Mapping)]
    mine = next((m for m in members if m.get("article_id") == data.get("article_id")), {})
    story = f"story {_title(data.get('headline'))}"
    articles = f"{len(members)} {plural('article', len(members))}"
    match data.get("change"):
        case "created":
            return f"began {story}"
        case "grown":
            score = mine.get("score")
            near = f" ({score:.2f})" if isinstance(score, int | float) else ""
            return f"joined {story}{near}, now of {articles}"
        case "updated" if change := data.get("carriers_change"):
            return f"copy counted in {story}: {change} outlets carry it than before, {data.get('outlet_count')} have it"
        case "updated":
            return f"updated in {story}, of {articles}"
        case "shrunk":
            return f"left {story}, now of {articles}"
        case "closed" if data.get("closed_because") == "window":
            return f"{story} is closed: nothing came in its window"
        case change:
            return f"{story}: {change}"


def _held(data: Data) -> str:
    until = data.get("until") or "its publisher lets it go"
    return f"held until {until} ({data.get('why')})"


def _rejected(data: Data) -> str:
    verb = "dropped" if data.get("verdict") == "drop" else "rejected"
    at = f" at {data['path']}" if data.get("path") else ""
    return f"{verb}: {data.get('reason')}{at}: {data.get('detail')}"


_WORDS: Final[Mapping[str, Callable[[Data], str]]] = {
    "raw": _raw,
    "normalized": _normalized,
    "unique": _unique,
    "duplicate": _duplicate,
    "article": _article,
    "story": _story,
    "held": _held,
    "rejected": _rejected,
}
