"""Letting senders in: a bearer token, a webhook's signature, or, where that was asked for, nobody else than this machine."""

from __future__ import annotations

import math
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from producers.push.model import Fault
from producers.push.problems import Problem
from producers.push.rate import Rates
from producers.push.senders import Sender, Senders
from producers.push.webhooks import SignatureError, check_head

WEBHOOK_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")
_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")
_ANYBODY: Final = Sender("push", ())
_LONGEST_TOKEN: Final = 512


class Entrance:
    """Finds the sender of a request, and how many it may make. `senders` None: whoever is on this machine, as one sender."""

    def __init__(self, senders: Senders | None) -> None:
        self._senders = senders
        self._rates = Rates()

    def before_body(self, request: Request, now: float) -> None:
        """Raise `Problem` where the headers alone show that the request will not be taken. `now` is in seconds since 1970."""
        if self._senders is None:
            _refuse_pages(request)
        elif "authorization" in request.headers:
            self._let_in(self._by_token(request))
        else:
            self._check_webhook(request, now)

    def who(self, request: Request, body: bytes) -> Sender:
        """Return the sender, once the body, as it came, is there. Raises `Problem`."""
        if self._senders is None:
            return self._let_in(_ANYBODY)
        if "authorization" in request.headers:
            return self._by_token(request)
        message_id, timestamp, signature = (request.headers[name] for name in WEBHOOK_HEADERS)
        found = self._senders.by_signature(signature, message_id, timestamp, body)
        if found is None:
            raise _unknown(
                "no signature in webhook-signature is right: it must be v1, HMAC-SHA256 with a secret that we know, over id, time and the "
                "bytes of the body as they are sent",
                "webhook-signature",
            )
        return self._let_in(found)

    def _by_token(self, request: Request) -> Sender:
        scheme, _, token = request.headers["authorization"].strip().partition(" ")
        found = None
        if scheme.lower() == "bearer" and len(token) <= _LONGEST_TOKEN and self._senders is not None:
            found = self._senders.by_token(token.strip())
        if found is None:
            raise _unknown(
                "Authorization must be `Bearer` and a token that we gave you; one that was replaced holds no longer",
                "Authorization",
            )
        return found

    def _check_webhook(self, request: Request, now: float) -> None:
        missing = [name for name in WEBHOOK_HEADERS if name not in request.headers]
        if missing:
            what = "Authorization" if len(missing) == len(WEBHOOK_HEADERS) else missing[0]
            raise _unknown(
                "say who you are: `Authorization: Bearer …`, or webhook-id, webhook-timestamp and webhook-signature",
                what,
            )
        try:
            check_head(request.headers["webhook-id"], request.headers["webhook-timestamp"], now)
        except SignatureError as error:
            raise _unknown(str(error), str(error).partition(" ")[0]) from None

    def _let_in(self, sender: Sender) -> Sender:
        wait = self._rates.take(sender)
        if wait:
            raise Problem(
                "too-many-requests",
                f"{sender.name} may make {sender.rate:g} requests a second: put more articles in each, or send fewer",
                headers={"retry-after": str(math.ceil(wait))},
            )
        return sender


def _refuse_pages(request: Request) -> None:
    """Raise `Problem` for what a web page makes a browser on this machine send: it can reach us, but tells where it is from."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    if "origin" in request.headers or host not in _THIS_MACHINE:
        raise Problem(
            "forbidden",
            "without a login only programs on this machine may push, by its own name: not web pages",
            closes=True,
        )


def _unknown(detail: str, header: str) -> Problem:
    return Problem(
        "unauthorized",
        detail,
        faults=[Fault(header=header, detail=detail)],
        headers={"www-authenticate": "Bearer"},
    )
