"""The network between stages and brokers: it is slow, it swallows everything, it resets connections."""

from __future__ import annotations

import random

from faults.fault import Fault, register
from faults.pipeline import STAGES, Pipeline
from faults.proxy import Link


class _OfNetwork(Fault):
    def heal(self) -> None:
        self._network.restore()

    def _take(self, pipeline: Pipeline, seconds: float) -> None:
        self._network = pipeline.network
        self.seconds = seconds


@register
class Partition(_OfNetwork):
    name = "partition"
    does = "nothing gets through between any stage and any broker, connections stay open"
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._take(pipeline, rng.uniform(2, 13))
        self._network.block(lambda _: True)
        return f"no stage reaches a broker for {self.seconds:.1f} s"


@register
class OneStageApart(_OfNetwork):
    name = "partition-one-stage"
    does = "nothing gets through between one stage and the brokers"
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stage = rng.choice(STAGES)
        self._take(pipeline, rng.uniform(2, 13))

        def of_stage(link: Link) -> bool:
            return link.pid == pipeline.crew.pid(f"{stage}-0")

        self._network.block(of_stage)
        return f"{stage} reaches no broker for {self.seconds:.1f} s"


@register
class OneBrokerApart(_OfNetwork):
    name = "partition-one-broker"
    does = "nothing gets through between the stages and one of three brokers"
    brokers = (3,)
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        apart = rng.randrange(pipeline.brokers)
        self._take(pipeline, rng.uniform(4, 13))
        self._network.block(lambda link: link.broker == apart)
        return f"no stage reaches broker {apart + 1} for {self.seconds:.1f} s"


@register
class Cut(_OfNetwork):
    name = "connections-reset"
    does = "every connection of stages is reset, and new ones are refused for a while"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._take(pipeline, rng.uniform(0.2, 8))
        self._network.cut(lambda _: True)
        return f"connections reset and refused for {self.seconds:.1f} s"


@register
class Delay(_OfNetwork):
    name = "delay"
    does = "everything between stages and brokers takes longer, in both directions"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._take(pipeline, rng.uniform(4, 8))
        self._network.delay = rng.uniform(0.02, 0.4)
        return f"{self._network.delay * 1000:.0f} ms each way for {self.seconds:.1f} s"
