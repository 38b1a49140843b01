"""The base of every model in the contract, and the types they share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

UtcDatetime = Annotated[
    AwareDatetime,
    AfterValidator(lambda moment: moment.astimezone(UTC)),
    Field(description="An instant in UTC (RFC 3339)."),
]
Confidence = Annotated[float, Field(ge=0, le=1, description="How sure the stage is, from 0 to 1.")]
ArticleId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="Deterministic article id (UUID version 5).",
    ),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, in hexadecimal.")]


class Contract(BaseModel):
    """A part of a published event.

    Who writes an event may only set fields that are in the contract (`extra="forbid"`); who reads one ignores what it does
    not know, so that a field can be added without breaking readers: read with `from_data`.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, ser_json_inf_nan="constants"
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
