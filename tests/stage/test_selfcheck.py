"""A handler is tried on the contract's examples before it may read."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from wire import TinyNormalize

from newswire import topology
from newswire.errors import StageStoppedError
from newswire.event import Emit, Event
from newswire.stage.runner import load_handler
from newswire.stage.selfcheck import self_check
from newswire.state.contract import State


@pytest.mark.parametrize("stage", [stage.name for stage in topology.STAGES])
def test_our_handlers_pass(stage: str) -> None:
    self_check(load_handler(stage))


def test_a_broken_handler_is_stopped_before_it_reads() -> None:
    class Broken(TinyNormalize):
        def handle(self, event: Event, state: State) -> Iterable[Emit]:
            raise ModuleNotFoundError("no module named 'gone'")

    with pytest.raises(
        StageStoppedError, match=r"normalize fails on the contract's example .* no module named 'gone'"
    ):
        self_check(Broken())
