"""podman's settings for these tests alone: its own storage, networks and run-time folder."""

from __future__ import annotations

from pathlib import Path

# Without the ulimits, runc tries to raise the machine's own and may not. crun fails where both cgroup versions are
# mounted. The log-like events go to a file: there may be no systemd journal. A command that was run in a container
# through the socket keeps a helper process for that delay, by default five minutes.
_CONTAINERS = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=2000:2000"]
log_driver = "k8s-file"

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 2
tmp_dir = "{run}/libpod"

[network]
network_backend = "netavark"
network_config_dir = "{home}/networks"
"""

_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{home}/storage"
runroot = "{run}/storage"
"""

# Names without a host are looked up among the local images only under this one prefix; nothing is pulled.
_REGISTRIES = """\
unqualified-search-registries = ["docker.io"]
short-name-mode = "permissive"
"""


def write_settings(home: Path, run: Path) -> dict[str, str]:
    """Write podman's settings below `home` and return the environment variables that name them.

    `home` keeps images and volumes between runs; `run` must be emptied when the machine starts (podman tells by it
    whether containers it remembers can still be alive).
    """
    files = {
        "CONTAINERS_CONF": ("containers.conf", _CONTAINERS),
        "CONTAINERS_STORAGE_CONF": ("storage.conf", _STORAGE),
        "CONTAINERS_REGISTRIES_CONF": ("registries.conf", _REGISTRIES),
    }
    home.mkdir(parents=True, exist_ok=True)
    (home / "networks").mkdir(exist_ok=True)
    environment = {}
    for variable, (name, text) in files.items():
        path = home / name
        path.write_text(text.format(home=home, run=run), encoding="utf-8")
        environment[variable] = str(path)
    return environment
