"""What a fault is, and the one list of all of them."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

if TYPE_CHECKING:
    from faults.pipeline import Pipeline


class Fault(ABC):
    """Something that goes wrong, once. `inject` begins it, `heal` ends it; between the two lie `seconds` that `inject` has chosen."""

    name: ClassVar[str]
    does: ClassVar[str]
    """What goes wrong, in one line."""
    brokers: ClassVar[tuple[int, ...]] = (1, 3)
    """The sizes of cluster that it makes sense for."""
    times: ClassVar[int] = 1
    """How often it comes in a bag of rounds (see `faults.rounds`)."""
    seconds: float = 0.0

    @abstractmethod
    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        """Begin; return what was done, with all that `rng` has chosen."""

    def heal(self) -> None:  # noqa: B027 - most faults that kill something are over at once
        """End it, as far as it does not end by itself: afterwards everything is there again, though it may have to recover."""


FAULTS: dict[str, type[Fault]] = {}
"""Name -> fault, in the order in which they are defined."""

F = TypeVar("F", bound=type[Fault])


def register(fault: F) -> F:
    """Put a fault on the list."""
    assert fault.name not in FAULTS, fault.name
    FAULTS[fault.name] = fault
    return fault
