"""Getting into a guarded broker: every way works, every mistake is told by the name of the setting, and nothing hangs."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from guarded_broker import Guarded
from token_issuer import AUDIENCE
from waiting import until
from wire import TinyNormalize, make_topics, payloads, publish, raw_record

from newswire import config, topology
from newswire.broker import EmbeddedBroker
from newswire.broker.certificates import new_authority, write_secret
from newswire.broker.guard import Guard
from newswire.errors import AccessError, BrokerError, UsageError
from newswire.log.client import Connection
from newswire.log.contract import WindowLimits
from newswire.log.door import knock
from newswire.log.kafka import KafkaLog
from newswire.stage.loop import StageLoop

# Two brokers may have to be started for one test, and each took a hundred seconds on the busiest machine we have seen.
pytestmark = [
    pytest.mark.broker,
    pytest.mark.long,
    pytest.mark.usefixtures("no_settings"),
    pytest.mark.timeout(600),
]
MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
SECONDS = 90.0
"""What any refusal may take on a busy machine; the Kafka client alone tries for ten seconds, and waits without end where it hangs."""


@contextmanager
def entered(
    bootstrap: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[KafkaLog]:
    """Give the log as a command sees it whose environment is this."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    log = KafkaLog(config.load().connection(bootstrap))
    try:
        yield log
    finally:
        log.close()


