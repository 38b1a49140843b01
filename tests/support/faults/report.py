"""What runs of rounds have come to: one line a round on the terminal, JSON for the record, Markdown for people."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from faults import FAULTS
from faults.rounds import Round, Run
from newswire.broker.jars_lock import KAFKA_VERSION

HEAD = f"{'round':>5}  {'fault':22} {'in':>7} {'out':>7} {'lost':>4} {'dup':>4} {'abrt':>4} {'ledger':6} {'recov s':>7}  what"


def line(this: Round) -> str:
    """Return a round as a line under `HEAD`; `-` is what is known only when everything has been read back."""
    aborted = "-" if this.aborted_reads is None else str(this.aborted_reads)
    book = "-" if this.balanced is None else "ok" if this.balanced else "WRONG"
    return (
        f"{this.number:>5}  {this.fault:22} {this.entered:>7} {this.out:>7} {this.lost:>4} {this.duplicated:>4} {aborted:>4} {book:6} "
        f"{this.recovery:>7.1f}  {this.told}"
    )


def as_data(run: Run, loads: Sequence[float], *, rate: float, fork: bool) -> dict[str, Any]:
    """Return a run as data for JSON; `loads` are load averages of the machine, taken at each round; `rate` and `fork` as the
    pipeline had them."""
    last = run.verdicts[-1] if run.verdicts else None
    return {
        "good": run.good,
        "seed": run.seed,
        "brokers": run.brokers,
        "rate": rate,
        "fork": fork,
        "problem": run.problem,
        "verdicts": [str(verdict) for verdict in run.verdicts],
        "sums": None
        if last is None
        else {
            "entered": last.entered,
            "out": last.out,
            "refused": last.refused,
            "redelivered": last.redelivered,
            "records": last.records,
            "lost": len(last.lost),
            "duplicated": len(last.duplicated),
            "aborted_reads": len(last.aborted_reads),
            "disagreements": len(last.disagreements),
            "balanced": last.balanced,
        },
        "versions": (
            f"Apache Kafka {KAFKA_VERSION}, kafka-python {version('kafka-python')}, Python {platform.python_version()}, "
            f"{platform.system()}"
        ),
        "cores": os.cpu_count(),
        "loads": [round(load, 1) for load in loads],
        "rounds": [asdict(this) for this in run.rounds],
    }


def as_markdown(runs: Sequence[dict[str, Any]]) -> str:
    """Return the report on some runs, as `as_data` gives them."""
    rounds = [(run, this) for run in runs for this in run["rounds"]]
    loads = [load for run in runs for load in run["loads"]]
    repaired = sum(this["repaired"] for _, this in rounds)
    return "\n".join(
        [
            *_table(
                (
                    "brokers",
                    "seed",
                    "rounds",
                    "articles in",
                    "out",
                    "lost",
                    "duplicated",
                    "aborted reads",
                    "disagreements",
                    "ledger",
                ),
                map(_run_row, runs),
            ),
            "",
            (
                f"{runs[0]['versions']}; {runs[0]['cores']} cores, shared with other work: "
                f"load average {min(loads):.0f} to {max(loads):.0f}, "
                f"median {statistics.median(loads):.0f}, while these ran. {runs[0]['rate']:.0f} articles a second."
            ),
            "",
            *_table(
                ("fault", "what it does", "rounds, 1 broker", "3 brokers", "recovery median", "p95"),
                _fault_rows(rounds),
            ),
            "",
            f"Transactions left hanging by a killed broker (K1), found and ended at its start: {repaired}.",
            "",
        ]
    )


def _run_row(run: dict[str, Any]) -> tuple[object, ...]:
    sums = run["sums"]
    if sums is None:
        return (run["brokers"], f"`{run['seed']}`", len(run["rounds"]), *["not read back"] * 7)
    return (
        run["brokers"],
        f"`{run['seed']}`",
        len(run["rounds"]),
        f"{sums['entered']:,}",
        f"{sums['out']:,}",
        sums["lost"],
        sums["duplicated"],
        sums["aborted_reads"],
        sums["disagreements"],
        "balanced" if sums["balanced"] else "WRONG",
    )


def _fault_rows(rounds: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Iterable[tuple[object, ...]]:
    seconds: dict[str, list[float]] = defaultdict(list)
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for run, this in rounds:
        counts[this["fault"], run["brokers"]] += 1
        seconds[this["fault"]].append(this["recovery"])
    for name, fault in FAULTS.items():
        took = sorted(seconds[name])
        times = [counts[name, size] or ("–" if size not in fault.brokers else 0) for size in (1, 3)]
        # The nearest rank: with few rounds it is the longest.
        late = took[max(0, -(-len(took) * 95 // 100) - 1)] if took else None
        yield (
            f"`{name}`",
            fault.does,
            *times,
            f"{statistics.median(took):.1f} s" if took else "",
            "" if late is None else f"{late:.1f} s",
        )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
    ]
