"""What containers may do, read off the compose file and the Dockerfile: no engine is needed to see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
WRITABLE = {"kafka", "grafana"}
"""Whose images write beside their programs when they start. Nothing that publishers send is handled in them but by Kafka itself."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_gain_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {
        "privileged",
        "cap_add",
        "devices",
        "pid",
        "ipc",
        "network_mode",
        "userns_mode",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_a_normal_user(name: str) -> None:
    service = SERVICES[name]
    user = service.get("user") or (
        re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)[-1] if "build" in service else ""
    )
    assert re.fullmatch(r"[1-9]\d*(:\d+)?", user), f"{name}: {user!r}"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_cannot_change_its_programs(name: str) -> None:
    assert SERVICES[name].get("read_only", False) is (name not in WRITABLE)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_reached_from_this_machine_only(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_cannot_take_the_machine_with_it(name: str) -> None:
    assert re.fullmatch(r"[12]g", SERVICES[name]["mem_limit"])
    assert 0 < SERVICES[name]["pids_limit"] <= 1000


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_gets_from_this_machine_it_cannot_write_to(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = str(volume).rpartition("}")[0] or str(volume)
        if source.startswith((".", "/", "${")):
            assert str(volume).endswith(":ro"), volume
        assert "docker.sock" not in str(volume)


def test_no_secret_stands_in_the_files() -> None:
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            assert not re.search(r"PASSWORD|SECRET|TOKEN", variable), (name, variable)
    assert not re.search(r"^\s*(ARG|ENV) \S*(PASSWORD|SECRET|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_nothing_is_fetched_by_the_image_but_what_is_locked() -> None:
    assert not re.search(r"^(ADD)\b|curl|wget|apt-get", DOCKERFILE, re.MULTILINE)


def test_nothing_but_the_package_goes_into_the_image() -> None:
    first, *rest = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line[:1] not in ("", "#")
    ]
    assert first == "*"
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    assert allowed == {
        "requirements.lock", "deploy/requirements-build.lock", "pyproject.toml", "README.md",
        "newswire", "producers", "consumers", "schemas",
    }  # fmt: skip
