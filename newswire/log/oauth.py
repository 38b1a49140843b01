"""Bearer tokens for OAUTHBEARER: asked for at the issuer's token endpoint (OAuth 2.0 client credentials, RFC 6749 section 4.4)."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from newswire.errors import AccessError, BrokerError

_TIMEOUT: Final = 5.0  # seconds: the Kafka client waits for it, and its connection is given ten
_LONGEST: Final = 1 << 20  # bytes of an answer
_RENEW_SHARE: Final = 0.8
"""A token is used for this share of its life: never up to the last second, which the clocks may disagree about."""
_UNTOLD_LIFE: Final = 300.0
"""Seconds that a token is used for when the issuer does not say how long it lives."""


@dataclass
class ClientCredentials:
    """A client that is known to an issuer of tokens. Thread-safe: several connections ask at the same time."""

    url: str
    """The token endpoint."""
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None
    ca: Path | None = None
    """Certificate authority of the endpoint (PEM); None: those that the system trusts."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _token: str = field(default="", repr=False)
    _renew_at: float = 0.0

    def token(self) -> str:
        """Return a token that is good for a while.

        Raises AccessError when the issuer refuses the client, BrokerError when it does not answer as it should.
        """
        with self._lock:
            if time.monotonic() >= self._renew_at:
                asked_at = time.monotonic()
                self._token, life = self._ask()
                self._renew_at = asked_at + life * _RENEW_SHARE
            return self._token

    def _ask(self) -> tuple[str, float]:
        """Return a new token and how long it lives, in seconds."""
        form = {"grant_type": "client_credentials"} | ({"scope": self.scope} if self.scope else {})
        # RFC 6749, section 2.3.1: both are form-encoded before they are put together.
        pair = ":".join(urllib.parse.quote_plus(part) for part in (self.client_id, self.client_secret))
        request = urllib.request.Request(  # noqa: S310 - the settings take http and https only
            self.url,
            data=urllib.parse.urlencode(form).encode(),
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Accept": "application/json",
            },
        )
        try:
            with self._opener().open(request, timeout=_TIMEOUT) as answer:
                body = answer.read(_LONGEST)
        except urllib.error.HTTPError as error:
            raise self._refused(error) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise BrokerError(f"no token from NEWSWIRE_OAUTH_TOKEN_URL={self.url}: {reason}") from None
        return self._read(body)

    def _opener(self) -> urllib.request.OpenerDirector:
        try:
            context = ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as error:
            raise AccessError(f"NEWSWIRE_OAUTH_CAFILE={self.ca} cannot be used: {error}") from None
        # No proxy and no redirection: the secret goes where the setting says, and nowhere else.
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _NoRedirects(), urllib.request.HTTPSHandler(context=context)
        )

    def _refused(self, error: urllib.error.HTTPError) -> AccessError | BrokerError:
        with error:
            said = _text_of(error.read(_LONGEST), "error")
        if error.code in {400, 401, 403}:
            return AccessError(
                f"the issuer at NEWSWIRE_OAUTH_TOKEN_URL={self.url} gives no token ({error.code} {said}): look at "
                f"NEWSWIRE_OAUTH_CLIENT_ID={self.client_id}, NEWSWIRE_OAUTH_CLIENT_SECRET and NEWSWIRE_OAUTH_SCOPE"
            )
        return BrokerError(f"no token from NEWSWIRE_OAUTH_TOKEN_URL={self.url}: {error.code} {error.reason}")

    def _read(self, body: bytes) -> tuple[str, float]:
        token = _text_of(body, "access_token")
        if not token or not token.isascii() or not token.isprintable():
            raise BrokerError(
                f"what answers at NEWSWIRE_OAUTH_TOKEN_URL={self.url} is no token: JSON with `access_token` is expected"
            )
        try:
            life = float(json.loads(body)["expires_in"])
        except (KeyError, TypeError, ValueError):
            life = _UNTOLD_LIFE
        return token, max(0.0, life)


def _text_of(body: bytes, name: str) -> str:
    try:
        found: Any = json.loads(body)
    except ValueError:
        return ""
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows none: a 302 is then an HTTPError."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""
        return
