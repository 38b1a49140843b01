"""The numbers that the stage decides by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Windows and thresholds. A change of any of them is a new `rule_version`."""

    window_hours: int = 72
    """Copies are looked for among articles that were seen, or copied, so recently."""
    identity_days: int = 30
    """An article that was not seen for so long is forgotten: a later capture of it is new."""
    withdrawn_days: int = 365
    """A withdrawn article is remembered so long, so that a late copy from an archive does not bring it back."""
    overtaken_seconds: int = 60
    """A capture that was made so long before that of the present content is an older version. Of less, machines' clocks may err."""
    refresh_hours: int = 6
    """The time of last sight is written anew only when it has moved by so much: a record on the changelog each time."""
    threshold: float = 0.42
    """Containment from which a text may be a copy."""
    sure_threshold: float = 0.36
    """Containment asked for where"""
    many_same: int = 4
    """so many numbers and names agree, and none differs."""
    few_compared: int = 8
    """With fewer sampled shingles than this the estimate is coarse, and `few_threshold` holds."""
    few_threshold: float = 0.6
    """Containment asked for when few shingles could be compared."""
    least_shared: int = 3
    """Sampled shingles that must be in both texts,"""
    fewest_shared: int = 2
    """or only so many, where"""
    least_same: int = 2
    """so many numbers and names agree: a short excerpt meets few of the sampled shingles."""
    short: int = 300
    """A text with more shingles than this must share `least_shared`."""
    least_shingles: int = 20
    """Texts with fewer shingles are never compared: too little to tell a copy from a coincidence."""
    least_words: int = 8
    """Equal content under two ids is a copy only if body or summary has so many words: `Morning briefing` is written every day."""
    shorter: float = 0.8
    """A copy with fewer shingles than this share of the original's is an excerpt; one that exceeds it as much extends it."""
    much_longer: float = 5.0
    """A text that is more than so many times as long as the one it contains is a report of its own: the story after the flash."""
    most_candidates: int = 16
    """Originals that are looked at closely for one arriving text."""
    most_related: int = 3
    """Template siblings that are named."""
