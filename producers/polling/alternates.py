"""What a list says of an article in other languages, in the form of the raw event."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from schemas.raw.model import Alternate

_MOST: Final = 100
_LONGEST: Final = 2_048


def alternates_of(given: Iterable[tuple[str, str]]) -> tuple[Alternate, ...] | None:
    """Return languages and addresses, as given, at most 100; None where there are none. Longer addresses are none of an article."""
    named = ((language, url) for language, url in given if len(url) <= _LONGEST)
    return tuple(Alternate(language=language, url=url) for language, url in islice(named, _MOST)) or None
