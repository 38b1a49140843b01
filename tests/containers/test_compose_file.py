"""The compose file by itself: that compose's own loader takes it, and that what stands beside it is in step."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from compose_stack import COMPOSE_FILE, ROOT
from container_engine.engine import Engine

from newswire import topology
from newswire.broker.docker import environment_name
from newswire.broker.settings import NodePorts, server_properties

pytestmark = pytest.mark.containers
COMPOSEGO = Path(__file__).with_name("composego")


def services() -> dict[str, dict]:
    return yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]


def ours() -> dict[str, dict]:
    return {name: service for name, service in services().items() if "build" in service}


def test_the_engine_at_hand_takes_the_file(engine: Engine) -> None:
    engine.run("-f", str(COMPOSE_FILE), "config", compose=True)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not shutil.which("go"), reason="compose's loader is a Go module; there is no Go here")
def test_the_loader_of_docker_compose_takes_the_file_and_refuses_mistakes(tmp_path: Path) -> None:
    program = tmp_path / "load"
    subprocess.run(["go", "build", "-o", program, "."], cwd=COMPOSEGO, check=True, timeout=280)

    def load(text: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "docker-compose.yml"
        path.write_text(text, encoding="utf-8")
        return subprocess.run(
            [program, path], capture_output=True, text=True, env=os.environ, timeout=60, check=False
        )

    right = COMPOSE_FILE.read_text(encoding="utf-8")
    loaded = load(right)
    assert loaded.returncode == 0, loaded.stderr
    assert set(loaded.stdout.split()) == set(services())
    # The loader is not a formality: a misspelt key and a service that is not there are errors.
    assert load(right.replace("read_only:", "readonly:")).returncode != 0
    assert load(right.replace("\n    topics:\n", "\n    topicz:\n")).returncode != 0


def test_every_stage_of_the_topology_is_a_service() -> None:
    run = {name: service["command"] for name, service in services().items() if name in topology_stages()}
    assert run == {name: ["run", name] for name in topology_stages()}


def topology_stages() -> list[str]:
    return [stage.name for stage in topology.STAGES]


# Where it stands, how much of the machine it takes: what a container and a laptop's process rightly differ in.
OWN_TO_THE_EMBEDDED_BROKER = {
    "advertised.listeners", "background.threads", "controller.quorum.voters", "inter.broker.listener.name",
    "listener.security.protocol.map", "listeners", "log.cleaner.dedupe.buffer.size", "log.dirs",
    "log.index.size.max.bytes", "num.io.threads", "num.network.threads", "num.recovery.threads.per.data.dir",
    "socket.request.max.bytes",
}  # fmt: skip


def test_the_broker_is_set_as_the_embedded_one_is() -> None:
    embedded = server_properties(1, {1: NodePorts(1, 2)}, "", {})
    same = {environment_name(n): v for n, v in embedded.items() if n not in OWN_TO_THE_EMBEDDED_BROKER}
    here = services()["kafka"]["environment"]
    assert {name: here.get(name) for name in same} == same


def test_our_services_can_do_as_little_as_possible() -> None:
    for name, service in ours().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    for name, service in services().items():
        published = service.get("ports", [])
        assert all(str(port).startswith("127.0.0.1:") for port in published), name


def test_prometheus_scrapes_every_service_that_goes_on_running() -> None:
    read = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    targets = read["scrape_configs"][0]["static_configs"][0]["targets"]
    port = next(iter(ours().values()))["environment"]["NEWSWIRE_METRICS_PORT"]
    assert sorted(targets) == sorted(f"{name}:{port}" for name in ours() if name != "topics")


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_exist() -> None:
    from prometheus_client import REGISTRY

    import newswire.metrics  # noqa: F401 - registers them

    known = {
        name
        for family in REGISTRY.collect()
        for name in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }
    panels = json.loads((ROOT / "deploy/grafana/dashboards/newswire.json").read_text(encoding="utf-8"))[
        "panels"
    ]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    used = {name for expression in asked for name in re.findall(r"\bnewswire_\w+", expression)}
    assert used
    assert used <= known
