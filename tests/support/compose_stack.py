"""The compose stack as the tests drive it, on either engine."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from container_engine.engine import Engine
from waiting import until

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"


@dataclass(frozen=True)
class Stack:
    """One project of the compose file: its own names, ports, image and input folder."""

    engine: Engine
    project: str
    variables: Mapping[str, str]

    def compose(self, *arguments: str, check: bool = True, timeout: float = 900.0) -> str:
        """Run a compose command on this project; return what it printed on standard output."""
        done = self.engine.run(
            "-f", str(COMPOSE_FILE), "-p", self.project, *arguments,
            compose=True, check=check, timeout=timeout, environment=self.variables,
        )  # fmt: skip
        return done.stdout

    def services(self) -> dict[str, Any]:
        """Return the services of no profile, as the file has them."""
        read = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
        return {name: service for name, service in read["services"].items() if "profiles" not in service}

    @property
    def bootstrap_servers(self) -> str:
        """The broker's address outside the containers."""
        return f"127.0.0.1:{self.variables['NEWSWIRE_KAFKA_PORT']}"

    def build(self) -> None:
        """Build the one image; every service uses it. What it replaces is removed, not piled up."""
        image = self.variables["NEWSWIRE_IMAGE"]
        ask = ("image", "inspect", "--format", "{{.Id}}", image)
        before = self.engine.run(*ask, check=False).stdout.strip()
        self.compose("build", "topics")
        if before and before != self.engine.run(*ask).stdout.strip():
            self.engine.run("image", "rm", before, check=False)

    def up(self) -> None:
        """Start every service, each once what it depends on is as it demands.

        Docker does that by itself. podman 4 neither waits for health nor starts a container that depends on one that
        has ended, so here the order that the file asks for is kept from outside.
        """
        if self.engine.name == "docker":
            self.compose("up", "--detach", "--no-build", *self.services())
            return
        for wave in self._waves():
            for name in wave:
                for needed, condition in _demands(self.services()[name]).items():
                    self._await(needed, condition)
            self.compose("up", "--detach", "--no-build", "--no-deps", *wave)

    def stop(self) -> None:
        """Stop every service, what others depend on last, as Docker does by itself."""
        if self.engine.name == "docker":
            self.compose("stop")
            return
        for wave in reversed(self._waves()):
            self.compose("stop", *wave)

    def down(self) -> None:
        """Stop and remove everything, volumes too."""
        self.compose("down", "--volumes", "--timeout", "60", check=False)

    def container(self, service: str) -> str:
        """Return the id of a service's container; LookupError when it has none."""
        found = self._listed("ps", "--all", f"--filter=label=com.docker.compose.service={service}")
        if len(found) != 1:
            raise LookupError(f"{service} has {len(found)} containers in project {self.project}")
        return found[0]

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine knows about a service's container."""
        read = json.loads(self.engine.run("container", "inspect", self.container(service)).stdout)
        assert isinstance(read, list)
        return dict(read[0])

    def running(self, service: str) -> bool:
        """Tell whether a service's container runs."""
        return self.inspect(service)["State"]["Status"] == "running"

    def pid(self, service: str) -> int:
        """Return the id of a service's main process, 0 while it has none."""
        return int(self.inspect(service)["State"]["Pid"])

    def last_words(self, service: str, lines: int = 25) -> str:
        """Return the end of what a service's container printed, and how it stands; for people."""
        try:
            state = self.inspect(service)["State"]
            done = self.engine.run("logs", "--tail", str(lines), self.container(service), check=False)
        except (LookupError, RuntimeError) as error:
            return str(error)
        said = "\n".join(line[:1500] for line in (done.stdout + done.stderr).splitlines())
        return f"{state['Status']}, exit code {state['ExitCode']}, started {state['StartedAt']}\n{said}"

    def sigkill(self, service: str) -> int:
        """SIGKILL the main process of a service from outside, as a kernel short of memory would; return its id.

        `docker kill` would not do: an engine takes it as a wish that the container stay down.
        """
        pid = self.pid(service)
        try:
            os.kill(pid, signal.SIGKILL)
        except (
            PermissionError,
            ProcessLookupError,
        ):  # the engine is another user's, or in a machine of its own
            image = self.inspect(service)["Image"]
            self.engine.run(
                "run", "--rm", "--privileged", "--user=0", "--pid=host", "--entrypoint=sh", image, "-c", f"kill -9 {pid}"
            )  # fmt: skip
        return pid

    def mounted(self) -> set[str]:
        """Return the names of all volumes in the containers, those too that only an image asked for."""
        mounts = (mount for service in self.services() for mount in self.inspect(service)["Mounts"])
        return {mount["Name"] for mount in mounts if mount["Type"] == "volume"}

    def remains(self, *, volumes: Collection[str] = ()) -> list[str]:
        """Return what the engine still has of this project, or of the given volumes: nameless ones carry no label."""
        found = self._listed("ps", "--all") + self._listed("volume", "ls") + self._listed("network", "ls")
        return found + sorted(set(volumes) & set(self.engine.lines("volume", "ls", "--quiet")))

    def _waves(self) -> list[list[str]]:
        """Return the services, each after all that it depends on."""
        waiting, waves = self.services(), []
        while waiting:
            ready = [name for name, service in waiting.items() if not set(_demands(service)) & set(waiting)]
            assert ready, f"these services wait for each other: {sorted(waiting)}"
            waves.append(ready)
            waiting = {name: service for name, service in waiting.items() if name not in ready}
        return waves

    def _listed(self, *command: str) -> list[str]:
        return self.engine.lines(
            *command, "--quiet", f"--filter=label=com.docker.compose.project={self.project}"
        )

    def _await(self, service: str, condition: str) -> None:
        if condition == "service_healthy":
            until(lambda: self._healthy(service), f"{service} is healthy")
        elif condition == "service_completed_successfully":
            until(lambda: self._completed(service), f"{service} has ended with 0")
        else:
            until(lambda: self.running(service), f"{service} runs")

    def _healthy(self, service: str) -> bool:
        # podman runs health checks through systemd timers; without systemd, somebody has to ask.
        if self.engine.name == "podman":
            return self.engine.run("healthcheck", "run", self.container(service), check=False).returncode == 0
        return self.inspect(service)["State"].get("Health", {}).get("Status") == "healthy"

    def _completed(self, service: str) -> bool:
        state = self.inspect(service)["State"]
        return bool(state["Status"] == "exited" and state["ExitCode"] == 0)


def _demands(service: Mapping[str, Any]) -> dict[str, str]:
    wanted = service.get("depends_on", {})
    if isinstance(wanted, list):
        return dict.fromkeys(wanted, "service_started")
    return {name: value["condition"] for name, value in wanted.items()}
