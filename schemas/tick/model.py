"""The tick event: time, as data. Timers in stages are driven by it, so that a replay takes the same decisions."""

from __future__ import annotations

from schemas.core.contract import Contract, UtcDatetime


class Tick(Contract):
    """It is now at least this late."""

    at: UtcDatetime
    """The clock of the machine that wrote the tick."""
