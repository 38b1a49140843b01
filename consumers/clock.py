"""A stage's time and the sweeping of what is too old. Shared by the stages that remember articles."""

from __future__ import annotations

from typing import Final

from newswire.state.contract import State

STEP_MS: Final = 10 * 60 * 1000
"""The clock moves in steps of ten minutes: one small record on the changelog each, and windows end on a step."""
STEPS_AN_HOUR: Final = 6
STEPS_A_DAY: Final = 144
_KEY: Final = "c"
_SLICES: Final = (
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # first characters of `packing.short`
)


class Clock:
    """The latest time that any record has brought to this partition. It never goes back."""

    def __init__(self, state: State) -> None:
        self.step = int(state.get(_KEY) or b"0")
        """Steps since 1970."""

    @property
    def end_ms(self) -> int:
        """End of the present step, in milliseconds since 1970: nothing that has come says that it is so late already."""
        return (self.step + 1) * STEP_MS

    def advance(self, now_ms: int, state: State) -> list[str] | None:
        """Move on to a time; None when that is no new step.

        Otherwise the slices of the state that are due to be swept: first characters of ids as `packing.short` writes them. In about
        eleven hours each of the 64 has its turn, so that no step has much to do.
        """
        before = self.step
        if (step := now_ms // STEP_MS) <= before:
            return None
        self.step = step
        state.put(_KEY, str(step).encode())
        if not before:
            return []
        passed = range(max(before, step - len(_SLICES)) + 1, step + 1)
        return [_SLICES[number % len(_SLICES)] for number in passed]
