"""A guarded broker for each module that asks for one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from guarded_broker import Guarded, guarded_broker


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A running broker with TLS and every login."""
    with guarded_broker(tmp_path_factory.mktemp("guarded")) as found:
        yield found


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of ours in the environment."""
    for name in list(os.environ):
        if name.startswith(("NEWSWIRE_", "KAFKA_")):
            monkeypatch.delenv(name)
