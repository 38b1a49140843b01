"""The callback that hubs call: verification of intent, denial, and the news that a feed has changed (WebSub, sections 5 and 7).

What a hub sends is never read as a feed: it only says that the feed is worth asking now. So the worst that a forged message can do is one
request more to a publisher, which the schedule bounds.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from producers.websub.mailbox import Mailbox, Message
from producers.websub.signature import Signature

PATH: Final = "/websub"
MAX_BODY_BYTES: Final = 8 * 1024 * 1024
"""A fat ping may hold a whole feed. It is counted and checked, not kept."""
_PASSED_OVER_BYTES: Final = 64 * 1024 * 1024
"""As much is read before a body is refused: a connection that closes while the hub still sends is reset, and the hub may not see why."""
_MAX_CHALLENGE: Final = 1_000
_BODY_SECONDS: Final = 30.0
_NO_SNIFFING: Final = {"X-Content-Type-Options": "nosniff"}


def callback_app(mailbox: Mailbox) -> Starlette:
    """Return the application; every lease has its own path, `/websub/TOKEN`."""

    async def verify(request: Request) -> Response:
        token = request.path_params["token"]
        asked = request.query_params
        lease = mailbox.lease(token)
        mode, topic = asked.get("hub.mode"), asked.get("hub.topic")
        if lease is None or topic != lease.topic:
            return PlainTextResponse("no such subscription", 404)
        if mode == "denied":
            mailbox.put(Message(token, "denied", reason=asked.get("hub.reason", "")[:500]))
            return PlainTextResponse("noted")
        challenge = asked.get("hub.challenge", "")
        seconds = asked.get("hub.lease_seconds", "")
        if mode != "subscribe" or not 0 < len(challenge) <= _MAX_CHALLENGE or not _is_count(seconds):
            return PlainTextResponse("no such subscription is wanted", 404)
        mailbox.put(Message(token, "confirmed", seconds=float(seconds)))
        return PlainTextResponse(challenge, headers=_NO_SNIFFING)

    async def changed(request: Request) -> Response:
        token = request.path_params["token"]
        lease = mailbox.lease(token)
        signature = Signature(request.headers.get("x-hub-signature"), lease.secret if lease else "")
        try:
            size = await _read(request, signature)
        except TimeoutError:
            return PlainTextResponse("the body took too long", 408)
        except ClientDisconnect:
            return Response(status_code=400)
        if lease is None:
            # 410 ends it for the hub (section 7): the lease was dropped here.
            return PlainTextResponse("no such subscription", 410)
        if size > MAX_BODY_BYTES:
            return PlainTextResponse(f"at most {MAX_BODY_BYTES} bytes are taken", 413)
        # A wrong signature is answered like a right one (section 7.1.2), and ignored.
        if not lease.secret or signature.holds():
            mailbox.put(Message(token, "changed"))
        return PlainTextResponse("noted", 202)

    path = PATH + "/{token}"
    return Starlette(routes=[Route(path, verify, methods=["GET"]), Route(path, changed, methods=["POST"])])


async def _read(request: Request, signature: Signature) -> int:
    """Hand the body over to the signature, as far as it is taken, and return how many bytes came."""
    size = 0
    async with asyncio.timeout(_BODY_SECONDS):
        async for piece in request.stream():
            size += len(piece)
            if size > _PASSED_OVER_BYTES:
                break
            if size <= MAX_BODY_BYTES:
                signature.take(piece)
    return size


def _is_count(text: str) -> bool:
    return 0 < len(text) <= 10 and text.isascii() and text.isdigit()
