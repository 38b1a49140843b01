"""The Debian packages that podman needs here."""

from __future__ import annotations

import os
import shutil
import subprocess

from container_engine.engine import EngineUnavailableError
from container_engine.progress import step

# Package: a program that only it brings. The program is looked for, so that a podman that came another way counts.
_PACKAGES = {
    "podman": ("podman",),
    "runc": ("runc",),
    "conmon": ("conmon", "/usr/libexec/podman/conmon", "/usr/lib/podman/conmon"),
    "netavark": ("netavark", "/usr/lib/podman/netavark", "/usr/libexec/podman/netavark"),
    "aardvark-dns": ("aardvark-dns", "/usr/lib/podman/aardvark-dns", "/usr/libexec/podman/aardvark-dns"),
    "iptables": ("iptables", "/usr/sbin/iptables"),
    "buildah": ("buildah",),
    "catatonit": ("catatonit", "/usr/libexec/podman/catatonit", "/usr/lib/podman/catatonit"),
    "debootstrap": ("debootstrap", "/usr/sbin/debootstrap"),
}


def install_packages() -> None:
    """Install what is missing of podman and its helpers.

    Raises EngineUnavailableError without root or without apt-get, or when apt-get fails.
    """
    missing = [package for package, programs in _PACKAGES.items() if not any(map(shutil.which, programs))]
    if not missing and os.geteuid() == 0:
        return
    if os.geteuid() != 0:
        raise EngineUnavailableError(
            "No Docker engine answers, and the podman that would stand in for it needs root here.\n"
            "What to do: start Docker (`docker info` must succeed), or run this as root on Debian."
        )
    if not shutil.which("apt-get"):
        raise EngineUnavailableError(
            f"No Docker engine answers, and {', '.join(missing)} cannot be installed: there is no apt-get.\n"
            "What to do: start Docker (`docker info` must succeed), or install those packages."
        )
    with step(f"installing {', '.join(missing)}"):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *missing)


def _apt(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise EngineUnavailableError(
            f"No Docker engine answers, and `apt-get {' '.join(arguments)}` failed:\n{done.stdout[-2000:]}\n"
            "What to do: start Docker (`docker info` must succeed), or mend apt's sources."
        )
