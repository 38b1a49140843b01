"""What waits for room at its host: hosts take turns, and at a host its sources do."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator


class Backlog:
    """Names of things to be done, each at a host and for a source. Used by one thread.

    It holds names only: what is behind them is in the state, so that any number may wait.
    """

    def __init__(self, has_room: Callable[[str], bool]) -> None:
        """`has_room` says whether more may be done at a host now."""
        self._has_room = has_room
        self._hosts: OrderedDict[str, OrderedDict[str, deque[str]]] = OrderedDict()
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many wait."""
        return self._of.total()

    def of(self, source: str) -> int:
        """Return how many wait for a source."""
        return self._of[source]

    def add(self, host: str, source: str, name: str) -> None:
        """Have something wait, behind what its source has waiting at the host."""
        self._hosts.setdefault(host, OrderedDict()).setdefault(source, deque()).append(name)
        self._of[source] += 1

    @property
    def may_begin(self) -> bool:
        """Whether there is room for something that waits."""
        return any(map(self._has_room, self._hosts))

    def taken(self) -> Iterator[str]:
        """Yield what there is room for, one of each host in turn, until nothing is left that has any."""
        passed = 0
        while passed < len(self._hosts):
            host = next(iter(self._hosts))
            self._hosts.move_to_end(host)
            if not self._has_room(host):
                passed += 1
                continue
            passed = 0
            sources = self._hosts[host]
            source, names = next(iter(sources.items()))
            name = names.popleft()
            if names:
                sources.move_to_end(source)
            else:
                del sources[source]
                if not sources:
                    del self._hosts[host]
            self._of[source] -= 1
            if not self._of[source]:
                del self._of[source]
            yield name
