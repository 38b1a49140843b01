"""The description of the interface (OpenAPI 3.1), made from the shapes and limits that are at work."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import BaseModel

from newswire.intake.keys import KEPT
from producers.push.articles import JSON, PAGES, PARAMETERS, WIRES
from producers.push.limits import Limits
from producers.push.model import (
    Acceptance,
    Fault,
    Health,
    Named,
    ProblemDetails,
    PushedArticle,
    PushedReceipt,
)
from producers.push.problems import MEDIA_TYPE, TITLES
from producers.push.webhooks import TOLERANCE_SECONDS

_SHAPES: Final[tuple[type[BaseModel], ...]] = (
    Acceptance, PushedReceipt, PushedArticle, Named, Health, ProblemDetails, Fault,
)  # fmt: skip
_PUSH_PROBLEMS: Final = (400, 401, 403, 408, 409, 413, 415, 422, 429, 500, 503)
_WAITS: Final = (429, 503)
_PARAMETERS: Final = {
    "url": "The article's address: its identity.",
    "guid": "The sender's own id: its identity where there is no address.",
    "headline": "Title.",
    "published": "When it was published, in any format.",
    "language": "BCP 47.",
    "embargoed_until": "RFC 3339 with an offset: not released before.",
}


def document(limits: Limits) -> bytes:
    """Return the document as JSON."""
    return json.dumps(_document(limits), indent=1).encode()


def _document(limits: Limits) -> dict[str, Any]:
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Newswire push",
            "version": "1",
            "description": "Hand articles in. What is answered with 202 is in the log, acknowledged by the broker.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}, {"webhookId": [], "webhookTimestamp": [], "webhookSignature": []}],
        "paths": {
            "/v1/articles": {"post": _push(limits)},
            "/healthz": {"get": _health()},
            "/openapi.json": {"get": _self()},
        },
        "components": {"schemas": _schemas(), "securitySchemes": _security()},
    }


def _push(limits: Limits) -> dict[str, Any]:
    article = {"$ref": "#/components/schemas/PushedArticle"}
    many = {"type": "array", "items": article, "minItems": 1, "maxItems": limits.articles}
    content: dict[str, Any] = {JSON: {"schema": {"anyOf": [article, many]}}}
    # Bytes as they are: JSON Schema has nothing to say about them.
    content |= {kind: {"schema": {}} for kind in (*PAGES, *WIRES)}
    return {
        "operationId": "pushArticles",
        "summary": "Publish articles, all of them or none",
        "description": f"At most {limits.body_bytes:,} bytes, unpacked, and {limits.articles} articles; one alone 8 MiB. "
        "`Content-Encoding: gzip` is taken. The parameters are for an article that is not JSON; JSON says everything in the body.",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same request under the same key is published once, and answered with the same receipts, also after a "
                f"failure of ours in between. Kept for {KEPT.total_seconds() / 3600:g} hours at least. A webhook is known by its "
                "webhook-id.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            },
            *(
                {
                    "name": name,
                    "in": "query",
                    "required": False,
                    "description": _PARAMETERS[name],
                    "schema": {
                        "type": "string",
                        "minLength": 1,
                        **({"format": "date-time"} if name == "embargoed_until" else {}),
                    },
                }
                for name in PARAMETERS
            ),
        ],
        "requestBody": {"required": True, "content": content},
        "responses": {"202": _answer("Published", Acceptance), **_problems(_PUSH_PROBLEMS)},
    }


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Tell whether articles are taken just now",
        "security": [],
        "responses": {
            "200": _answer("They are", Health),
            "503": _answer("They are not", Health),
            **_problems((500,)),
        },
    }


def _self() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document",
        "security": [],
        "responses": {
            "200": {"description": "OpenAPI 3.1", "content": {JSON: {"schema": {"type": "object"}}}},
            **_problems((500,)),
        },
    }


def _answer(description: str, shape: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    titles = [title for code, title in TITLES.values() if code == status]
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    found: dict[str, Any] = {"description": "; ".join(titles), "content": {MEDIA_TYPE: {"schema": schema}}}
    if status in _WAITS:
        found["headers"] = {
            "Retry-After": {
                "required": True,
                "description": "Seconds until it makes sense to ask again.",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return found


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shape in _SHAPES:
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schema.pop("$defs", None)  # each of them is in the list itself
        found[shape.__name__] = schema
    return found


def _security() -> dict[str, Any]:
    webhook = {
        "webhookId": (
            "webhook-id",
            "Standard Webhooks: the message's id. The same id again publishes nothing.",
        ),
        "webhookTimestamp": (
            "webhook-timestamp",
            f"Seconds since 1970, within {TOLERANCE_SECONDS} s of our clock.",
        ),
        "webhookSignature": (
            "webhook-signature",
            "`v1,` and the HMAC-SHA256 in base64; several parted by spaces.",
        ),
    }
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that whoever runs this gave out.",
        },
        **{
            name: {"type": "apiKey", "in": "header", "name": header, "description": text}
            for name, (header, text) in webhook.items()
        },
    }
