"""Who may push, read from a TOML file: tokens as checksums, webhook secrets by themselves or in files of their own.

[senders.coastal-herald]
tokens = ["sha256:…"]                 # of bearer tokens; `newswire produce push-token NAME` makes one
webhook_secret_files = ["herald.key"] # or webhook_secrets = ["whsec_…"]; several while one takes another's place
sources = ["coastal-herald"]          # names that it may publish under; by default its own
hosts = ["herald.example"]            # where its articles' addresses may point, with all below it; by default anywhere
rate = 50                             # requests a second
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from newswire.errors import UsageError
from producers.push.webhooks import matches, secret_key, signatures_in

_LONGEST_FILE: Final = 1024 * 1024
_BEGIN: Final = "each sender is written as a table that begins with [senders.NAME]"
_CHECKSUM: Final = r"^sha256:[0-9a-f]{64}$"
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
"""What a sender may be called: a bare key of TOML, so without a full stop."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens: tuple[Annotated[str, Field(pattern=_CHECKSUM)], ...] = ()
    webhook_secrets: tuple[SecretStr, ...] = ()
    webhook_secret_files: tuple[Path, ...] = ()
    sources: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = ()
    rate: Annotated[float, Field(gt=0)] = 50.0


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    senders: dict[Annotated[str, Field(pattern=rf"^{NAME.pattern}$")], _Entry]


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who may push."""

    name: str
    sources: tuple[str, ...]
    """Names that it may publish under; the first is for articles that name none. Empty: any, the sender's own by default."""
    hosts: tuple[str, ...] = ()
    """Where its articles' addresses may point; empty: anywhere."""
    rate: float = 50.0
    """Requests a second."""


class Senders:
    """All who may push, found by what they show of themselves."""

    def __init__(self, known: Sequence[tuple[Sender, Sequence[bytes], Sequence[bytes]]]) -> None:
        self._tokens = [(checksum, sender) for sender, checksums, _ in known for checksum in checksums]
        self._keys = [(key, sender) for sender, _, keys in known for key in keys]

    def by_token(self, token: str) -> Sender | None:
        """Return whose bearer token that is. All are compared, each in constant time."""
        given = hashlib.sha256(token.encode()).digest()
        found = [sender for checksum, sender in self._tokens if hmac.compare_digest(checksum, given)]
        return found[0] if found else None

    def by_signature(self, header: str, message_id: str, timestamp: str, body: bytes) -> Sender | None:
        """Return whose secret a message was signed with. All are tried."""
        given = signatures_in(header)
        found = [sender for key, sender in self._keys if matches(key, given, message_id, timestamp, body)]
        return found[0] if found else None


def new_token() -> tuple[str, str]:
    """Return a bearer token of 256 random bits, and its checksum as it stands in the file.

    A plain SHA-256 is enough for that: nobody can go through 2^256 tokens. It would not be for a password that somebody thought up.
    """
    token = secrets.token_urlsafe(32)
    return token, f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def read_senders(path: Path) -> Senders:
    """Return the senders in a file. Raises UsageError, with no secret in its text."""
    try:
        found = _File.model_validate(tomllib.loads(_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from None
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {_advice(each)}"
            for each in error.errors(include_input=False, include_url=False)
        )
        raise UsageError(f"{path} is not right: {wrong}") from None
    known = list(_known(path, found))
    _refuse_shared(path, known)
    if not known:
        raise UsageError(f"{path} names no sender: give one a token (`newswire produce push-token NAME`)")
    return Senders(known)


_FORMS: Final = {
    "tokens": "a token is written as its checksum, `sha256:` and 64 digits: `newswire produce push-token NAME` makes both",
    "hosts": "a host is written by its name alone, in small letters: herald.example",
    "senders": "a sender's name has letters, digits, `_` and `-`, and at most 100 of them",
    "rate": "a rate is a number of requests a second, above 0",
}


def _advice(error: ErrorDetails) -> str:
    """Return what to do about what is wrong in the file; no value of it is told."""
    location = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        settings = ", ".join(_Entry.model_fields)
        return f"there is no such setting: there are {settings}" if len(location) > 2 else _BEGIN
    if location == ["senders"]:
        return _BEGIN
    place = location[2] if len(location) > 2 and location[2] in _FORMS else location[0]
    formed = error["type"] in ("string_pattern_mismatch", "greater_than")
    return _FORMS.get(place, error["msg"]) if formed else error["msg"]


def _refuse_shared(path: Path, known: Iterable[tuple[Sender, Sequence[bytes], Sequence[bytes]]]) -> None:
    """Raise UsageError where two senders have one token or secret: whose it is could not be told."""
    owner: dict[bytes, str] = {}
    for sender, checksums, keys in known:
        for each in {*checksums, *keys}:
            first = owner.setdefault(each, sender.name)
            if first != sender.name:
                raise UsageError(
                    f"{path}: senders {first} and {sender.name} have the same token or secret: give each one of its own"
                )


def _known(path: Path, found: _File) -> Iterator[tuple[Sender, Sequence[bytes], Sequence[bytes]]]:
    for name, entry in found.senders.items():
        checksums = [bytes.fromhex(each.removeprefix("sha256:")) for each in entry.tokens]
        try:
            keys = [secret_key(each) for each in _secrets(path, entry)]
        except ValueError as error:
            raise UsageError(f"{path}: sender {name}: {error}") from None
        if not checksums and not keys:
            raise UsageError(
                f"{path}: sender {name} has neither tokens nor webhook secrets: nobody could push as it"
            )
        yield Sender(name, entry.sources or (name,), entry.hosts, entry.rate), checksums, keys


def _secrets(path: Path, entry: _Entry) -> Iterable[str]:
    yield from (each.get_secret_value() for each in entry.webhook_secrets)
    for each in entry.webhook_secret_files:
        yield _text(path.parent / each)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_FILE + 1)
        if len(data) > _LONGEST_FILE:
            raise UsageError(f"{path} has more than 1 MiB: that is not a file of senders or of a secret")
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8") from None
