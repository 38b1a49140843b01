"""Three brokers of which some fail."""

from __future__ import annotations

import os
import random
import signal

from faults.fault import Fault, register
from faults.pipeline import Pipeline
from newswire.log.client import admin

NODES = 3


def controller(pipeline: Pipeline) -> int:
    """Return the number (from 0) of the broker that leads the controllers' quorum."""
    client = admin(pipeline.log.connection)
    try:
        [topic] = client.describe_metadata_quorum()["topics"]
    finally:
        client.close()
    return int(topic["partitions"][0]["leader_id"]) - 1


class OneKilled(Fault):
    """SIGKILL of one broker of three, which comes back after a while."""

    brokers = (3,)

    def chosen(self, pipeline: Pipeline, rng: random.Random) -> int:
        raise NotImplementedError

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._broker, self._index = pipeline.broker, self.chosen(pipeline, rng)
        pipeline.wait(rng.uniform(0, 0.5))
        self._broker.kill(self._index)
        self.seconds = rng.uniform(3, 12)
        return f"broker {self._index + 1} killed, away for {self.seconds:.0f} s and its start"

    def heal(self) -> None:
        self._broker.revive(self._index)


@register
class AnyOfThreeKilled(OneKilled):
    name = "one-of-three-killed"
    does = "SIGKILL of any one of three brokers, started again after a while"
    times = 3

    def chosen(self, pipeline: Pipeline, rng: random.Random) -> int:
        return rng.randrange(NODES)


@register
class ControllerKilled(OneKilled):
    name = "controller-killed"
    does = "SIGKILL of the broker that leads the controllers' quorum"
    times = 2

    def chosen(self, pipeline: Pipeline, rng: random.Random) -> int:
        return controller(pipeline)


class SomeFrozen(Fault):
    """SIGSTOP of brokers of three."""

    brokers = (3,)
    how_many = 1
    shortest, longest = 6.0, 14.0

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        indices = sorted(rng.sample(range(NODES), self.how_many))
        self._pids = [pipeline.broker.pid(index) for index in indices]
        pipeline.wait(rng.uniform(0, 0.5))
        for pid in self._pids:
            os.kill(pid, signal.SIGSTOP)
        self.seconds = rng.uniform(self.shortest, self.longest)
        return f"brokers {', '.join(str(index + 1) for index in indices)} frozen for {self.seconds:.0f} s"

    def heal(self) -> None:
        for pid in self._pids:
            os.kill(pid, signal.SIGCONT)


@register
class OneFrozen(SomeFrozen):
    name = "one-of-three-frozen"
    does = "SIGSTOP of one of three brokers, for longer than a request and maybe its own session last"
    times = 2


@register
class TooFewInSync(SomeFrozen):
    name = "min-insync-not-met"
    does = "SIGSTOP of two of three brokers: fewer than min.insync.replicas are there, and no quorum of controllers"
    how_many = 2
    times = 2


@register
class AllThreeKilled(Fault):
    name = "all-three-killed"
    does = "SIGKILL of all three brokers at once; started again, with the check for hanging transactions (K1)"
    brokers = (3,)

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._broker = pipeline.broker
        for index in rng.sample(range(NODES), NODES):
            os.kill(self._broker.pid(index), signal.SIGKILL)
        return "all three brokers killed"

    def heal(self) -> None:
        self._broker.stop()
        self._broker.start()
