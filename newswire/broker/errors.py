"""The one error of the broker room."""

from __future__ import annotations

from pathlib import Path

from newswire.errors import BrokerError


class EmbeddedBrokerError(BrokerError):
    """The embedded broker cannot do what was asked.

    `what` says what is wrong, `where` names the file, folder or address, `todo` says what the reader can do about it.
    `str(error)` is all three, ready to be shown to a person.
    """

    def __init__(self, what: str, *, where: Path | str, todo: str) -> None:
        self.what = what
        self.where = str(where)
        self.todo = todo
        super().__init__(f"{what}\n  where: {where}\n  what to do: {todo}")
