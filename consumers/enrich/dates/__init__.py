"""Date expressions: found in the text, resolved against the day of publication."""

from consumers.enrich.dates.find import find_dates
from consumers.enrich.dates.span import FoundDate, Grain, Span

__all__ = ["FoundDate", "Grain", "Span", "find_dates"]
