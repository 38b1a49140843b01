"""What a person asks to have purged, as the record that says so."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime
from typing import Final

from newswire.errors import UsageError
from newswire.text.canonicalize import canonicalize
from schemas.core.contract import ARTICLE_ID_PATTERN, utc_from_ms
from schemas.ids import article_id
from schemas.purge.model import Purge, folded

_WORDS: Final = re.compile(r"\w")
_LONGEST_NAME: Final = 200


def asked(
    *,
    publisher: str | None = None,
    url: str | None = None,
    article: str | None = None,
    reason: str,
    requested_by: str,
    refuse_later: bool = True,
    lift: bool = False,
    now: datetime | None = None,
) -> Purge:
    """Return the purge that is asked for; UsageError says what is wrong with it. Exactly one of the three is named."""
    given = {"publisher": publisher, "url": url, "article": article}
    named = [(kind, name) for kind, name in given.items() if name is not None]
    if len(named) != 1:
        raise UsageError("name what goes by exactly one of --publisher NAME, --url URL and --id ARTICLE_ID")
    kind, name = named[0][0], named[0][1].strip()
    if not name:
        raise UsageError("what goes has an empty name: nothing was purged")
    ids: tuple[str, ...] = ()
    if kind == "publisher":
        _check_publisher(name)
    elif kind == "url":
        name = canonical(name)
        ids = (article_id(url=name),)
    else:
        name = _article(name)
        ids = (name,)
    if not reason.strip() or len(reason) > 500:
        raise UsageError(
            "say why it goes with --reason, in at most 500 characters: it is on record from then on"
        )
    if not requested_by.strip() or len(requested_by) > _LONGEST_NAME:
        raise UsageError("say who asks for it with --by, in at most 200 characters")
    milliseconds = int((now or datetime.now(UTC)).timestamp() * 1000)
    return Purge.model_validate(
        {
            "purge_id": secrets.token_hex(6),
            "at": utc_from_ms(milliseconds),
            "kind": kind,
            "name": name,
            "article_ids": ids,
            "refuse_later": refuse_later and not lift,
            "lift": lift,
            "reason": reason.strip(),
            "requested_by": requested_by.strip(),
        }
    )


def canonical(url: str) -> str:
    """Return the canonical form of an address; UsageError when it is none of an article."""
    try:
        found: str = canonicalize(url)
    except ValueError as error:
        raise UsageError(f"{url[:80]!r} is no article's address: {error}") from None
    return found


def _check_publisher(name: str) -> None:
    if len(name) > _LONGEST_NAME or not folded(name):
        raise UsageError(f"a publisher's name has 1 to {_LONGEST_NAME} characters")
    if not _WORDS.search(name):
        raise UsageError(
            f"{name!r} is no publisher's name: names are taken as they are written, and nothing stands for several"
        )


def _article(name: str) -> str:
    try:
        found = str(uuid.UUID(name))
    except ValueError:
        found = ""
    if not re.fullmatch(ARTICLE_ID_PATTERN, found):
        raise UsageError(
            f"{name[:80]!r} is no article id (a UUID of version 5): `newswire trace URL` tells an article's"
        )
    return found
