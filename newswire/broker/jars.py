"""The broker's jars: fetched once through jgo, checked against the committed lock at every start."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.jars_lock import KAFKA, KAFKA_VERSION, LockedJar, read_lock, sha256_of

_log = structlog.get_logger("newswire.broker")

_STAMPS = ".verified.json"
_LOCK_WAIT = 600.0  # seconds: another process may be downloading 45 MB over a slow line
_PARALLEL = 8


def cache_dir() -> Path:
    """Return the folder for downloads: NEWSWIRE_CACHE_DIR, otherwise the user's cache folder for newswire."""
    given = os.environ.get("NEWSWIRE_CACHE_DIR")
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("newswire", appauthor=False))


def ensure_jars(cache: Path | None = None) -> tuple[Path, ...]:
    """Return the broker's jars in class path order; fetch what is missing, verify everything.

    A jar whose size and mtime are those of its last full check is taken as checked; any other is hashed. The stamp
    guards a start against accidents, not against someone who can write to the cache: such a person owns the account.

    Raises EmbeddedBrokerError when a jar differs from the lock, when a jar is there that the lock does not know, and when a
    missing one cannot be fetched.
    """
    import filelock

    folder = (cache or cache_dir()) / f"kafka-{KAFKA_VERSION}"
    locked = read_lock()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.with_name(folder.name + ".lock"), timeout=_LOCK_WAIT):
            missing = [jar for jar in locked if not (folder / jar.file_name).is_file()]
            if missing:
                _fetch(missing, folder)
            _refuse_extra(folder, locked)
            _verify(folder, locked)
    except filelock.Timeout as error:
        raise EmbeddedBrokerError(
            "another process has been preparing the broker's jars for ten minutes",
            where=folder,
            todo="wait for it, or end it, then try again",
        ) from error
    except OSError as error:
        raise EmbeddedBrokerError(
            f"the cache of the broker's jars cannot be used: {error.strerror or error}",
            where=error.filename or folder,
            todo="make the folder writable, free some disk space, or set NEWSWIRE_CACHE_DIR to another folder",
        ) from error
    return tuple(folder / jar.file_name for jar in locked)


def _refuse_extra(folder: Path, locked: tuple[LockedJar, ...]) -> None:
    known = {jar.file_name for jar in locked}
    for path in sorted(folder.glob("*.jar")):
        if path.name not in known:
            raise EmbeddedBrokerError(
                f"a jar that the lock does not list is in the broker's cache: {path.name}",
                where=path,
                todo="delete it and try again",
            )


def _verify(folder: Path, locked: tuple[LockedJar, ...]) -> None:
    stamps_path = folder / _STAMPS
    stamps = _read_stamps(stamps_path)
    checked: dict[str, list[int | str]] = {}
    for jar in locked:
        path = folder / jar.file_name
        info = path.stat()
        stamp: list[int | str] = [info.st_size, info.st_mtime_ns, jar.sha256]
        if stamps.get(jar.file_name) != stamp:
            actual = sha256_of(path)
            if actual != jar.sha256:
                raise EmbeddedBrokerError(
                    f"the jar {jar.file_name} is not the one in the lock: SHA-256 expected {jar.sha256}, actual {actual}",
                    where=path,
                    todo="delete it and try again; it is then fetched afresh",
                )
        checked[jar.file_name] = stamp
    if checked != stamps:
        _replace_text(stamps_path, json.dumps(checked, indent=1))


def _read_stamps(path: Path) -> dict[str, object]:
    try:
        stamps = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}  # no stamp: every jar is hashed, which is always right
    return stamps if isinstance(stamps, dict) else {}


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _repositories() -> dict[str, str] | None:
    """Name to URL: NEWSWIRE_MAVEN_REPOSITORY, else jgo's own configuration, else None for jgo's default (Central)."""
    given = os.environ.get("NEWSWIRE_MAVEN_REPOSITORY")
    if given:
        return {"newswire": given.rstrip("/")}
    from jgo.config import GlobalSettings

    return dict(GlobalSettings.load().repositories) or None


def _fetch(missing: list[LockedJar], folder: Path) -> None:
    """Download into a folder of its own and move in what is right: an interrupted run leaves no half jar behind."""
    from jgo.maven import MavenContext

    _log.info("fetching the broker's jars", kafka=KAFKA, jars=len(missing), folder=str(folder))
    scratch = Path(tempfile.mkdtemp(prefix="fetch-", dir=folder))
    try:
        context = MavenContext(repo_cache=scratch, local_repos=[], remote_repos=_repositories(), timeout=60)

        def fetch(jar: LockedJar) -> None:
            try:
                got = Path(context.create_dependency(jar.coordinate).artifact.resolve())
            # jgo raises RuntimeError for "not in any repository"; requests' errors are OSErrors.
            except (OSError, RuntimeError) as error:
                raise _unreachable(jar, context.remote_repos, error) from error
            actual = sha256_of(got)
            if actual != jar.sha256:
                raise EmbeddedBrokerError(
                    f"the repository sent another {jar.file_name} than the one in the lock: "
                    f"SHA-256 expected {jar.sha256}, actual {actual}",
                    where=_without_logins(", ".join(context.remote_repos.values())),
                    todo="use another repository (NEWSWIRE_MAVEN_REPOSITORY=URL); this file was not kept",
                )
            got.replace(folder / jar.file_name)

        pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="fetch-jars")
        try:
            for _ in pool.map(fetch, missing):
                pass
        finally:
            pool.shutdown(cancel_futures=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _log.info("fetched the broker's jars", jars=len(missing))


def _unreachable(jar: LockedJar, repositories: dict[str, str], error: Exception) -> EmbeddedBrokerError:
    return EmbeddedBrokerError(
        f"the embedded broker's jars are not in the cache and cannot be fetched: {jar.coordinate}: {_without_logins(str(error))}",
        where=_without_logins(", ".join(repositories.values())),
        todo=(
            "connect to the network; or set HTTPS_PROXY to your proxy, or NEWSWIRE_MAVEN_REPOSITORY to a Maven mirror; or copy the "
            f"folder {cache_dir() / f'kafka-{KAFKA_VERSION}'} from a machine that has it; or use a broker of your own "
            "with --bootstrap-servers"
        ),
    )


def _without_logins(text: str) -> str:
    """Return a text in which no address has a user and a password: mirrors are often given so."""
    return re.sub(r"(\w://)[^/\s@]*@", r"\1***@", text)