def refusal(bootstrap: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return why we are not let in; that it is told soon is part of it."""
    began = time.monotonic()
    with (
        pytest.raises((AccessError, BrokerError)) as error,
        entered(bootstrap, environment, monkeypatch) as log,
    ):
        log.topics()
    assert time.monotonic() - began < SECONDS
    return str(error.value)


def process_one_article(log: KafkaLog, folder: Path) -> None:
    """Publish one article, and let a stage handle it in a transaction."""
    make_topics(log, 1)
    publish(log, raw_record(log, "g1"))
    slot = log.slot(
        topic="news.raw.v1", group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0)
    )
    loop = StageLoop(TinyNormalize(), log, slot, folder, limits=WindowLimits(seconds=0.05))
    until(lambda: loop.step(0.5), "the record")
    loop.close()
    [article] = payloads(log, "normalized")
    assert article["guid"] == "g1"


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_stage_works_over_tls_with_every_login(
    guarded: Guarded, mechanism: str, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = guarded.login(mechanism) | {"NEWSWIRE_NAMESPACE": namespace}
    with entered(guarded.bootstrap, environment, monkeypatch) as log:
        process_one_article(log, tmp_path)


def test_a_token_is_used_again_until_it_is_nearly_out_of_date(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(guarded.bootstrap, guarded.login("OAUTHBEARER"), monkeypatch) as log:
        before = guarded.issuer.given
        log.topics()
        log.close()  # and a new connection
        log.topics()
        assert guarded.issuer.given == before + 1


@pytest.mark.parametrize("mechanism", MECHANISMS[:3])
def test_a_wrong_password_is_told_as_such(
    guarded: Guarded, mechanism: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = guarded.login(mechanism) | {"NEWSWIRE_SASL_PASSWORD": "not-it-at-all"}
    said = refusal(guarded.bootstrap, wrong, monkeypatch)
    assert "NEWSWIRE_SASL_PASSWORD" in said
    assert "NEWSWIRE_SASL_USERNAME=normalize" in said
    assert "not-it-at-all" not in said


def test_a_mechanism_that_the_broker_does_not_have_is_told(guarded: Guarded) -> None:
    with pytest.raises(AccessError, match=r"NEWSWIRE_SASL_MECHANISM=GSSAPI, but .*SCRAM-SHA-512"):
        knock(Connection(guarded.bootstrap, guarded.guard.security() | {"sasl_mechanism": "GSSAPI"}))


def test_another_authority_is_told(guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(new_authority("another").pem())
    said = refusal(
        guarded.bootstrap, guarded.login("PLAIN") | {"NEWSWIRE_SSL_CAFILE": str(other)}, monkeypatch
    )
    assert "NEWSWIRE_SSL_CAFILE must be the authority that signed it" in said


def test_a_name_that_is_not_in_the_certificate_is_told(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The certificate is for 127.0.0.1 only.
    elsewhere = guarded.bootstrap.replace("127.0.0.1", "localhost")
    said = refusal(elsewhere, guarded.login("PLAIN"), monkeypatch)
    assert "It is not for localhost" in said
    assert "NEWSWIRE_SSL_CHECK_HOSTNAME" in said


def test_the_name_is_not_looked_at_when_one_says_so(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = guarded.bootstrap.replace("127.0.0.1", "localhost")
    environment = guarded.login("PLAIN") | {"NEWSWIRE_SSL_CHECK_HOSTNAME": "false"}
    with entered(elsewhere, environment, monkeypatch) as log:
        assert isinstance(log.topics(), dict)


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        ("PLAINTEXT", "speaks TLS, and NEWSWIRE_SECURITY_PROTOCOL is PLAINTEXT"),
        ("SASL_PLAINTEXT", "speaks TLS, and NEWSWIRE_SECURITY_PROTOCOL is SASL_PLAINTEXT"),
        ("SSL", "closes the connection unless one logs in: set NEWSWIRE_SECURITY_PROTOCOL to SASL_SSL"),
    ],
)
def test_the_wrong_protocol_is_told(
    guarded: Guarded, protocol: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = guarded.login("PLAIN") | {"NEWSWIRE_SECURITY_PROTOCOL": protocol}
    if not protocol.startswith("SASL"):
        del environment["NEWSWIRE_SASL_MECHANISM"]
    assert said in refusal(guarded.bootstrap, environment, monkeypatch)


@pytest.mark.parametrize("protocol", ["SSL", "SASL_PLAINTEXT"])
def test_an_open_broker_is_told_from_a_guarded_one(
    bootstrap_servers: str, protocol: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = guarded.login("PLAIN") | {"NEWSWIRE_SECURITY_PROTOCOL": protocol}
    if protocol == "SSL":
        del environment["NEWSWIRE_SASL_MECHANISM"]
    assert "NEWSWIRE_SECURITY_PROTOCOL" in refusal(bootstrap_servers, environment, monkeypatch)


@contextmanager
def answering(greet: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does `greet` with whoever connects, and then closes; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer, suppress(OSError):
                    greet(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_an_expired_certificate_is_told(
    guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "expired.pem"
    yesterday = datetime.now(UTC) - timedelta(days=2)
    write_secret(pem, guarded.authority.issue("broker", ["127.0.0.1"], days=1, now=yesterday))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def greet(peer: socket.socket) -> None:
        context.wrap_socket(peer, server_side=True)

    with answering(greet) as address:
        said = refusal(address, guarded.login("PLAIN"), monkeypatch)
    assert "certificate has expired" in said
    assert "NEWSWIRE_SSL_CAFILE" in said


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"])
def test_what_closes_without_a_word_is_asked_again(
    guarded: Guarded, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that is being killed does that, and a proxy behind which there is none: a stage must not give up for it."""
    environment = guarded.login("PLAIN") | {"NEWSWIRE_SECURITY_PROTOCOL": protocol}
    if not protocol.startswith("SASL"):
        del environment["NEWSWIRE_SASL_MECHANISM"]
    with (
        answering(lambda _: None) as address,
        pytest.raises(BrokerError) as error,
        entered(address, environment, monkeypatch) as log,
    ):
        log.topics()
    assert address in str(error.value)
    assert "NEWSWIRE_SECURITY_PROTOCOL" in str(error.value)


def test_a_port_that_never_answers_does_not_hold_us(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = threading.Event()
    began = time.monotonic()
    with answering(lambda _: silence.wait(SECONDS * 2) and None) as address:
        with (
            pytest.raises(BrokerError, match="no Kafka broker answers"),
            entered(address, guarded.login("PLAIN"), monkeypatch) as log,
        ):
            log.topics()
        silence.set()
    assert time.monotonic() - began < SECONDS


def test_a_wrong_secret_with_the_issuer_is_told(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = guarded.login("OAUTHBEARER") | {"NEWSWIRE_OAUTH_CLIENT_SECRET": "not-it-at-all"}
    said = refusal(guarded.bootstrap, wrong, monkeypatch)
    assert "invalid_client" in said
    assert "NEWSWIRE_OAUTH_CLIENT_SECRET" in said
    assert "not-it-at-all" not in said


@pytest.mark.parametrize(("life", "audience"), [(-120.0, AUDIENCE), (300.0, "somebody-else")])
def test_a_token_that_the_broker_does_not_take_is_told(
    guarded: Guarded, life: float, audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded.issuer, "life", life)
    monkeypatch.setattr(guarded.issuer, "audience", audience)
    said = refusal(guarded.bootstrap, guarded.login("OAUTHBEARER"), monkeypatch)
    assert "does not accept the token" in said
    assert "NEWSWIRE_OAUTH_TOKEN_URL" in said


def test_an_issuer_that_is_down_is_waited_for_and_named(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No AccessError: it may be back in a minute, and a stage goes on asking.
    monkeypatch.setattr(guarded.issuer, "status", 503)
    with (
        entered(guarded.bootstrap, guarded.login("OAUTHBEARER"), monkeypatch) as log,
        pytest.raises(BrokerError, match=r"NEWSWIRE_OAUTH_TOKEN_URL=.* 503"),
    ):
        log.topics()
    monkeypatch.setattr(guarded.issuer, "status", 302)
    with pytest.raises(BrokerError, match="302"):
        log.topics()


def test_with_certificates_on_both_sides_the_stage_needs_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = new_authority("ours"), new_authority("other")
    (tmp_path / "ca.pem").write_bytes(ours.pem())
    for name, authority, common_name in (
        ("broker", ours, "broker"),
        ("client", ours, "normalize"),
        ("stranger", other, "normalize"),
    ):
        write_secret(tmp_path / f"{name}.pem", authority.issue(common_name, ["127.0.0.1"]))
    guard = Guard(
        "SSL", certificate=tmp_path / "broker.pem", ca=tmp_path / "ca.pem", client_certificates=True
    )
    base = {"NEWSWIRE_SECURITY_PROTOCOL": "SSL", "NEWSWIRE_SSL_CAFILE": str(tmp_path / "ca.pem")}

    def shown(name: str) -> dict[str, str]:
        return base | {
            "NEWSWIRE_SSL_CERTFILE": str(tmp_path / f"{name}.pem"),
            "NEWSWIRE_SSL_KEYFILE": str(tmp_path / f"{name}.pem"),
        }

    with EmbeddedBroker(tmp_path / "data", guard=guard) as broker:
        for environment in (base, shown("stranger")):
            assert "NEWSWIRE_SSL_CERTFILE" in refusal(broker.bootstrap, environment, monkeypatch)
        with entered(broker.bootstrap, shown("client"), monkeypatch) as log:
            process_one_article(log, tmp_path / "state")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL"}, "needs NEWSWIRE_SASL_MECHANISM"),
        ({"NEWSWIRE_SASL_MECHANISM": "PLAIN"}, "NEWSWIRE_SECURITY_PROTOCOL=PLAINTEXT has no login"),
        (
            {"NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL", "NEWSWIRE_SASL_MECHANISM": "PLAIN"},
            "needs NEWSWIRE_SASL_USERNAME and NEWSWIRE_SASL_PASSWORD",
        ),
        (
            {"NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL", "NEWSWIRE_SASL_MECHANISM": "OAUTHBEARER"},
            "needs NEWSWIRE_OAUTH_TOKEN_URL",
        ),
        (
            {"NEWSWIRE_SECURITY_PROTOCOL": "SSL", "NEWSWIRE_SSL_CAFILE": "/nowhere/ca.pem"},
            "NEWSWIRE_SSL_CAFILE=/nowhere/ca.pem: there is no such file",
        ),
        (
            {
                "NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL",
                "NEWSWIRE_SASL_MECHANISM": "PLAIN",
                "NEWSWIRE_SASL_USERNAME": "u",
                "NEWSWIRE_SASL_PASSWORD_FILE": "/nowhere/password",
            },
            "NEWSWIRE_SASL_PASSWORD_FILE=/nowhere/password cannot be read",
        ),
        (
            {
                "NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL",
                "NEWSWIRE_SASL_MECHANISM": "OAUTHBEARER",
                "NEWSWIRE_OAUTH_TOKEN_URL": "http://issuer.example/token",
                "NEWSWIRE_OAUTH_CLIENT_ID": "u",
                "NEWSWIRE_OAUTH_CLIENT_SECRET": "s",
            },
            "must be https",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_refused_before_anything_is_tried(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=said.replace("(", r"\(")):
        config.load().connection("127.0.0.1:9")


def test_a_password_may_be_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    for name, value in {
        "NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL",
        "NEWSWIRE_SASL_MECHANISM": "PLAIN",
        "NEWSWIRE_SASL_USERNAME": "u",
        "NEWSWIRE_SASL_PASSWORD_FILE": str(tmp_path / "password"),
    }.items():
        monkeypatch.setenv(name, value)
    connection = config.load().connection("127.0.0.1:9")
    assert connection.security["sasl_plain_password"] == "open sesame"
    assert "sesame" not in repr(connection)
