"""The engine that `run.py` prepared, and the stack on it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from compose_stack import ROOT, Stack
from container_engine.engine import VARIABLE, Engine

from newswire.broker.ports import free_ports


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what every service last said below a test of the stack that failed: the containers are gone afterwards."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        for service in stack.services():
            report.sections.append((f"the end of the log of {service}", stack.last_words(service)))
    return report


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The container engine."""
    given = os.environ.get(VARIABLE)
    if not given:
        pytest.fail("these tests need an engine that is prepared first: run `make test-containers`")
    return Engine.from_json(given)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the files producer watches, with the seeds in it. The user in the container may read it."""
    folder = tmp_path_factory.mktemp("inbox")
    shutil.copytree(ROOT / "seeds", folder, dirs_exist_ok=True)
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def stack(engine: Engine, inbox: Path) -> Iterator[Stack]:
    """The whole stack, built and up; taken down whatever happens."""
    (port,) = free_ports(1)
    stack = Stack(
        engine,
        project=f"newswire-test-{uuid.uuid4().hex[:8]}",
        variables={
            "NEWSWIRE_KAFKA_PORT": str(port),
            "NEWSWIRE_INBOX": str(inbox),
            "NEWSWIRE_IMAGE": "newswire:test",
        },
    )
    try:
        stack.build()
        stack.up()
        yield stack
    finally:
        stack.down()
