"""What a request holds, as captures: JSON (one article or many), an HTML page, plain text, or an agency's items."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import can_ada

from newswire.capture import Captured, Unreadable, capture_key
from newswire.text.logins import without_logins
from newswire.wires import MEDIA_TYPES
from producers.files.article import raw_of, written_as
from producers.files.body import body_fields, refuse_binary
from producers.files.found import Refusal
from producers.files.records import parse
from producers.push.limits import Limits
from producers.push.model import Fault
from producers.push.problems import Problem
from producers.push.senders import Sender
from producers.push.typed import refuse_nothing, refuse_other_types
from producers.reading.content_type import read_content_type
from producers.wires.capture import captures_of
from schemas.raw.model import Raw

KIND: Final = "push"
JSON: Final = "application/json"
PAGES: Final = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
WIRES: Final = (*MEDIA_TYPES.values(), "application/xml", "text/xml")
"""Media types of agencies' items: which format it is, is told by what is in it."""
PARAMETERS: Final = ("url", "guid", "headline", "published", "language", "embargoed_until")
"""What the address may say about an article that is not JSON."""
_PLACE: Final = re.compile(r"at line (\d+) column (\d+)")
_MOST_FAULTS: Final = 20
_NAME_HASH_CHARACTERS: Final = 32


def refuse_other_media(header: str, parameters: Sequence[tuple[str, str]]) -> None:
    """Raise `Problem` where that type of content, or these parameters of the address, are not taken: before anything is read."""
    kind, charset = read_content_type(header)
    taken_are = (JSON, *PAGES, *WIRES)
    if kind not in taken_are:
        taken = ", ".join(taken_are)
        raise Problem(
            "unsupported-media-type",
            f"Content-Type {(kind or header)[:60]!r} is not taken; taken are {taken}",
            faults=[Fault(header="Content-Type", detail=f"must be one of {taken}")],
            headers={"accept-post": taken},
        )
    if kind == JSON and charset not in (None, "utf-8", "utf8"):
        raise Problem(
            "unsupported-media-type",
            "JSON is UTF-8 (RFC 8259, 8.1): send it as that",
            faults=[Fault(header="Content-Type", detail="charset must be utf-8, or be left out")],
        )
    allowed = PARAMETERS if kind in PAGES else ()
    rule = f"there are {', '.join(PARAMETERS)}" if allowed else f"{kind} says everything in the body"
    times = Counter(name for name, _ in parameters)
    faults = [Fault(parameter=name[:100], detail=rule) for name in times if name not in allowed]
    # Empty or there twice by a mistake: an embargo must not be lost by it.
    faults += [
        Fault(parameter=name, detail="is empty: leave it out, or say something")
        for name, value in dict(parameters).items()
        if name in allowed and not value.strip()
    ]
    faults += [
        Fault(parameter=name, detail=f"is there {count} times: leave the others out")
        for name, count in times.items()
        if name in allowed and count > 1
    ]
    if faults:
        raise Problem(
            "bad-request",
            f"the address has parameters that are not known, empty or repeated: {rule}",
            faults=faults[:_MOST_FAULTS],
        )


def articles_of(
    data: bytes,
    header: str,
    parameters: Mapping[str, str],
    *,
    sender: Sender,
    captured_at: datetime,
    limits: Limits,
) -> list[Captured]:
    """Return all articles of a request with that `Content-Type`. Raises `Problem`, which names every one that cannot be taken."""
    kind, charset = read_content_type(header)
    if kind == JSON:
        return _of_json(data, sender, captured_at, limits)
    if kind in WIRES:
        return _of_wire(data, sender, captured_at, limits)
    try:
        page = _page(data, parameters, sender, captured_at)
        return [_captured(page.model_copy(update={"media_type": PAGES[kind], "charset": charset}), sender)]
    except Refusal as refusal:
        raise _problem([_of_parameter(_fault(refusal, ""), parameters)]) from None


def _of_json(data: bytes, sender: Sender, captured_at: datetime, limits: Limits) -> list[Captured]:
    whole = parse(data)
    if isinstance(whole, Refusal):
        raise Problem("invalid-json", whole.detail, faults=[_of_place(whole)])
    many = isinstance(whole, list)
    records: list[Any] = whole if many else [whole]
    if not records:
        raise _problem([Fault(pointer="", detail="there is no article in it")])
    if len(records) > limits.articles:
        raise _too_many(limits)
    found, faults = [], []
    for number, record in enumerate(records):
        try:
            refuse_other_types(record)
            raw = _raw(record, sender, captured_at)
            refuse_nothing(raw, record)
            found.append(_captured(raw, sender))
        except Refusal as refusal:
            faults.append(_fault(refusal, f"/{number}" if many else "", record))
    if faults:
        raise _problem(faults)
    return found


