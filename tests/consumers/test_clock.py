"""The clock never goes back, and every slice of the state has its turn."""

from __future__ import annotations

from consumers import packing
from consumers.clock import STEP_MS, Clock
from newswire.state.memory import MemoryState


def test_the_clock_moves_in_steps_and_never_back():
    state = MemoryState()
    clock = Clock(state)
    assert clock.advance(5 * STEP_MS, state) == []
    assert clock.advance(5 * STEP_MS + 1, state) is None
    assert clock.advance(3 * STEP_MS, state) is None
    assert len(clock.advance(6 * STEP_MS, state) or []) == 1
    assert Clock(state).step == clock.step == 6


def test_every_slice_has_its_turn_once_a_round_and_once_after_a_leap():
    state = MemoryState()
    clock = Clock(state)
    clock.advance(STEP_MS, state)
    round_ = [first for step in range(2, 66) for first in clock.advance(step * STEP_MS, state) or []]
    leap = clock.advance(10_000 * STEP_MS, state) or []
    assert len(round_) == len(leap) == len(set(round_)) == 64
    assert set(round_) == set(leap)
    ids = [f"{number:08x}-0000-5000-8000-000000000000" for number in range(0, 2**32, 2**24)]
    assert {packing.short(identifier)[0] for identifier in ids} == set(leap)
