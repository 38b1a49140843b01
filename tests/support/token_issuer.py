"""A small issuer of bearer tokens over real HTTP: a token endpoint for client credentials, and the keys that tokens are checked with."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "newswire-kafka"


class TokenIssuer:
    """Knows clients (id -> secret) and signs tokens for them. `life` and `audience` are those of the tokens it gives from now on."""

    def __init__(self, clients: dict[str, str]) -> None:
        self.clients = clients
        self.life = 300.0
        self.audience = AUDIENCE
        self.status = 0
        """Answer with this HTTP status instead."""
        self.given = 0
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def token_url(self) -> str:
        return f"{self.issuer}/token"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/keys"

    def token(self, subject: str) -> str:
        """Return a signed token (RFC 7519) for a subject."""
        now = time.time()
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": self.audience,
            "iat": int(now - 600),
            "exp": int(now + self.life),
        }
        signed = b".".join(
            _base64(json.dumps(part).encode())
            for part in ({"alg": "RS256", "typ": "JWT", "kid": "1"}, claims)
        )
        signature = self._key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return b".".join((signed, _base64(signature))).decode()

    def keys(self) -> dict[str, Any]:
        """Return the public key as a set (RFC 7517)."""
        numbers = self._key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": "1",
                    "n": _number(numbers.n),
                    "e": _number(numbers.e),
                }
            ]
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*((200, issuer.keys()) if self.path == "/keys" else (404, {})))

            def do_POST(self) -> None:
                form = dict(
                    urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
                )
                kind, _, pair = self.headers.get("Authorization", "").partition(" ")
                name, _, secret = base64.b64decode(pair).decode().partition(":")
                name, secret = urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)
                if issuer.status:
                    self._answer(issuer.status, {})
                elif kind != "Basic" or not secret or issuer.clients.get(name) != secret:
                    self._answer(401, {"error": "invalid_client"})
                elif form.get("grant_type") != "client_credentials":
                    self._answer(400, {"error": "unsupported_grant_type"})
                else:
                    issuer.given += 1
                    self._answer(
                        200,
                        {
                            "access_token": issuer.token(name),
                            "token_type": "Bearer",
                            "expires_in": issuer.life,
                        },
                    )

            def _answer(self, status: int, data: dict[str, Any]) -> None:
                body = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: Any) -> None:
                pass

        return Handler


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()
