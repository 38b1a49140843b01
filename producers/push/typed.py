"""What an article as JSON must be, beyond what a record of a file must: each field of its type, and something to publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from producers.files.article import field_named, kind_of, written_as
from producers.files.found import Refusal
from schemas.raw.model import Raw

_NUMBERS: Final = ("guid", "published", "modified", "text_and_data_mining")
"""Ids and seconds since 1970 are often written as numbers; TDMRep has 0 and 1."""
_NAMED: Final = ("authors", "publisher", "section", "keywords", "source")
"""What may be an object with a `name`, as schema.org has it."""
_TEXTS: Final = ("text", "html", "body")
_LISTS: Final = ("authors", "keywords")

_DECISIVE: Final = ("status", "embargoed_until")
"""What says whether an article may be published: empty by a mistake, it must not be published by that."""


def refuse_other_types(record: Any) -> None:
    """Raise `Refusal` with the field that is of another type than `PushedArticle` says. What is no record at all is not looked at.

    Files of other people are read as they are, a number as its digits. A sender is there to be told, and what it means by a headline of 1
    is not ours to guess.
    """
    if not isinstance(record, Mapping) or (
        isinstance(record.get("source"), Mapping) and "media_type" in record
    ):
        return  # a whole raw event has a contract of its own
    for key, value in record.items():
        field = field_named(key)
        if field is None or value is None:
            continue
        if field in _LISTS and isinstance(value, list):
            for number, each in enumerate(value):
                if not _fits(field, each):
                    raise Refusal("schema", f"/{key}/{number}: must be {_what(field)}, is {kind_of(each)}")
        elif not _fits(field, value):
            more = " or an array of them" if field in _LISTS else ""
            raise Refusal("schema", f"/{key}: must be {_what(field)}{more}, is {kind_of(value)}")
        elif field in _DECISIVE and not value.strip():
            raise Refusal("schema", f"/{key}: is empty: leave it out, or say something")


def refuse_nothing(raw: Raw, record: Any) -> None:
    """Raise `Refusal` where there is nothing to publish: no text, and no article that is withdrawn."""
    if raw.body.strip():
        return
    if raw.rights.status != "canceled":
        given = next((field for field in _TEXTS if written_as(record, field) in record), "text")
        raise Refusal(
            "schema", f"/{given}: is missing or empty: give the article as `text`, `html` or `body`"
        )
    if not (raw.url or raw.guid):
        raise Refusal(
            "schema", "/url: is missing: a withdrawal names the article that it withdraws, by `url` or `guid`"
        )


def _fits(field: str, value: Any) -> bool:
    if isinstance(value, str):
        return True
    if isinstance(value, int) and not isinstance(value, bool):
        return field in _NUMBERS
    return field in _NAMED and isinstance(value, Mapping) and isinstance(value.get("name"), str)


def _what(field: str) -> str:
    if field in _NUMBERS:
        return "a string or a whole number"
    return "a string or an object with a `name`" if field in _NAMED else "a string"
