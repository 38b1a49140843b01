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


class Deferred(FetchError):  # noqa: N818 - not an error: it is not our turn yet
    """The host wants to be left alone for longer than we wait. Nothing was asked, and nothing is known of the address."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__("host-busy", f"{host} may be asked again in {seconds:.0f} s")
        self.seconds = seconds
