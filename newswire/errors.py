"""What can go wrong, as verdicts and as errors for people.

Exception
├── Verdict                  a handler's decision about one record; the stage loop carries it out
│   ├── Reject               bad input: to the dead letters
│   ├── Retry                a passing failure: the partition pauses, then the record is tried again, a bounded number of times
│   └── Drop                 not wanted, by rule: recorded beside the dead letters, but no sign of trouble
└── NewswireError            stops a command; `exit_code` is the process's exit status
    ├── UsageError           2   the command line or configuration is wrong
    │   └── AccessError      2   Kafka does not let us in: what we show of ourselves, or expect of it, is wrong
    ├── BadInputError        3   some of the input could not be taken (the rest was)
    ├── BrokerError          4   Kafka cannot be started, found or used
    ├── ContractError        5   an event or a schema breaks the contract
    ├── StageError           6   a stage had to stop: restarting it is safe
    └── StageStoppedError    7   a stage stopped on purpose: something has to be mended first
        └── StateFormatError 7   its state is of a format that this code does not read
"""

from __future__ import annotations

from typing import ClassVar


class Verdict(Exception):  # noqa: N818 - a verdict is control flow, not always an error
    """A handler's decision about the record it was given."""


class Reject(Verdict):
    """The record is bad: it goes to the dead letters with its original bytes.

    `reason` is a short stable name to filter by (lower case, hyphens); `detail` tells a person what was wrong and what to do; `path` is a
    JSON Pointer (RFC 6901) to the offending part.
    """

    def __init__(self, reason: str, detail: str, path: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.path = path


class Retry(Verdict):
    """The record cannot be handled now. `after` is the least delay in seconds before the next try; `why` is for people."""

    def __init__(self, after: float, why: str) -> None:
        super().__init__(why)
        self.after = after
        self.why = why


class Drop(Verdict):
    """The record is fine but not wanted. It is recorded beside the dead letters, so that the ledger balances.

    `keep_original=False` records only that there was something, its size and checksum, and nothing of what it said: for what must not be
    stored at all.
    """

    def __init__(self, reason: str, detail: str, *, keep_original: bool = True) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.keep_original = keep_original


class NewswireError(Exception):
    """An error that a person reads: what, where, and what to do. Stops the command with `exit_code`."""

    exit_code: ClassVar[int] = 1


class UsageError(NewswireError):
    """The command line or the configuration is wrong."""

    exit_code = 2


class AccessError(UsageError):
    """Kafka does not let us in, or we do not trust it. The message names the settings to look at; trying again does not help."""


class BadInputError(NewswireError):
    """Some of the input could not be taken; the rest was."""

    exit_code = 3


class BrokerError(NewswireError):
    """Kafka cannot be started, found or used."""

    exit_code = 4


class ContractError(NewswireError):
    """An event or a schema breaks the contract. `path` is a JSON Pointer to the place."""

    exit_code = 5

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class StageError(NewswireError):
    """A stage had to stop. Its last batch was not committed, so that starting it again is safe."""

    exit_code = 6


class StageStoppedError(NewswireError):
    """A stage stopped on purpose: what feeds it, its code or its set-up has to be mended first. Nothing was committed of its last batch."""

    exit_code = 7


class StateFormatError(StageStoppedError):
    """A stage's state was written by code that this code cannot read. `what` it is of, the format it has, and those that are read."""

    def __init__(self, what: str, found: int, read: str) -> None:
        super().__init__(
            f"state of {what} has format {found}, this code reads {read}: start the stage with the version that wrote it, or make a second "
            "pipeline under a namespace of its own (docs/replay.md)"
        )
