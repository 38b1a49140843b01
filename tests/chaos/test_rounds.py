"""Rounds of random faults on the whole pipeline, in the way of Jepsen: at the end everything is read back.

`make chaos` runs it; NEWSWIRE_CHAOS_ROUNDS sets the rounds, NEWSWIRE_CHAOS_SEED the dice: which fault in which round, and all that is
chosen in it. What the faults do, and what a verdict looks at, is in tests/support/faults; docs/chaos.md has the results of long runs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from faults import Pipeline
from faults.report import HEAD, line
from faults.rounds import run

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(7200)]

ROUNDS = int(os.environ.get("NEWSWIRE_CHAOS_ROUNDS", "10"))
SEED = os.environ.get("NEWSWIRE_CHAOS_SEED", "1")


@pytest.mark.parametrize("brokers", [1, 3], ids=["one-broker", "three-brokers"])
def test_rounds_lose_nothing_and_repeat_nothing(
    brokers: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)

    say(f"\nNEWSWIRE_CHAOS_SEED={SEED}, {brokers} broker(s)\n{HEAD}")
    with Pipeline(tmp_path, brokers=brokers, rate=8) as pipeline:
        done = run(pipeline, SEED, ROUNDS, tell=lambda _, this: say(line(this)))
    say("\n".join(map(str, done.verdicts)))
    assert done.good, done.problem
