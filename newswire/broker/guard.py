"""How the doors of a broker are guarded: TLS, who is let in, and what they may do. Becomes Kafka's own settings.

Every guarded door takes SASL PLAIN from one user, the broker itself, whose password is made anew at each start: the nodes of a cluster
and the check after a crash come in by it. Where there is no SASL the broker's certificate does the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from newswire.broker.ports import HOST
from newswire.broker.settings import NodePorts

BROKER_USER: Final = "broker"
"""The principal that the broker's own connections have; also the common name of its certificate. It may do everything."""
_CLIENTS, _CONTROLLER = "CLIENTS", "CONTROLLER"
_MODULES: Final = {
    "SCRAM-SHA-256": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "SCRAM-SHA-512": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "OAUTHBEARER": "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
}
_OAUTH_VALIDATOR: Final = "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Which bearer tokens are taken (OAUTHBEARER): signed by a key that is found at `jwks_url`."""

    jwks_url: str
    """Where the issuer publishes its keys: `https://…`, or a `file:` address."""
    audience: str | None = None
    """What the token must be meant for (`aud`); None: it is not looked at."""
    issuer: str | None = None
    """Who must have issued it (`iss`); None: it is not looked at."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a guarded broker asks of its clients."""

    protocol: Literal["SSL", "SASL_SSL", "SASL_PLAINTEXT"]
    """As Kafka names them. SASL_PLAINTEXT shows what passes, to whoever listens: for tests, on loopback."""
    mechanisms: tuple[str, ...] = ()
    """SASL mechanisms for clients; PLAIN is always there, for the broker itself."""
    certificate: Path | None = None
    """The broker's key and certificate chain in one PEM file; needed for TLS."""
    ca: Path | None = None
    """The certificate authority (PEM) that signed it, and those of clients."""
    client_certificates: bool = False
    """Whether clients must show a certificate of that authority (mutual TLS). Without SASL its common name is who they are."""
    plain_users: Mapping[str, str] = field(default_factory=dict, repr=False)
    """User -> password for PLAIN. They stand in the broker's settings file, which only its owner can read."""
    tokens: Tokens | None = None
    """Needed for OAUTHBEARER."""
    authorize: bool = False
    """Whether what no rule allows is refused (Kafka's StandardAuthorizer)."""
    password: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """That of the broker itself."""

    @property
    def tls(self) -> bool:
        """Whether connections are encrypted."""
        return self.protocol != "SASL_PLAINTEXT"

    @property
    def sasl(self) -> bool:
        """Whether clients log in."""
        return self.protocol != "SSL"

    def properties(self, ports: NodePorts) -> dict[str, str]:
        """Return Kafka's settings for one node that is guarded so. They hold secrets."""
        values = {
            "listeners": f"{_CLIENTS}://{HOST}:{ports.client},{_CONTROLLER}://{HOST}:{ports.controller}",
            "advertised.listeners": f"{_CLIENTS}://{HOST}:{ports.client}",
            "inter.broker.listener.name": _CLIENTS,
            "listener.security.protocol.map": f"{_CLIENTS}:{self.protocol},{_CONTROLLER}:{self.protocol}",
        }
        if self.tls:
            values |= self._tls_properties()
        if self.sasl:
            values |= self._sasl_properties()
        if self.authorize:
            values |= {
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found": "false",
                "super.users": f"User:{BROKER_USER}",
            }
        return values

    def _tls_properties(self) -> dict[str, str]:
        assert self.certificate is not None
        assert self.ca is not None
        return {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.certificate),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.ca),
            "ssl.client.auth": "required" if self.client_certificates else "none",
            # Whoever has a certificate is called by its common name alone, so that rules read the same with and without SASL.
            "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/,DEFAULT",
        }

    def _sasl_properties(self) -> dict[str, str]:
        users = {**self.plain_users, BROKER_USER: self.password}
        login = "".join(f" user_{name}={_quoted(password)}" for name, password in users.items())
        plain = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
            f" username={_quoted(BROKER_USER)} password={_quoted(self.password)}"
        )
        clients = f"listener.name.{_CLIENTS.lower()}"
        values = {
            "sasl.enabled.mechanisms": "PLAIN",
            f"{clients}.sasl.enabled.mechanisms": ",".join(dict.fromkeys(("PLAIN", *self.mechanisms))),
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            "sasl.mechanism.controller.protocol": "PLAIN",
            f"{clients}.plain.sasl.jaas.config": f"{plain}{login};",
            f"listener.name.{_CONTROLLER.lower()}.plain.sasl.jaas.config": (
                f"{plain} user_{BROKER_USER}={_quoted(self.password)};"
            ),
        }
        for mechanism in self.mechanisms:
            if mechanism in _MODULES:
                values[f"{clients}.{mechanism.lower()}.sasl.jaas.config"] = f"{_MODULES[mechanism]} required;"
        if self.tokens is not None:
            values |= {
                f"{clients}.oauthbearer.sasl.server.callback.handler.class": _OAUTH_VALIDATOR,
                f"{clients}.oauthbearer.sasl.oauthbearer.jwks.endpoint.url": self.tokens.jwks_url,
            }
            if self.tokens.audience is not None:
                values[f"{clients}.oauthbearer.sasl.oauthbearer.expected.audience"] = self.tokens.audience
            if self.tokens.issuer is not None:
                values[f"{clients}.oauthbearer.sasl.oauthbearer.expected.issuer"] = self.tokens.issuer
        return values

    def java_options(self) -> list[str]:
        """Return what the broker's Java is told besides. No secrets: everyone on the machine can read a command line."""
        if self.tokens is None:
            return []
        # Kafka 4 asks for no address that is not on this list.
        return [f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={self.tokens.jwks_url}"]

    def security(self) -> dict[str, str | None]:
        """Return the settings by which our own connections get in as the broker's user, as in `Connection.security`."""
        values: dict[str, str | None] = {"security_protocol": self.protocol}
        if self.tls:
            values["ssl_cafile"] = str(self.ca)
            if self.client_certificates:
                values |= {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.certificate)}
        if self.sasl:
            values |= {
                "sasl_mechanism": "PLAIN",
                "sasl_plain_username": BROKER_USER,
                "sasl_plain_password": self.password,
            }
        return values


def _quoted(text: str) -> str:
    """Write a value of a JAAS configuration."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise ValueError(
            "a password for PLAIN may hold no quotation marks, backslashes or control characters"
        )
    return f'"{text}"'
