"""What a command begins with: settings, logs, and the log at a broker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newswire.config import Settings
    from newswire.log.kafka import KafkaLog


def begin() -> Settings:
    """Return the settings, with log lines configured after them. Raises UsageError."""
    from newswire import config
    from newswire.cli.logs import configure_logs

    settings = config.load()
    configure_logs(settings)
    return settings


def enter(lane: str | None) -> None:
    """Work in a lane from here on, child processes too."""
    if lane is not None:
        os.environ["NEWSWIRE_LANE"] = lane


def find_broker(bootstrap: str | None, settings: Settings) -> str:
    """Return the bootstrap servers of the broker that is there. Raises BrokerError when there is none."""
    from newswire.broker.locate import locate
    from newswire.errors import BrokerError

    found = locate(bootstrap, settings.data_dir)
    if found is None:
        raise BrokerError(
            "no broker runs here: start one with `newswire up` (with all stages) or `newswire broker start`, or say where one is with "
            "--bootstrap-servers or KAFKA_BOOTSTRAP_SERVERS"
        )
    return found.bootstrap


@contextmanager
def connected(bootstrap: str | None, settings: Settings) -> Iterator[KafkaLog]:
    """Give the log at the broker that is there; what Kafka cannot do becomes a BrokerError."""
    from newswire.errors import BrokerError
    from newswire.log.client import AuthorizationError, KafkaError
    from newswire.log.kafka import KafkaLog

    servers = find_broker(bootstrap, settings)
    log = KafkaLog(settings.connection(servers))
    try:
        yield log
    except AuthorizationError as error:
        who = settings.sasl_username or settings.oauth_client_id or "this client's certificate"
        raise BrokerError(
            f"Kafka at {servers} does not allow this to {who} ({type(error).__name__}: {error}): `newswire acls` tells what each "
            "principal must be allowed (docs/acls.md)"
        ) from error
    except KafkaError as error:
        raise BrokerError(
            f"Kafka at {servers} could not do what was asked ({type(error).__name__}: {error}): `newswire doctor` looks for the cause"
        ) from error
    finally:
        log.close()
