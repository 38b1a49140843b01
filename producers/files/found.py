"""What the files source passes between its steps, and the limits it works under."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newswire.capture import Unreadable
from newswire.topology import MAX_BODY_BYTES, MIB

EXCERPT_BYTES: Final = 64 * 1024
"""How much of an input that is refused goes into its dead letter."""
MAX_DOCUMENT_BYTES: Final = 64 * MIB
"""Largest `.json` file: it has to be read whole. JSONL has no such limit."""
MAX_RECORD_BYTES: Final = 4 * MAX_BODY_BYTES
"""Longest line of a JSONL file: a body of the largest size, with room for escapes and the other fields."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read."""

    path: Path
    """Where it is on this machine. Never leaves it."""
    shown: str
    """Its name relative to the folder that was given: what events and messages say."""


class Refusal(Exception):  # noqa: N818 - it is an answer for one input, carried to the one place that reports it
    """One input cannot be taken. Becomes an `Unreadable`; the rest goes on."""

    def __init__(self, reason: str, detail: str, *, original: bytes | None = None, size: int = 0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.original = None if original is None else original[:EXCERPT_BYTES]
        self.size = size

    def about(self, what: str) -> Unreadable:
        """Return the report about the input called `what`."""
        return Unreadable(
            what=what, reason=self.reason, detail=self.detail, original=self.original, size=self.size
        )


def shown_name(path: Path | str) -> str:
    r"""Return a file name as text: bytes that are no UTF-8 and control characters appear as `\xNN`."""
    text = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c >= " " and c != "\x7f" else f"\\x{ord(c):02x}" for c in text)
