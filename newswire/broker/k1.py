"""The K1 check: find transactions that a crash of the broker left open for ever, and end them as they were decided.

A broker that was killed between a commit's decision and its markers can, when it comes back, write "complete" without
having written the markers (kafka-python.md, section 1.4: seen with every client). Nobody ends that transaction any
more: its records, acknowledged, stay invisible, and so do all later ones on its partitions. Here the markers are
written after the fact, by the decision that the coordinator had logged. Without such a decision nothing is touched.

Nobody else may use the broker meanwhile: a producer that comes back writes on in the transaction that hangs, and ends it
as it ends its own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal

import structlog

from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.transaction_log import PREPARED, UNFINISHED, LogEntry, State, parse_entry
from newswire.log.client import Connection, KafkaError
from newswire.log.coordinator import TRANSACTION_LOG, Coordinator, NotReadyError, OpenTransaction

_log = structlog.get_logger("newswire.broker")

_SETTLE_TIMEOUT = 60.0  # seconds for the coordinator to load its log and to finish what it had prepared
_AGAIN = 0.2

Decision = Literal["commit", "abort", "unknown"]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A transaction that nobody will end, on one partition; what was decided, by what evidence, whether it was repaired."""

    open: OpenTransaction
    decision: Decision
    evidence: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check: what hangs, and what is open but in the hands of its coordinator."""

    hanging: tuple[Hanging, ...]
    in_progress: tuple[OpenTransaction, ...]

    @property
    def undecided(self) -> tuple[Hanging, ...]:
        """What hangs and was not touched, because the transaction log does not tell its end."""
        return tuple(found for found in self.hanging if found.decision == "unknown")


class UndecidedTransactionError(EmbeddedBrokerError):
    """A transaction hangs and its end is not known. `report` has it, and all that was repaired beside it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        first = report.undecided[0]
        places = ", ".join(f"{found.open.topic}-{found.open.partition}" for found in report.undecided)
        super().__init__(
            f"a transaction was left open by a crash, and the broker's log does not say whether it was committed: {first.evidence}",
            where=f"partition(s) {places}, from offset {first.open.start_offset} on, producer id {first.open.producer_id}",
            todo="look at these records (read uncommitted), then start the broker with settle='commit' or settle='abort'; "
            "or move the data folder away and ingest again. These records were not touched",
        )


def look(to: Connection) -> Report:
    """Return the hanging transactions of the brokers at `to`, and touch nothing. The pipeline may run meanwhile."""
    with Coordinator(to) as coordinator:
        return _settled(coordinator)


def check_and_repair(to: Connection, *, settle: Literal["commit", "abort"] | None = None) -> Report:
    """Find the hanging transactions of the brokers at `to`, write their missing markers, return what was found.

    Run it after an unclean stop, while nobody else can reach the broker. Waits until the coordinator has finished what it
    can finish itself, one minute at most. `settle` is a person's decision for those of which the log does not tell the
    end; without it, UndecidedTransactionError is raised after the others were repaired, and these are not touched.
    """
    began = time.monotonic()
    with Coordinator(to) as coordinator:
        report = _settled(coordinator)
        hanging = tuple(_repair(coordinator, found, settle) for found in report.hanging)
        report = replace(report, hanging=hanging)
    _log.info(
        "transactions checked after an unclean stop",
        hanging=len(report.hanging),
        undecided=len(report.undecided),
        in_progress=len(report.in_progress),
        seconds=round(time.monotonic() - began, 1),
    )
    if report.undecided:
        raise UndecidedTransactionError(report)
    return report


def _settled(coordinator: Coordinator) -> Report:
    """Look until the coordinator has nothing more to finish, then return what is left."""
    deadline = time.monotonic() + _SETTLE_TIMEOUT
    while True:
        try:
            report = _look(coordinator)
        except NotReadyError as error:
            if time.monotonic() > deadline:
                raise EmbeddedBrokerError(
                    f"transactions could not be checked after the unclean stop: {error}",
                    where=TRANSACTION_LOG,
                    todo="start the broker again; its log tells why the transaction coordinator does not come up",
                ) from error
        else:
            if report is not None:
                return report
            if time.monotonic() > deadline:
                raise EmbeddedBrokerError(
                    "the transaction coordinator does not finish the commits and aborts it had prepared",
                    where=TRANSACTION_LOG,
                    todo="start the broker again; its log tells what the coordinator is waiting for",
                )
        time.sleep(_AGAIN)


