"""The base of every model in the contract, and the types they share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

UTC_PATTERN: Final = (
    r"^([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}"
    r"T[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]{1,9})?Z$"
)
"""The one form in which instants are published: RFC 3339 with capital T and Z, no other offset, no leap second, no year 0.

RFC 3339 allows more, and validators differ on what they take of it; beside `format: date-time`, which checks the calendar, this leaves
nothing to differ on, and instants of the same precision sort as text.
"""
UtcDatetime = Annotated[
    AwareDatetime,
    AfterValidator(lambda moment: moment.astimezone(UTC)),
    Field(json_schema_extra={"pattern": UTC_PATTERN}),
]
"""An instant; any offset is taken from Python code, UTC is published."""
Confidence = Annotated[float, Field(ge=0, le=1)]
"""From 0 to 1."""
ARTICLE_ID_PATTERN: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
ArticleId = Annotated[str, Field(pattern=ARTICLE_ID_PATTERN)]
"""Deterministic id (UUID version 5, RFC 9562)."""
SHA256_PATTERN: Final = r"^[0-9a-f]{64}$"
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]
"""SHA-256, in lower-case hexadecimal."""
# These types carry no description: pydantic would publish it in place of what the field's own docstring says.


class Contract(BaseModel):
    """A part of a published event.

    Who writes an event may only set fields that are in the contract (`extra="forbid"`); who reads one ignores what it does
    not know, so that a field can be added without breaking readers: read with `from_data`.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        # JSON has no NaN and no infinity.
        allow_inf_nan=False,
    )

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """Read a decoded payload as a subscriber does: unknown fields are ignored. Raises pydantic's ValidationError."""
        return cls.model_validate(data, extra="ignore")

    def to_data(self) -> dict[str, Any]:
        """Return the JSON-ready payload. What is not known is absent, never null."""
        return self.model_dump(mode="json", exclude_none=True)


def utc_from_ms(milliseconds: int) -> datetime:
    """Return the instant of a Kafka record timestamp (milliseconds since 1970-01-01 UTC)."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
