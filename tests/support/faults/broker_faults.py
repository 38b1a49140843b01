"""A single broker that is killed, restarted, frozen, and out of room."""

from __future__ import annotations

import os
import random
import resource
import signal

from faults.fault import Fault, register
from faults.pipeline import Pipeline

LARGEST_FILE = 4096
"""Bytes: less than what the broker keeps its records in."""


class EndedBadly(Fault):
    """The only broker ends in a bad way, and is started again with the check for hanging transactions (K1)."""

    brokers = (1,)
    repaired = 0
    """How many hanging transactions the check has ended."""

    def heal(self) -> None:
        self._broker.stop()
        self._broker.start()
        self.repaired = len(self._broker.checked.hanging) if self._broker.checked else 0


@register
class BrokerKilled(EndedBadly):
    name = "broker-killed"
    does = "SIGKILL of the broker under traffic; started again, with the check for hanging transactions (K1)"
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._broker = pipeline.broker
        self._broker.kill()
        self.seconds = rng.uniform(0, 3)
        return f"broker killed, away for {self.seconds:.1f} s and its start"


@register
class BrokerStopped(Fault):
    name = "broker-stopped"
    does = "the broker is stopped in order under traffic, and started again"
    brokers = (1,)

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._broker = pipeline.broker
        self._broker.stop()
        self.seconds = rng.uniform(0, 3)
        return f"broker stopped, away for {self.seconds:.1f} s and its start"

    def heal(self) -> None:
        self._broker.start()


@register
class BrokerDiskFull(EndedBadly):
    name = "broker-disk-full"
    does = "no file of the broker may grow any more, as on a full disk: it ends; started again with room, with the check for K1"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._broker = pipeline.broker
        pid = self._broker.pid()
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, hard))
        # With the next record that comes: there is traffic.
        pipeline.gone(pid)
        self.seconds = rng.uniform(0, 3)
        return f"no room for the broker, which has ended; away for {self.seconds:.1f} s and its start"


class Frozen(Fault):
    """SIGSTOP of the only broker."""

    brokers = (1,)
    shortest, longest = 0.0, 0.0

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._pid = pipeline.broker.pid()
        pipeline.wait(rng.uniform(0, 0.5))
        os.kill(self._pid, signal.SIGSTOP)
        self.seconds = rng.uniform(self.shortest, self.longest)
        return f"broker frozen for {self.seconds:.1f} s"

    def heal(self) -> None:
        os.kill(self._pid, signal.SIGCONT)


@register
class FrozenBriefly(Frozen):
    name = "broker-frozen-briefly"
    does = "SIGSTOP of the broker for less than a request may take (5 s)"
    shortest, longest = 0.5, 4.5


@register
class FrozenLong(Frozen):
    name = "broker-frozen-long"
    does = "SIGSTOP of the broker for longer than a request, the watchdog and a session last"
    shortest, longest = 6.0, 13.0
