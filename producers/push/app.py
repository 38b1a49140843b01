"""The application: who sends, what, under which key; handed to the desk; answered when the broker has it."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final, Protocol

import anyio
import structlog
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from newswire import metrics
from newswire.errors import ContractError, Reject
from newswire.intake.contract import Accepted, KeyReusedError, Submission, UnavailableError
from producers.push.articles import articles_of, refuse_other_media
from producers.push.body import Held, read_body, unpacked
from producers.push.entrance import Entrance
from producers.push.limits import Limits
from producers.push.model import Acceptance, Fault, Health, PushedReceipt
from producers.push.openapi import document
from producers.push.problems import MEDIA_TYPE, Problem
from producers.push.senders import Sender, Senders

_LOG = structlog.get_logger("newswire.push")
_KEY: Final = re.compile(r"[!-~]{1,255}")
ARTICLES: Final = "/v1/articles"


class Desk(Protocol):
    """Where articles are handed in: `newswire.intake.desk.Desk`."""

    @property
    def ready(self) -> bool:
        """Whether articles are taken just now."""
        ...

    def submit(self, submission: Submission) -> Future[Accepted]:
        """Take articles."""
        ...


class Push:
    """The handlers of all routes, and what they share."""

    def __init__(self, desk: Desk, senders: Senders | None, limits: Limits) -> None:
        self._desk = desk
        self._entrance = Entrance(senders)
        self._limits = limits
        self._held = Held(limits.held_bytes)
        self._open = 0
        self._document = Response(document(limits), media_type="application/json")

    async def articles(self, request: Request) -> Response:
        """`POST /v1/articles`."""
        if self._open >= self._limits.requests:
            raise _unavailable("more requests are open than are handled at once", 1.0, closes=True)
        self._open += 1
        try:
            return await self._articles(request)
        finally:
            self._open -= 1

    async def _articles(self, request: Request) -> Response:
        self._entrance.before_body(request, time.time())
        refuse_other_media(request.headers.get("content-type", ""), request.query_params.multi_items())
        data = await read_body(request, self._limits, self._held)
        try:
            sender = self._entrance.who(request, data)
            submission = await anyio.to_thread.run_sync(self._submission, request, data, sender)
            answer = self._submit(submission)
        finally:
            self._held.remove(len(data))
        try:
            accepted = await asyncio.wait_for(asyncio.wrap_future(answer), self._limits.answer_seconds)
        except KeyReusedError:
            raise _reused() from None
        except UnavailableError as error:
            raise _unavailable(str(error), error.after) from None
        except TimeoutError:
            raise _unavailable("the broker has not answered in time", 5.0) from None
        receipts = tuple(PushedReceipt(**asdict(each)) for each in accepted.receipts)
        return _json(Acceptance(receipts=receipts, repeated=accepted.repeated), 202)

    def _submission(self, request: Request, data: bytes, sender: Sender) -> Submission:
        plain = unpacked(data, request.headers.get("content-encoding", ""), self._limits)
        content_type = request.headers.get("content-type", "")
        articles = articles_of(
            plain,
            content_type,
            dict(request.query_params),
            sender=sender,
            captured_at=datetime.now(UTC),
            limits=self._limits,
        )
        digest = hashlib.sha256(plain)
        digest.update(f"\0{content_type}\0{request.url.query}".encode())
        return Submission(sender.name, articles, _key(request), digest.hexdigest())

    def _submit(self, submission: Submission) -> Future[Accepted]:
        try:
            return self._desk.submit(submission)
        except UnavailableError as error:
            raise _unavailable(str(error), error.after) from None
        except Reject as reject:
            fault = Fault(pointer=reject.path or None, detail=reject.detail)
            raise Problem(
                "too-large", f"an article cannot be taken: {reject.detail}", faults=[fault]
            ) from None
        except ContractError as error:
            fault = Fault(pointer=error.path, detail=str(error))
            raise Problem("invalid-article", "an article breaks the contract", faults=[fault]) from None

    async def health(self, request: Request) -> Response:
        """`GET /healthz`."""
        del request
        ready = self._desk.ready
        return _json(Health(status="ok" if ready else "unavailable"), 200 if ready else 503)

    async def openapi(self, request: Request) -> Response:
        """`GET /openapi.json`."""
        del request
        return self._document


def application(desk: Desk, senders: Senders | None, limits: Limits | None = None) -> Starlette:
    """Return the application. `senders` None: from this machine only, and without any login."""
    push = Push(desk, senders, limits or Limits())
    return Starlette(
        routes=[
            Route(ARTICLES, _counted(push.articles), methods=["POST"]),
            Route("/healthz", push.health, methods=["GET"]),
            Route("/openapi.json", push.openapi, methods=["GET"]),
        ],
        exception_handlers={
            Problem: _answer,
            HTTPException: _other,
            ClientDisconnect: _gone,
            Exception: _fault,
        },
    )


Handler = Callable[[Request], Awaitable[Response]]


def _counted(handler: Handler) -> Handler:
    async def count(request: Request) -> Response:
        try:
            answer = await handler(request)
        except Problem as problem:
            metrics.PUSHED.labels(str(problem.status)).inc()
            raise
        metrics.PUSHED.labels(str(answer.status_code)).inc()
        return answer

    return count


def _key(request: Request) -> str | None:
    """Return what the request is known by: the signed id of a webhook, or `Idempotency-Key`."""
    signed, given = request.headers.get("webhook-id"), request.headers.get("idempotency-key")
    if "authorization" not in request.headers and signed is not None:
        if given is not None and _bare(given) != signed:
            raise Problem(
                "bad-request",
                "a webhook is known by its webhook-id, which is signed: leave Idempotency-Key out",
                faults=[Fault(header="Idempotency-Key", detail="differs from webhook-id")],
            )
        return f"webhook:{signed}"
    if given is None:
        return None
    key = _bare(given)
    if not _KEY.fullmatch(key):
        raise Problem(
            "bad-request",
            "Idempotency-Key must be 1 to 255 visible ASCII characters, in quotes or not; a UUID for each request is best",
            faults=[Fault(header="Idempotency-Key", detail="must be 1 to 255 visible ASCII characters")],
        )
    return f"key:{key}"


def _bare(given: str) -> str:
    """Return a key without the quotes that the draft of the header asks for, and that most senders leave out."""
    text = given.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _reused() -> Problem:
    return Problem(
        "key-reused",
        "another request came under this key before: use a new key for what is new, and the same bytes for what is sent again",
        faults=[Fault(header="Idempotency-Key", detail="was used for another body, type or address")],
    )


def _unavailable(why: str, after: float, *, closes: bool = False) -> Problem:
    return Problem(
        "unavailable",
        f"{why}. Send the same again after the time that Retry-After says; under the same key nothing is published twice",
        headers={"retry-after": str(max(1, math.ceil(after)))},
        closes=closes,
    )


def _json(shape: BaseModel, status: int) -> Response:
    return Response(shape.model_dump_json(), status, media_type="application/json")


def _problem(problem: Problem) -> Response:
    return Response(problem.body, problem.status, problem.headers, MEDIA_TYPE)


async def _answer(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Problem)
    return _problem(error)


async def _other(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return _problem(
            Problem("method-not-allowed", f"this address takes {allowed}", headers={"allow": allowed})
        )
    return _problem(
        Problem(
            "not-found", f"articles are handed in with POST {ARTICLES}; {request.url.path[:100]} is nothing"
        )
    )


async def _gone(request: Request, error: Exception) -> Response:
    del request, error
    # Nobody reads it: the connection is closed.
    return _problem(Problem("bad-request", "the connection was closed before the body was there"))


async def _fault(request: Request, error: Exception) -> Response:
    # The server writes the traceback to the log.
    del request, error
    return _problem(
        Problem(
            "internal", "this is our fault, not yours: send it again, and tell whoever runs this", closes=True
        )
    )