def _of_wire(data: bytes, sender: Sender, captured_at: datetime, limits: Limits) -> list[Captured]:
    """Return an agency's items: what they are is read by the pipeline, from the bytes as they came."""
    found, faults = [], []
    made = captures_of(
        data, source=_default_source(sender), language=None, captured_at=captured_at, path=KIND
    )
    for number, each in enumerate(made):
        if number >= limits.articles:
            raise _too_many(limits)
        try:
            if isinstance(each, Unreadable):
                faults.append(Fault(detail=f"item {number + 1}: {each.detail}"))
            else:
                found.append(Captured(_permitted(each.raw, sender), each.key))
        except Refusal as refusal:
            faults.append(Fault(detail=f"item {number + 1}: {refusal.detail}"))
    if faults:
        raise _problem(faults)
    return found


def _raw(record: Any, sender: Sender, captured_at: datetime) -> Raw:
    return raw_of(
        record,
        source=_default_source(sender),
        language=None,
        captured_at=captured_at,
        path=None,
        kind=KIND,
    )


def _page(data: bytes, parameters: Mapping[str, str], sender: Sender, captured_at: datetime) -> Raw:
    if not data.strip():
        raise Refusal("empty", "the body is empty")
    refuse_binary(data)
    # Read as a record's fields are, so that the same rules hold: an embargo is never guessed.
    head = _raw({**parameters, "text": "-"}, sender, captured_at)
    return head.model_copy(update=body_fields(data))


def _captured(raw: Raw, sender: Sender) -> Captured:
    identity = raw.url or raw.guid
    path = None if identity else hashlib.sha256(raw.body.encode()).hexdigest()[:_NAME_HASH_CHARACTERS]
    key = capture_key(raw.source.name, url=raw.url, guid=raw.guid, path=path)
    return Captured(_permitted(raw, sender), key)


def _default_source(sender: Sender) -> str:
    return sender.sources[0] if sender.sources else sender.name


def _permitted(raw: Raw, sender: Sender) -> Raw:
    """Return it, where the sender may publish it; raise `Refusal` otherwise."""
    name = raw.source.name
    if sender.sources and name not in sender.sources:
        raise Refusal(
            "schema",
            f"/source: {name[:60]!r} is not yours to publish as; yours are {', '.join(sender.sources)}",
        )
    if raw.url is not None and not _is_link(raw.url):
        raise Refusal(
            "schema", f"/url: must be an address of http or https, is {without_logins(raw.url)[:60]!r}"
        )
    if raw.url is not None and without_logins(raw.url) != raw.url:
        raise Refusal(
            "schema", "/url: carries a user name or a password, which are not for publication: leave them out"
        )
    if sender.hosts and raw.url is not None and not _within(raw.url, sender.hosts):
        raise Refusal("schema", f"/url: must be http or https at {' or '.join(sender.hosts)}, or below")
    return raw


def _is_link(url: str) -> bool:
    try:
        return can_ada.parse(url).protocol in ("http:", "https:")
    except (ValueError, TypeError):  # TypeError: a lone surrogate
        return False


def _within(url: str, hosts: tuple[str, ...]) -> bool:
    try:
        found = can_ada.parse(url)
    except (ValueError, TypeError):
        return False
    host = found.hostname.lower().rstrip(".")
    return found.protocol in ("http:", "https:") and any(
        host == each or host.endswith(f".{each}") for each in hosts
    )


def _fault(refusal: Refusal, place: str, record: Any = None) -> Fault:
    """Return what is wrong with an article, at the key under which the sender wrote it."""
    where, parted, what = refusal.detail.partition(": ")
    if not parted or not where.startswith("/"):
        return Fault(pointer=place, detail=refusal.detail)
    field, *below = where.removeprefix("/").split("/")
    if isinstance(record, Mapping):
        field = field if field in record else written_as(record, field)
    return Fault(pointer="/".join([place, field.replace("~", "~0").replace("/", "~1"), *below]), detail=what)


def _of_parameter(fault: Fault, parameters: Mapping[str, str]) -> Fault:
    name = (fault.pointer or "").removeprefix("/")
    return Fault(parameter=name if name in parameters else None, detail=fault.detail)


def _of_place(refusal: Refusal) -> Fault:
    place = _PLACE.search(refusal.detail)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    return Fault(detail=refusal.detail, line=line, column=column)


def _too_many(limits: Limits) -> Problem:
    return Problem(
        "too-large",
        f"more than {limits.articles} articles in one request, the most there may be: send them in several",
        faults=[
            Fault(detail=f"{limits.articles} articles in one request are the most", limit=limits.articles)
        ],
    )


def _problem(faults: list[Fault]) -> Problem:
    more = len(faults) - _MOST_FAULTS
    return Problem(
        "invalid-article",
        f"{len(faults)} of the articles cannot be taken, so none was: mend what `errors` says and send all of them again"
        + (f" ({more} more are not listed)" if more > 0 else ""),
        faults=faults[:_MOST_FAULTS],
    )
