"""Stages of the fault suite that start at once.

A stage costs 1.5 to 3 s of processor time to start. Where a campaign has hundreds of rounds on a machine that is busy with other things, it
is those that it would measure. Figures of recovery made with it say so.

    python -m faults.nursery SOCKET_FD
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from nursery import serve

PROGRAM: Final = ("-m", "faults.nursery")
"""For `nursery.Nursery`: its processes do what `python -m faults.child ARGUMENTS…` does."""


def main() -> None:
    from newswire import topology
    from newswire.stage.runner import load_handler
    from newswire.stage.selfcheck import self_check

    for stage in topology.STAGES:
        # What a handler loads at its first event is loaded here.
        self_check(load_handler(stage.name))
    serve(int(sys.argv[1]), _be)


def _be(asked: dict[str, Any]) -> None:
    from faults import child

    os.environ.update(asked["environment"])
    sys.argv[:] = ["faults.child", *asked["arguments"]]
    child.main()


if __name__ == "__main__":
    main()
