"""Faults of a running pipeline, by name, and the pipeline that they are injected into.

fault = make("broker-killed")
told = fault.inject(pipeline, rng)
pipeline.wait(fault.seconds)
fault.heal()
seconds = pipeline.recover()
"""

from faults import broker_faults, input_faults, machine_faults, network_faults, quorum_faults, stage_faults
from faults.fault import FAULTS, Fault
from faults.pipeline import Pipeline, StuckError

__all__ = ["FAULTS", "Fault", "Pipeline", "StuckError", "make"]

_MODULES = (stage_faults, broker_faults, quorum_faults, network_faults, machine_faults, input_faults)


def make(name: str) -> Fault:
    """Return a new fault of that name; KeyError when there is none."""
    return FAULTS[name]()
