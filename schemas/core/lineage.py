"""Where an event comes from, in the terms of W3C PROV: entities are records, activities are stages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import Contract


class RecordRef(Contract):
    """One Kafka record, by its coordinates."""

    topic: Annotated[str, Field(min_length=1)]
    """Topic name."""
    partition: Annotated[int, Field(ge=0)]
    """Partition number."""
    offset: Annotated[int, Field(ge=0)]
    """Offset in the partition."""


class Activity(Contract):
    """What one stage did on the way (prov:Activity)."""

    stage: str
    """Stage name, e.g. `normalize`."""
    rule_version: str
    """Version of the stage's rules: the same input under the same version gives the same output bytes."""
    used: RecordRef
    """The record that the stage read (prov:used)."""


class Lineage(Contract):
    """The way of one raw record to this event."""

    was_derived_from: RecordRef
    """The raw record (prov:wasDerivedFrom)."""
    was_generated_by: tuple[Activity, ...]
    """The stages it went through, in order (prov:wasGeneratedBy)."""

    def then(self, activity: Activity) -> Lineage:
        """Return this lineage with one more stage at its end."""
        return Lineage(
            was_derived_from=self.was_derived_from, was_generated_by=(*self.was_generated_by, activity)
        )
