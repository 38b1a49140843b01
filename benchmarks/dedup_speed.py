"""How fast the stage is beside rensa, whole and with what needs no state made before, in rounds that alternate.

What needs no state: the words, shingles and facts of a text here, the signature there. It could be made on other machines, so the rest is
the most that one writer could do then: nothing is counted for carrying it or for unpacking it.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from benchmarks.dedup_peers import Rensa
from benchmarks.dedup_stream import Arrival

ROUNDS = 5
_TEXT = "consumers.deduplicate.arrived_text.ArrivedText.__init__"


def print_speed(streams: list[list[Arrival]], make_stage: Callable[[], Any]) -> None:
    """Print texts a second of processor time, the best round of each way."""
    ways: dict[str, Callable[[list[Arrival]], float]] = {
        "newswire, whole": lambda arrivals: _handled(make_stage(), arrivals),
        "newswire, texts read before": lambda arrivals: _with_texts(make_stage, arrivals),
        "rensa, whole": _rensa,
        "rensa, signatures made before": _index,
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            best[name] = min(best[name], sum(map(way, streams)))
    texts = sum(map(len, streams))
    print(f"\nspeed of the writer, the best of {ROUNDS} rounds in turn, a second of processor time:")
    for name, seconds in best.items():
        print(f"  {name:30}{texts / seconds:8.0f} texts/s  {1e6 * seconds / texts:7.1f} microseconds a text")


def _handled(stage: Any, arrivals: list[Arrival]) -> float:
    for arrival in arrivals:
        stage(arrival.name, arrival.headline, arrival.lines)
    handling: float = stage.handling
    return handling


def _with_texts(make_stage: Callable[[], Any], arrivals: list[Arrival]) -> float:
    """Return the seconds of the stage where it finds each text read; a first stage, that is not measured, reads them."""
    from consumers.deduplicate.arrived_text import ArrivedText

    read: dict[str, dict[str, Any]] = {}
    make = ArrivedText.__init__

    def note(text: ArrivedText, arrival: Any) -> None:
        make(text, arrival)
        # Copies: what a comparison keeps in them is of the writer.
        read[arrival.id] = {name: copy.copy(value) for name, value in vars(text).items()}

    def take(text: ArrivedText, arrival: Any) -> None:
        vars(text).update(read[arrival.id], arrival=arrival)

    with mock.patch(_TEXT, note):
        _handled(make_stage(), arrivals)
    with mock.patch(_TEXT, take):
        return _handled(make_stage(), arrivals)


def _rensa(arrivals: list[Arrival]) -> float:
    peer = Rensa()
    began = time.process_time()
    for arrival in arrivals:
        peer(arrival.name, arrival.headline, arrival.lines)
    return time.process_time() - began


def _index(arrivals: list[Arrival]) -> float:
    peer = Rensa()
    signatures = [peer.sign(arrival.lines) for arrival in arrivals]
    began = time.process_time()
    for arrival, signature in zip(arrivals, signatures, strict=True):
        peer.look(arrival.name, signature)
    return time.process_time() - began
