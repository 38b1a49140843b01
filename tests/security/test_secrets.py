"""Passwords, tokens and passwords of keys stay where they belong: in no log line, command line, message, listing or metric."""

from __future__ import annotations

import base64
import io
import logging
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from guarded_broker import PASSWORD, USER, Guarded
from waiting import PATIENCE, until

from newswire import config, subscribe, topology
from newswire.broker.ports import free_ports
from newswire.broker.running import status as running_on
from newswire.errors import AccessError, BrokerError, UsageError
from newswire.log.client import Connection, admin
from newswire.log.kafka import KafkaLog
from newswire.log.rights import admit
from newswire.topics import specs

pytestmark = [pytest.mark.broker, pytest.mark.long, pytest.mark.timeout(600)]
PARTS = [*(stage.name for stage in topology.STAGES), "clock"]
PLAIN_LOGIN = f"{USER}\0{USER}\0{PASSWORD}"
"""What goes over the wire with PLAIN, but for a name to act for, which nobody has."""
GIVEN_AWAY = [
    PASSWORD,
    base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(PLAIN_LOGIN.encode()).decode(),
    # What a client sends to the issuer, and what every token of this issuer begins with.
    base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
    "eyJhbGciOiAiUlMyNTYi",
]
WRONG = "not-it-but-a-secret-all-the-same"


def given_away(text: str, *more: str) -> list[str]:
    """Return the secrets that stand in a text."""
    return [secret for secret in (*GIVEN_AWAY, *more) if secret in text]


def plain() -> dict[str, str]:
    """Return our environment without settings of ours."""
    from os import environ

    return {k: v for k, v in environ.items() if not k.startswith(("NEWSWIRE_", "KAFKA_"))}


def command_lines(of: int) -> dict[int, str]:
    """Return the command lines of a process and all below it, as anybody on the machine can read them."""
    process, shown = psutil.Process(of), {}
    for found in (process, *process.children(recursive=True)):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            line = Path(f"/proc/{found.pid}/cmdline").read_text(encoding="utf-8")
            shown[found.pid] = line.replace("\0", " ")
    return shown


