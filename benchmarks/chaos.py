"""Rounds of random faults on the whole pipeline, for as long as wanted; at the end everything is read back.

    python benchmarks/chaos.py --rounds 200 --brokers 1 --seed 7 --json FILE     # run, one line a round
    python benchmarks/chaos.py report FILE… > docs/part.md                       # Markdown of what such runs wrote

A seed gives the same faults in the same rounds, with the same choices: which stage, which step, how long. What is in the middle of what
when a fault strikes is still up to the machine. FILE is written after every round. Ends with 1 when anything was lost, duplicated, read
though aborted, or does not agree, or when the pipeline did not recover: the run stops there, and its folder is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from faults import Pipeline
from faults.report import HEAD, as_data, as_markdown, line
from faults.rounds import Round, Run, run


def main() -> int:
    if sys.argv[1:2] == ["report"]:
        print(
            as_markdown([json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[2:]]), end=""
        )
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--seed", default=os.environ.get("NEWSWIRE_CHAOS_SEED", "1"))
    parser.add_argument("--rate", type=float, default=20.0, help="articles a second")
    parser.add_argument(
        "--verify-every",
        type=int,
        default=25,
        help="read everything back after so many rounds, and at the end",
    )
    parser.add_argument(
        "--fork",
        action="store_true",
        help="fork stages from a process that has all loaded: on a busy machine",
    )
    parser.add_argument("--json", type=Path, help="file for the results")
    options = parser.parse_args()
    # Asked to end, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="newswire-chaos-"))
    loads: list[float] = []

    def note(done: Run) -> None:
        if options.json is not None:
            options.json.write_text(
                json.dumps(as_data(done, loads, rate=options.rate, fork=options.fork), indent=1),
                encoding="utf-8",
            )

    def tell(done: Run, this: Round) -> None:
        loads.append(os.getloadavg()[0])
        print(line(this), flush=True)
        note(done)

    print(
        f"seed {options.seed}, {options.brokers} broker(s), {options.rate:g} articles a second, files in {folder}"
    )
    print(HEAD, flush=True)
    with Pipeline(folder, brokers=options.brokers, rate=options.rate, fork=options.fork) as pipeline:
        done = run(pipeline, options.seed, options.rounds, verify_every=options.verify_every, tell=tell)
    note(done)
    for verdict in done.verdicts:
        print(verdict)
    if done.good:
        shutil.rmtree(folder)
        return 0
    print(f"NOT GOOD: {done.problem}\nsee {folder}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
