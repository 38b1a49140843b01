"""The broker room: a real Kafka for everyone, started from Python or found. Importing it costs next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newswire.broker.docker import DockerBroker
    from newswire.broker.embedded import EmbeddedBroker
    from newswire.broker.errors import EmbeddedBrokerError
    from newswire.broker.lifecycle import default_data_dir
    from newswire.broker.running import Running, status, stop

_HOMES = {
    "DockerBroker": "docker",
    "EmbeddedBroker": "embedded",
    "EmbeddedBrokerError": "errors",
    "Running": "running",
    "default_data_dir": "lifecycle",
    "status": "running",
    "stop": "running",
}

__all__ = [
    "DockerBroker",
    "EmbeddedBroker",
    "EmbeddedBrokerError",
    "Running",
    "default_data_dir",
    "status",
    "stop",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