@pytest.mark.parametrize(
    ("mechanism", "form", "in_file"), [("PLAIN", "json", False), ("OAUTHBEARER", "text", True)]
)
def test_the_whole_pipeline_shows_none_in_log_lines_and_command_lines(
    guarded: Guarded, namespace: str, tmp_path: Path, mechanism: str, form: str, in_file: bool
) -> None:
    login = guarded.login(mechanism)
    if in_file:
        (tmp_path / "secret").write_text(login.pop("NEWSWIRE_OAUTH_CLIENT_SECRET"))
        login["NEWSWIRE_OAUTH_CLIENT_SECRET_FILE"] = str(tmp_path / "secret")
    environment = plain() | login | {
        "KAFKA_BOOTSTRAP_SERVERS": guarded.bootstrap,
        "NEWSWIRE_NAMESPACE": namespace,
        "NEWSWIRE_STATE_DIR": str(tmp_path / "state"),
        "NEWSWIRE_LOG_LEVEL": "debug",
        "NEWSWIRE_LOG_FORMAT": form,
    }  # fmt: skip
    with (tmp_path / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "newswire", "up"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        # Each says so when it has got in.
        until(
            lambda: (
                (tmp_path / "up.log").read_text().count("runs") >= len(PARTS) or process.poll() is not None
            ),
            "all parts of the pipeline",
        )
        assert process.poll() is None, (tmp_path / "up.log").read_text()
        shown = command_lines(process.pid)
        assert len(shown) > len(PARTS)
        assert not given_away("\n".join(shown.values()))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    assert not given_away((tmp_path / "up.log").read_text())


def test_the_brokers_processes_and_log_show_none(guarded: Guarded) -> None:
    shown = command_lines(psutil.Process().pid)
    assert any("kafka.Kafka" in line for line in shown.values())
    assert not given_away("\n".join(shown.values()), guarded.guard.password)
    node = guarded.folder / "data" / "node-1"
    assert not given_away((node / "broker.log").read_text(errors="replace"), guarded.guard.password)
    # There they stand, for the broker's owner only.
    settings = node / "server.properties"
    assert given_away(settings.read_text(), guarded.guard.password)
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600


def broker(*command: str | Path) -> str:
    """Run `newswire broker`; return what it wrote to standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "newswire", "broker", *map(str, command)],
        env=plain() | {"NEWSWIRE_BROKER": "embedded"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def of_its_own(tmp_path: Path) -> Iterator[Path]:
    """The data folder of a broker that `newswire broker start --secure` has started."""
    broker("start", "--secure", "--data-dir", tmp_path)
    yield tmp_path
    broker("stop", "--data-dir", tmp_path)


def test_a_broker_of_ones_own_keeps_its_secrets_for_its_owner_and_stays_secure(of_its_own: Path) -> None:
    clients = of_its_own / "security" / "clients"
    passwords = {path.read_text(): path for path in clients.glob("*.password")}
    assert len(passwords) == 8
    nodes = running_on(of_its_own)
    assert nodes is not None
    assert not given_away(
        "\n".join(line for pid in nodes.pids for line in command_lines(pid).values()), *passwords
    )
    assert stat.S_IMODE((of_its_own / "security").stat().st_mode) == 0o700
    for path in of_its_own.rglob("*"):
        if path.is_file() and "data" not in path.relative_to(of_its_own).parts:
            text = path.read_bytes().decode(errors="replace")
            secret = path in passwords.values() or "PRIVATE KEY" in text or "password=" in text
            assert secret or not given_away(text, *passwords), path
            assert not secret or stat.S_IMODE(path.stat().st_mode) == 0o600, path
    # Started again without a word of it, it lets in the same ones and nobody else; who has lost a password is given a new one.
    broker("stop", "--data-dir", of_its_own)
    lost = (clients / "subscriber.password").read_text()
    (clients / "subscriber.password").unlink()
    bootstrap = broker("start", "--data-dir", of_its_own).strip()
    assert (clients / "subscriber.password").read_text() != lost
    login = {
        "security_protocol": "SASL_SSL", "ssl_cafile": str(of_its_own / "security" / "authority.pem"),
        "sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": "source",
        "sasl_plain_password": (clients / "source.password").read_text(),
    }  # fmt: skip
    log = KafkaLog(Connection(bootstrap, login))
    assert log.topics() == {}
    log.close()
    login |= {"sasl_plain_username": "subscriber", "sasl_plain_password": lost}
    for refused in (Connection(bootstrap), Connection(bootstrap, login)):
        with pytest.raises(AccessError):
            KafkaLog(refused).topics()


@pytest.mark.parametrize("command", [("topics",), ("doctor",), ("config", "show"), ("run", "clock")])
@pytest.mark.parametrize("mechanism", ["PLAIN", "OAUTHBEARER"])
def test_a_command_that_fails_shows_none(
    guarded: Guarded, tmp_path: Path, mechanism: str, command: tuple[str, ...]
) -> None:
    """A wrong one is as secret as a right one: often it is right elsewhere, or right but for a letter."""
    wrong = {name: WRONG if value == PASSWORD else value for name, value in guarded.login(mechanism).items()}
    assert WRONG in wrong.values()
    said = _until_refused(
        command,
        plain()
        | wrong
        | {
            "KAFKA_BOOTSTRAP_SERVERS": guarded.bootstrap,
            "NEWSWIRE_STATE_DIR": str(tmp_path),
            "NEWSWIRE_DATA_DIR": str(tmp_path),
            "NEWSWIRE_LOG_LEVEL": "debug",
        },
    )
    assert said
    assert WRONG not in said
    assert base64.b64encode(WRONG.encode()).decode() not in said
    assert base64.b64encode(f"{USER}:{WRONG}".encode()).decode() not in said


def _until_refused(command: tuple[str, ...], environment: dict[str, str]) -> str:
    """Run a command; one that waits to be let in is ended when it has said so."""
    said = ""
    with subprocess.Popen(
        [sys.executable, "-m", "newswire", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if '"event": "waiting"' in line:
                process.terminate()
    return said


def test_the_metrics_show_none(guarded: Guarded, namespace: str, tmp_path: Path) -> None:
    [port] = free_ports(1)
    log = KafkaLog(Connection(guarded.bootstrap, dict(guarded.guard.security()), namespace))
    log.create(specs(1))
    environment = plain() | guarded.login("SCRAM-SHA-512") | {
        "KAFKA_BOOTSTRAP_SERVERS": guarded.bootstrap,
        "NEWSWIRE_NAMESPACE": namespace,
        "NEWSWIRE_STATE_DIR": str(tmp_path),
        "NEWSWIRE_METRICS_PORT": str(port),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "newswire", "run", "clock"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: any(log.end_offsets(topology.topic("normalized").name).values()), "a tick")
        assert process.poll() is None
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            shown = answer.read().decode()
    finally:
        process.terminate()
        process.wait(PATIENCE)
        log.close()
    assert "newswire_stage_up" in shown
    assert not given_away(shown, USER, guarded.bootstrap)


@pytest.fixture
def everything_said() -> Iterator[io.StringIO]:
    """All log lines of all libraries at level debug, as an application may have them that reads our topics."""
    to = io.StringIO()
    handler = logging.StreamHandler(to)
    root = logging.getLogger()
    # Commands that other tests ran in this process have made the client's loggers quieter.
    loggers = [root, *(logging.getLogger(name) for name in ("kafka", "kafka.net", "newswire"))]
    before = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield to
    root.removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.mark.usefixtures("no_settings")
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512", "OAUTHBEARER"])
def test_an_application_that_logs_everything_logs_none(
    guarded: Guarded,
    namespace: str,
    mechanism: str,
    everything_said: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in guarded.login(mechanism).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NEWSWIRE_NAMESPACE", namespace)
    connection = config.load().connection(guarded.bootstrap)
    log = KafkaLog(connection)
    log.create(specs(1))
    with subscribe("articles", group="app", until_end=True, log=log) as articles:
        assert list(articles) == []
    log.writer("app").close()
    log.close()
    said = everything_said.getvalue()
    assert "Authenticated" in said  # kafka-python does log what it does
    assert "MetadataRequest" in said
    assert not given_away(said)
    # Of SCRAM no password is sent, but what one can be guessed from.
    assert "SaslAuthenticate" not in said


def test_making_a_user_logs_none(guarded: Guarded, everything_said: io.StringIO) -> None:
    to = Connection(guarded.bootstrap, dict(guarded.guard.security()))
    admit(to, {"another": WRONG})
    client = admin(to)
    assert "another" in str(client.describe_user_scram_credentials(["another"]))
    client.close()
    assert WRONG not in everything_said.getvalue()
    assert "AlterUserScramCredentials" not in everything_said.getvalue()


@pytest.mark.usefixtures("no_settings")
def test_the_password_of_a_key_is_not_told(
    guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everything_said: io.StringIO
) -> None:
    pem = guarded.authority.issue("normalize", ["127.0.0.1"])
    key, _, certificate = pem.partition(b"-----BEGIN CERTIFICATE-----")
    locked = load_pem_private_key(key, None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSWORD.encode())
    )
    (tmp_path / "client.pem").write_bytes(b"-----BEGIN CERTIFICATE-----" + certificate)
    (tmp_path / "client.key").write_bytes(locked)
    for name, value in {
        **guarded.login("SCRAM-SHA-512"),
        "NEWSWIRE_SSL_CERTFILE": str(tmp_path / "client.pem"),
        "NEWSWIRE_SSL_KEYFILE": str(tmp_path / "client.key"),
        "NEWSWIRE_SSL_KEY_PASSWORD": PASSWORD,
    }.items():
        monkeypatch.setenv(name, value)
    log = KafkaLog(config.load().connection(guarded.bootstrap))
    assert isinstance(log.topics(), dict)
    log.close()
    monkeypatch.setenv("NEWSWIRE_SSL_KEY_PASSWORD", WRONG)
    with pytest.raises(AccessError) as error:
        KafkaLog(config.load().connection(guarded.bootstrap)).topics()
    assert "NEWSWIRE_SSL_KEY_PASSWORD" in str(error.value)
    assert WRONG not in str(error.value)
    assert not given_away(everything_said.getvalue(), WRONG)


@pytest.mark.usefixtures("no_settings")
def test_an_address_with_a_login_in_it_is_refused_or_shown_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_OAUTH_TOKEN_URL", f"https://me:{WRONG}@issuer.example/token")
    with pytest.raises(UsageError, match=r"NEWSWIRE_OAUTH_TOKEN_URL: .*no user or password") as error:
        config.load()
    assert WRONG not in str(error.value)
    monkeypatch.setenv("NEWSWIRE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NEWSWIRE_MAVEN_REPOSITORY", f"http://me:{WRONG}@127.0.0.1:9/maven")
    from newswire.broker.jars import ensure_jars

    with pytest.raises(BrokerError, match=r"http://\*\*\*@127\.0\.0\.1:9/maven") as refused:
        ensure_jars()
    assert WRONG not in str(refused.value)
