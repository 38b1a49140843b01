"""What is answered where something is wrong: Problem Details for HTTP APIs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from producers.push.model import Fault, ProblemDetails

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (400, "The request is not well formed"),
    "invalid-json": (400, "The body is not JSON"),
    "invalid-encoding": (400, "The body cannot be unpacked"),
    "unauthorized": (401, "The sender is not known"),
    "forbidden": (403, "Not from there"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "Not with this method"),
    "too-slow": (408, "The body did not come in time"),
    "key-reused": (409, "The key was used for another request"),
    "too-large": (413, "More than is taken at once"),
    "unsupported-media-type": (415, "Not a kind of content that is taken"),
    "invalid-article": (422, "An article cannot be taken"),
    "too-many-requests": (429, "More requests than were agreed"),
    "internal": (500, "A fault of ours"),
    "unavailable": (503, "Nothing is taken just now"),
}
"""Kind of problem -> status and title. The kind is the end of `type`."""


class Problem(Exception):  # noqa: N818 - named as in the RFC
    """An answer that is not the one that was hoped for. `faults` say which parts of the request are wrong."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        closes: bool = False,
    ) -> None:
        super().__init__(detail)
        self.status, self.title = TITLES[kind]
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = {**(headers or {}), **({"connection": "close"} if closes else {})}

    @property
    def body(self) -> bytes:
        """The answer's body."""
        details = ProblemDetails(
            type=f"urn:newswire:problem:{self.kind}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            errors=self.faults,
        )
        return details.model_dump_json(exclude_none=True, exclude_defaults=False).encode()