def _look(coordinator: Coordinator) -> Report | None:
    """Return the report, or None while a prepared commit or abort is about to be finished by the coordinator."""
    states = {row.producer_id: row.state for row in coordinator.known()}
    if any(state in {"PrepareCommit", "PrepareAbort"} for state in states.values()):
        return None
    # Looked at before and after the log is read: what was open before has its beginning in the log, and what is open
    # after has not got the markers that precede every "complete" in the log. A transaction that somebody begins or ends
    # in between is in one of the two only.
    before = {_identity(found) for found in coordinator.open_transactions()}
    if not before:
        return Report((), ())
    history: dict[int, list[LogEntry]] = defaultdict(list)
    last: dict[str, LogEntry] = {}
    for record in coordinator.read_log():
        entry = parse_entry(record)
        if entry is not None:
            last[entry.transactional_id] = entry
            if entry.state is not None:
                history[entry.producer_id].append(entry)
    hanging = []
    in_progress = []
    for found in coordinator.open_transactions():
        if _identity(found) not in before:
            continue
        place = (found.topic, found.partition)
        entries = history[found.producer_id]
        now = last[entries[-1].transactional_id] if entries else None
        if now is not None and now.state in PREPARED:
            return None  # the coordinator has not loaded its log yet
        # By its log, not by its answer: a coordinator that has not loaded yet knows of no transaction at all.
        if now is not None and now.state in UNFINISHED and place in now.partitions:
            in_progress.append(found)
        else:
            hanging.append(_decide(found, entries, now))
    return Report(tuple(hanging), tuple(in_progress))


def _decide(found: OpenTransaction, entries: list[LogEntry], now: LogEntry | None) -> Hanging:
    """Say how a hanging transaction was to end: by the last decision of its producer that names its partition."""
    place = (found.topic, found.partition)
    # The newer transaction protocol, and every abort by time-out, raise the epoch in the very step of the decision.
    epochs = {found.producer_epoch, found.producer_epoch + 1}
    begun_since = False
    for entry in reversed(entries):
        if place not in entry.partitions or entry.producer_epoch not in epochs:
            continue
        if entry.state is State.ONGOING:
            # What was decided before that was about an earlier transaction on this partition, not about the one that hangs.
            begun_since = True
            break
        if entry.state in PREPARED:
            evidence = (
                f"{entry.state.name} of {entry.transactional_id!r}, producer id {entry.producer_id} epoch "
                f"{entry.producer_epoch}, at offset {entry.offset} of {TRANSACTION_LOG}-{entry.log_partition}"
            )
            return Hanging(found, "commit" if entry.state is State.PREPARE_COMMIT else "abort", evidence)
    if not entries:
        why = f"{TRANSACTION_LOG} has no record of producer id {found.producer_id}"
    else:
        said = "it was forgotten" if now is None or now.state is None else f"it is {now.state.name}"
        why = (
            f"{TRANSACTION_LOG} has no decision of producer id {found.producer_id} epoch {found.producer_epoch} "
            f"for this partition{' since it was written to last' if begun_since else ''}; of {entries[-1].transactional_id!r} "
            f"it says that {said}"
        )
    return Hanging(found, "unknown", why)


def _repair(coordinator: Coordinator, found: Hanging, settle: Literal["commit", "abort"] | None) -> Hanging:
    if found.decision == "unknown" and settle is not None:
        found = replace(found, decision=settle, evidence=f"decided by a person; {found.evidence}")
    if found.decision == "unknown":
        _log.error(
            "hanging transaction, end unknown, left alone",
            partition=_name(found.open),
            evidence=found.evidence,
        )
        return found
    try:
        coordinator.write_marker(found.open, commit=found.decision == "commit")
    except KafkaError as error:
        raise EmbeddedBrokerError(
            f"a transaction that a crash left open could not be ended: {type(error).__name__}: {error}",
            where=f"{_name(found.open)}, producer id {found.open.producer_id}",
            todo="end whatever uses the broker beside this start, then start it again",
        ) from error
    _log.warning(
        "hanging transaction ended as it was decided",
        partition=_name(found.open),
        producer_id=found.open.producer_id,
        decision=found.decision,
        evidence=found.evidence,
    )
    return replace(found, repaired=True)


def _identity(found: OpenTransaction) -> tuple[str, int, int, int, int]:
    return (found.topic, found.partition, found.producer_id, found.producer_epoch, found.start_offset)


def _name(found: OpenTransaction) -> str:
    return f"{found.topic}-{found.partition}"
