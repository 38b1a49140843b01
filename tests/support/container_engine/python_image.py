"""A stand-in for the Python base image, made from Debian's own packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import tempfile
from pathlib import Path

from container_engine.engine import Engine, EngineUnavailableError
from container_engine.progress import step

PYTHON_IMAGE = "docker.io/library/python:3.11-slim-bookworm"
RECIPE_LABEL = "newswire.recipe"

_SUITE = "bookworm"
_INCLUDE = "python3,python3-venv,python3-pip,ca-certificates"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_BUNDLE = "etc/ssl/certs/ca-certificates.crt"
_PIP_SETTINGS = ("INDEX_URL", "EXTRA_INDEX_URL", "TRUSTED_HOST", "PROXY", "DEFAULT_TIMEOUT", "RETRIES")


def make_python_image(engine: Engine, home: Path) -> None:
    """Make the image that the Dockerfile starts from, unless it is there already.

    Debian 12's Python is 3.11. The image gets this machine's certificates and pip settings, so that pip reaches the
    package index inside a build the way it does outside; the Dockerfile then needs to know nothing of either.

    Raises EngineUnavailableError when debootstrap fails or apt names no source for the suite.
    """
    bundle = _certificates()
    pip_conf = _pip_conf()
    recipe = hashlib.sha256(Path(__file__).read_bytes() + bundle + pip_conf.encode()).hexdigest()
    if has_recipe(engine, PYTHON_IMAGE, recipe):
        return
    old = identity(engine, PYTHON_IMAGE)
    with step("making the Python base image"), tempfile.TemporaryDirectory(dir=home) as scratch:
        root = Path(scratch) / "root"
        _debootstrap(root)
        shutil.rmtree(root / "var/cache/apt")
        shutil.rmtree(root / "var/lib/apt/lists")
        (root / _BUNDLE).write_bytes(bundle)
        (root / "etc/pip.conf").write_text(pip_conf, encoding="utf-8")
        for name in ("python", "python3"):  # where the official image has them
            (root / "usr/local/bin" / name).symlink_to("/usr/bin/python3")
        archive = Path(scratch) / "root.tar"
        subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True)
        engine.run(
            "import",
            "--change", 'CMD ["python3"]',
            "--change", f"LABEL {RECIPE_LABEL}={recipe}",
            str(archive),
            PYTHON_IMAGE,
        )  # fmt: skip
    drop_replaced(engine, old, PYTHON_IMAGE)


def identity(engine: Engine, image: str) -> str:
    """Return an image's id, or nothing when there is no such image."""
    return engine.run("image", "inspect", "--format", "{{.Id}}", image, check=False).stdout.strip()


def drop_replaced(engine: Engine, old: str, image: str) -> None:
    """Remove the image that `image` was before it was made anew; one that others are built on stays."""
    if old and old != identity(engine, image):
        engine.run("image", "rm", old, check=False)


def has_recipe(engine: Engine, image: str, recipe: str) -> bool:
    """Tell whether an image is there and was made by this very recipe."""
    found = engine.run(
        "image", "inspect", "--format", f'{{{{index .Labels "{RECIPE_LABEL}"}}}}', image, check=False
    )
    return found.returncode == 0 and found.stdout.strip() == recipe


def _debootstrap(root: Path) -> None:
    sources = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)",
         "Created-By: Packages", f"Codename: {_SUITE}", "Component: main"],
        capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    if not sources:
        raise EngineUnavailableError(
            f"No Docker engine answers, and apt has no source of Debian {_SUITE} to make base images from.\n"
            "What to do: start Docker (`docker info` must succeed), or run this on Debian 12."
        )
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={_INCLUDE}", f"--keyring={_KEYRING}",
         _SUITE, str(root), sources[0]],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise EngineUnavailableError(f"debootstrap cannot make a base image:\n{done.stdout[-2000:]}")


def _certificates() -> bytes:
    for given in (
        os.environ.get("PIP_CERT"),
        os.environ.get("SSL_CERT_FILE"),
        ssl.get_default_verify_paths().cafile,
    ):
        if given and Path(given).is_file():
            return Path(given).read_bytes()
    raise EngineUnavailableError(
        "No certificate bundle was found on this machine.\nWhat to do: install ca-certificates, or set SSL_CERT_FILE."
    )


def _pip_conf() -> str:
    lines = ["[global]", f"cert = /{_BUNDLE}", "disable-pip-version-check = true"]
    for name in _PIP_SETTINGS:
        value = os.environ.get(f"PIP_{name}")
        if value:
            lines.append(f"{name.lower().replace('_', '-')} = {value}")
    return "\n".join(lines) + "\n"
