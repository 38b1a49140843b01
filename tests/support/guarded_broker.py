"""A broker that lets in who is known to it: over TLS, by every login there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from token_issuer import AUDIENCE, TokenIssuer

from newswire.broker import EmbeddedBroker
from newswire.broker.certificates import Authority, new_authority, write_secret
from newswire.broker.guard import Guard, Tokens
from newswire.log.client import Connection
from newswire.log.rights import admit

USER, PASSWORD = "normalize", "swordfish-for-normalize"


@dataclass(frozen=True)
class Guarded:
    """A running broker with TLS and every login, its authority, and the issuer of tokens that it trusts."""

    bootstrap: str
    guard: Guard
    folder: Path
    authority: Authority
    issuer: TokenIssuer

    def login(self, mechanism: str) -> dict[str, str]:
        """Return the environment of someone who comes in by one mechanism."""
        common = {
            "NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL",
            "NEWSWIRE_SSL_CAFILE": str(self.guard.ca),
            "NEWSWIRE_SASL_MECHANISM": mechanism,
        }
        if mechanism == "OAUTHBEARER":
            return common | {
                "NEWSWIRE_OAUTH_TOKEN_URL": self.issuer.token_url,
                "NEWSWIRE_OAUTH_CLIENT_ID": USER,
                "NEWSWIRE_OAUTH_CLIENT_SECRET": PASSWORD,
            }
        return common | {"NEWSWIRE_SASL_USERNAME": USER, "NEWSWIRE_SASL_PASSWORD": PASSWORD}


@contextmanager
def guarded_broker(folder: Path) -> Iterator[Guarded]:
    """Run one; `USER` may come in by every mechanism."""
    authority = new_authority("test authority")
    (folder / "ca.pem").write_bytes(authority.pem())
    write_secret(folder / "broker.pem", authority.issue("broker", ["127.0.0.1"]))
    with TokenIssuer({USER: PASSWORD}) as issuer:
        guard = Guard(
            "SASL_SSL",
            ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"),
            certificate=folder / "broker.pem",
            ca=folder / "ca.pem",
            plain_users={USER: PASSWORD},
            tokens=Tokens(issuer.jwks_url, AUDIENCE, issuer.issuer),
        )
        with EmbeddedBroker(folder / "data", guard=guard) as broker:
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
                admit(Connection(broker.bootstrap, guard.security()), {USER: PASSWORD}, mechanism)
            yield Guarded(broker.bootstrap, guard, folder, authority, issuer)
