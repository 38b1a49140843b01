"""The committed list of the broker's jars: coordinates and SHA-256 sums."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

KAFKA_VERSION = "4.3.0"
KAFKA = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
# Kafka logs through slf4j; without a binding beside it on the class path all of its log is lost.
SLF4J_BINDING = "org.slf4j:slf4j-simple"

LOCK_FILE = "jars.sha256"
_LINE = re.compile(
    r"(?P<sha256>[0-9a-f]{64})  (?P<group>[\w.\-]+):(?P<artifact>[\w.\-]+):(?P<version>[\w.\-]+)"
)


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One jar of the lock: its Maven coordinates and the SHA-256 (hex) that its bytes must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def coordinate(self) -> str:
        """`group:artifact:version`, as Maven writes it."""
        return f"{self.group}:{self.artifact}:{self.version}"

    @property
    def file_name(self) -> str:
        """The jar's file name in a Maven repository."""
        return f"{self.artifact}-{self.version}.jar"


def read_lock() -> tuple[LockedJar, ...]:
    """Return the jars of the committed lock, in class path order.

    Raises ValueError naming the line when the lock itself is not well formed.
    """
    text = resources.files(__package__).joinpath(LOCK_FILE).read_text(encoding="utf-8")
    jars = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{LOCK_FILE}, line {number}: not 'SHA256  group:artifact:version': {line!r}")
        jars.append(LockedJar(**match.groupdict()))
    return tuple(jars)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def regenerate_lock(lock_path: Path, scratch: Path, repositories: dict[str, str] | None = None) -> int:
    """Resolve Kafka's dependencies afresh through jgo and write them with their sums to `lock_path`.

    `scratch` receives a Maven repository layout (about 50 MB). `repositories` are name to URL; jgo's default otherwise.
    The binding gets the version of the slf4j-api that Kafka asks for. Returns the number of jars. Needs the network.
    For a maintainer who changes KAFKA_VERSION: `python -m newswire.broker.jars_lock`.
    """
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=scratch, local_repos=[], remote_repos=repositories, timeout=60)
    inputs, transitive = context.resolver.resolve([context.create_dependency(KAFKA)])
    found = [dependency.artifact for dependency in (*inputs, *transitive)]
    api = next(artifact for artifact in found if artifact.artifactId == "slf4j-api")
    found.append(context.create_dependency(f"{SLF4J_BINDING}:{api.version}").artifact)
    lines = [
        f"# The jars of {KAFKA} and its logging binding. Enforced at every start.",
        "# Written by `python -m newswire.broker.jars_lock`; not edited by hand.",
    ]
    for artifact in found:
        coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
        lines.append(f"{sha256_of(artifact.resolve())}  {coordinate}")
    lock_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(found)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        regenerate_lock(Path(__file__).with_name(LOCK_FILE), Path(folder))
