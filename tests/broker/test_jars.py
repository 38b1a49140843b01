"""The broker's jars: the committed lock is enforced on what is cached and on what is fetched."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire.broker import EmbeddedBrokerError, jars
from newswire.broker.jars_lock import KAFKA, KAFKA_VERSION, read_lock, sha256_of

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def real() -> Path:
    """The folder of the real jars, fetched if this machine has none yet."""
    return jars.ensure_jars()[0].parent


@pytest.fixture
def cache(real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own with all jars, and no repository that answers."""
    monkeypatch.setenv("NEWSWIRE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NEWSWIRE_MAVEN_REPOSITORY", "http://127.0.0.1:9")
    shutil.copytree(real, tmp_path / "cache" / real.name)
    return tmp_path / "cache" / real.name


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Maven repository on loopback that serves the folder yielded."""
    folder = tmp_path / "repository"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("NEWSWIRE_MAVEN_REPOSITORY", f"http://127.0.0.1:{server.server_port}/")
    yield folder
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_lock_is_complete() -> None:
    lock = read_lock()
    names = [jar.file_name for jar in lock]
    assert lock[0].coordinate == KAFKA
    assert len(names) == len(set(names)) == 46
    versions = {jar.artifact: jar.version for jar in lock}
    # A binding of another major version is ignored by slf4j, and Kafka's log is lost.
    assert versions["slf4j-simple"] == versions["slf4j-api"]
    assert versions["kafka-clients"] == KAFKA_VERSION


def test_a_warm_start_needs_no_network_and_keeps_the_class_path_order(cache: Path) -> None:
    found = jars.ensure_jars()
    assert [path.name for path in found] == [jar.file_name for jar in read_lock()]
    assert all(path.parent == cache for path in found)


@pytest.mark.parametrize("keep_time", [False, True])
def test_a_jar_that_differs_is_refused(cache: Path, keep_time: bool) -> None:
    victim = cache / f"kafka-clients-{KAFKA_VERSION}.jar"
    jars.ensure_jars()
    expected = sha256_of(victim)
    with victim.open("r+b") as file:
        file.seek(1000)
        file.write(b"tampered")
    if keep_time:  # with no stamp to compare with, every byte is
        (cache / ".verified.json").write_text("[]")
    with pytest.raises(EmbeddedBrokerError) as caught:
        jars.ensure_jars()
    assert caught.value.where == str(victim)
    assert f"expected {expected}, actual {sha256_of(victim)}" in caught.value.what
    assert "delete it and try again" in caught.value.todo


def test_an_extra_jar_is_refused(cache: Path) -> None:
    extra = cache / "evil-1.0.jar"
    extra.write_bytes(b"PK")
    with pytest.raises(EmbeddedBrokerError, match=r"the lock does not list.*evil-1\.0\.jar") as caught:
        jars.ensure_jars()
    assert caught.value.where == str(extra)
    extra.unlink()
    jars.ensure_jars()


def test_a_missing_jar_is_fetched_again(cache: Path, repository: Path) -> None:
    jar = next(jar for jar in read_lock() if jar.artifact == "slf4j-simple")
    place = repository / jar.group.replace(".", "/") / jar.artifact / jar.version
    place.mkdir(parents=True)
    (cache / jar.file_name).rename(place / jar.file_name)
    jars.ensure_jars()
    assert sha256_of(cache / jar.file_name) == jar.sha256
    assert sorted(cache.glob("fetch-*")) == []


def test_a_repository_that_sends_another_jar_is_refused_and_nothing_kept(
    cache: Path, repository: Path
) -> None:
    jar = next(jar for jar in read_lock() if jar.artifact == "slf4j-simple")
    place = repository / jar.group.replace(".", "/") / jar.artifact / jar.version
    place.mkdir(parents=True)
    (place / jar.file_name).write_bytes(b"PK not it")
    (cache / jar.file_name).unlink()
    with pytest.raises(EmbeddedBrokerError, match=rf"sent another {jar.file_name}.*expected {jar.sha256}"):
        jars.ensure_jars()
    assert not (cache / jar.file_name).exists()
    assert sorted(cache.glob("fetch-*")) == []


def test_a_repository_without_the_jar(cache: Path, repository: Path) -> None:
    (cache / f"kafka-raft-{KAFKA_VERSION}.jar").unlink()
    with pytest.raises(
        EmbeddedBrokerError, match=f"cannot be fetched: org.apache.kafka:kafka-raft:{KAFKA_VERSION}"
    ):
        jars.ensure_jars()


def test_no_network_on_the_first_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.delenv("NEWSWIRE_MAVEN_REPOSITORY", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens on the discard port
    with pytest.raises(EmbeddedBrokerError, match=r"cannot be fetched: [\w.]+:[\w.-]+:[\w.]+") as caught:
        jars.ensure_jars()
    for way_out in ("HTTPS_PROXY", "NEWSWIRE_MAVEN_REPOSITORY", "copy the folder", "--bootstrap-servers"):
        assert way_out in caught.value.todo
    assert str(tmp_path / "empty") in caught.value.todo


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEWSWIRE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(EmbeddedBrokerError, match="cache of the broker's jars cannot be used") as caught:
        jars.ensure_jars()
    assert "NEWSWIRE_CACHE_DIR" in caught.value.todo
