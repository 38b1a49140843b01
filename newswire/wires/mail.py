"""E-mail (RFC 5322, MIME) as a wire: what an agency, a press office or a stringer sends to a drop box, as a file or a mailbox (mbox)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from newswire.text.charset import decode
from newswire.wires.item import WireError

_FIELD: Final = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_KNOWN: Final = frozenset(
    b"from to date subject message-id received return-path mime-version content-type delivered-to sender reply-to dkim-signature".split()
)
_NEEDED: Final = frozenset((b"from", b"date", b"message-id"))
_HEADERS_WITHIN: Final = 256 * 1024
_MBOX: Final = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{3,200}\r?\n")
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MOST_BOUNDARIES: Final = 100
"""Each line is compared with the boundaries of all parts that it stands in."""
_LONGEST_CONTENT: Final = 10_000
"""The library takes its parameters off one by one, copying what is left."""
_ENDLESS: Final = re.compile(
    rb"(?im)^content-[a-z-]{1,30}[ \t]*:(?:[^\r\n]|\r?\n[ \t]){%d}" % _LONGEST_CONTENT
)
MOST_LEAVES: Final = 1_000
_LONGEST_FIELD: Final = 10_000
_LONGEST_ADDRESS: Final = 400
_ENCRYPTED: Final = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_BY_DEFAULT: Final = (None, "us-ascii", "iso-8859-1", "unknown-8bit", "x-unknown", "default")
"""What programs write that do not know: the bytes decide."""
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a message that holds no others."""

    media_type: str
    """As declared, lower case."""
    attached: bool
    """Whether it is to be kept beside the text and not shown in it."""
    name: str | None
    """Name of the file that it is said to be."""
    part: Message
    """The part itself."""

    def content(self) -> bytes:
        """Return its content, without the encoding of the transfer. What is broken in that is left out."""
        try:
            payload = self.part.get_payload(decode=True)
        except (ValueError, LookupError, AssertionError):
            return b""
        return payload if isinstance(payload, bytes) else b""

    def text(self) -> str:
        """Return its text; nothing where it is none."""
        try:
            said = self.part.get_content_charset()
            return decode(self.content(), None if said in _BY_DEFAULT else said).text
        except (ValueError, LookupError):
            return ""


def is_mail(data: bytes) -> bool:
    """Return whether a document begins as a message or as a mailbox of them: with fields, among them those that each message has."""
    start = _MBOX.match(data[:_HEADERS_WITHIN])
    names: set[bytes] = set()
    for line in data[start.end() if start else 0 : _HEADERS_WITHIN].splitlines():
        if not line.strip():
            break
        if line[:1] in (b" ", b"\t") and names:
            continue
        field = _FIELD.match(line)
        if field is None:
            return False
        names.add(field[1].lower())
    return len(names & _KNOWN) >= 2 and bool(names & _NEEDED)


def messages_in(data: bytes) -> Iterator[bytes]:
    """Yield the messages of a mailbox, or the only one."""
    starts = [found.start() for found in _MBOX.finditer(data)]
    if not starts:
        yield data
        return
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data[start:end]


def parsed(data: bytes) -> Message:
    """Return a message. WireError: `too-large` for parts and fields without end, `encrypted`."""
    if (
        sum(1 for _ in zip(_BOUNDARY.finditer(data), range(_MOST_BOUNDARIES + 1), strict=False))
        > _MOST_BOUNDARIES
    ):
        raise WireError("too-large", f"parts in more than {_MOST_BOUNDARIES} levels and groups")
    if _ENDLESS.search(data):
        raise WireError("too-large", f"a field Content-… of more than {_LONGEST_CONTENT} characters")
    try:
        message = message_from_bytes(data)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise WireError(
            "not-a-wire", f"it begins as an e-mail, but cannot be read as one: {type(error).__name__}"
        ) from error
    if message.get_content_type() in _ENCRYPTED:
        raise WireError(
            "encrypted", "the message is encrypted: decrypt it before it is dropped into the folder"
        )
    return message


def leaves(message: Message) -> tuple[list[Leaf], list[Message]]:
    """Return the parts of a message that hold no others, and the messages that it forwards whole. WireError: `too-large`."""
    found: list[Leaf] = []
    forwarded: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(payload, list):
            forwarded.extend(each for each in payload if isinstance(each, Message))
        elif isinstance(payload, list):
            waiting.extend(reversed([each for each in payload if isinstance(each, Message)]))
        else:
            disposition = str(part.get("content-disposition") or "").strip().lower()
            found.append(Leaf(kind, disposition.startswith("attachment"), _name(part), part))
        if len(found) + len(forwarded) > MOST_LEAVES:
            raise WireError("too-large", f"more than {MOST_LEAVES} parts")
    return found, forwarded


def field(message: Message, *names: str) -> str | None:
    """Return the first of these fields that there is, decoded, on one line, of at most 10,000 characters."""
    for name in names:
        given = next((value for key, value in message.raw_items() if key.lower() == name), None)
        if given is not None:
            text = _SPACE.sub(" ", decoded(str(given))).strip()
            if text:
                return text
    return None


def decoded(value: str) -> str:
    """Return the text of a field: bytes beyond ASCII as what they are, encoded words (RFC 2047) as what they say."""
    raw = value[:_LONGEST_FIELD].encode("utf-8", "surrogateescape")
    try:
        text = decode(raw).text if not raw.isascii() else raw.decode()
    except ValueError:
        text = raw.decode("latin-1")
    if "=?" not in text:
        return text
    try:
        parts = decode_header(_SPACE.sub(" ", text))
    except (HeaderParseError, ValueError):
        return text
    return "".join(_word(words, charset) for words, charset in parts)


def _word(words: bytes | str, charset: str | None) -> str:
    if isinstance(words, str):
        return words
    if charset is None:  # what stands between encoded words comes as bytes too
        return words.decode("raw-unicode-escape", "replace") if not words.isascii() else words.decode()
    try:
        return decode(words, charset).text
    except ValueError:
        return words.decode("latin-1")


def ids_in(message: Message, *names: str) -> list[str]:
    """Return the ids of messages that fields name, without their brackets."""
    return [each for name in names for each in re.findall(r"<([^<>\s]{1,500})>", field(message, name) or "")]


def sent_by(message: Message) -> str | None:
    """Return the name of who a message says it is from, else the host of the address."""
    try:
        name, address = parseaddr((field(message, "from") or "")[:_LONGEST_ADDRESS])
    except (RecursionError, ValueError, IndexError):  # comments in comments
        return None
    return name.strip() or address.rpartition("@")[2] or None


def date_of(message: Message) -> str | None:
    """Return the date of a message in ISO 8601; None where it has none that can be read."""
    return _iso(field(message, "date") or "")


def date_received(message: Message) -> str | None:
    """Return when the last server took a message, in ISO 8601; None where that is not said."""
    return _iso((field(message, "received") or "").rpartition(";")[2])


def _iso(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text[:200]).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _name(part: Message) -> str | None:
    try:
        given = part.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    text = _SPACE.sub(" ", decoded(given)).strip() if given else ""
    return re.split(r"[/\\]", text)[-1][:200] or None
