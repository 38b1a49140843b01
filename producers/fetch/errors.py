"""What can go wrong with a fetch. The client catches these and puts them into the result; callers see no exception."""

from __future__ import annotations


class FetchError(Exception):
    """A fetch that has no answer to show, with a short stable reason and a sentence for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Refused(FetchError):  # noqa: N818
    """We do not ask: the address, its port, its form or the rules of the host forbid it. Nothing was sent to the refused place."""


class Exceeded(FetchError):  # noqa: N818
    """The answer went over a limit and was cut off."""


class Broken(FetchError):  # noqa: N818
    """The network or the server failed: no connection, no valid HTTP, damaged content."""
