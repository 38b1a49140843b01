"""Letting others in: users with passwords (SCRAM), and rules (ACLs) for what they may do. For a broker of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from newswire.acls import Grant
from newswire.errors import BrokerError
from newswire.log.client import Connection, KafkaError, acl, admin, scram_user

SCRAM: Final = "SCRAM-SHA-512"


def admit(to: Connection, passwords: Mapping[str, str], mechanism: str = SCRAM) -> None:
    """Make users, or give those that are there a new password. Raises BrokerError."""
    client = admin(to)
    try:
        answer = client.alter_user_scram_credentials(
            [scram_user(name, mechanism, password) for name, password in passwords.items()]
        )
    except KafkaError as error:
        raise BrokerError(f"users could not be made ({type(error).__name__}: {error})") from error
    finally:
        client.close()
    for name, wrong in answer.items():
        if wrong:
            raise BrokerError(f"user {name} could not be made: {wrong}")


def allow(to: Connection, rules: Iterable[Grant]) -> None:
    """Allow what the rules say, to principals called `User:<name>`; what is allowed already stays so. Raises BrokerError."""
    client = admin(to)
    try:
        answer = client.create_acls(
            [
                acl(f"User:{rule.principal}", rule.resource, rule.name, operation, prefixed=rule.prefixed)
                for rule in rules
                for operation in rule.operations
            ]
        )
    except KafkaError as error:
        raise BrokerError(f"rules could not be made ({type(error).__name__}: {error})") from error
    finally:
        client.close()
    if answer["failed"]:
        raise BrokerError(f"{len(answer['failed'])} rules could not be made: {answer['failed'][0].__name__}")
