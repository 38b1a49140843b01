"""The numbers that the stage decides by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Windows, weights and thresholds. A change of any of them is a new `rule_version`."""

    window_hours: int = 72
    """An article joins a story that had a new or revised article so recently, and was published so close to one."""
    memory_days: int = 7
    """A story in which nothing happened for so long is forgotten: a later revision of a member begins a new one."""
    threshold: float = 0.28
    """Similarity from which an article joins a story. Higher: fewer wrong members, more stories of the same event."""
    few_terms: int = 16
    """Articles with fewer terms than this (a headline and little more) have few terms in common with anything,"""
    few_threshold: float = 0.21
    """so that a lower similarity is asked of them."""
    closest: int = 2
    """A story is as similar as its so many most similar members are on average: one odd member opens no door."""
    decay: float = 0.3
    """Share of the similarity that is lost at the end of the window."""
    terms: int = 48
    """Terms kept of an article."""
    headline_weight: float = 3.0
    """A term of the headline counts as so many of the body."""
    name_weight: float = 2.5
    """Names tell events apart."""
    prior_articles: int = 500
    """How rare a term is, is told from the window's articles and so many imagined ones, so that the first stories are sound too."""
    prior_share: float = 0.01
    """Share of the imagined articles that hold any term."""
    most_holders: int = 3000
    """A term in more articles of the window proposes no candidates; it still counts in the comparison."""
    most_candidates: int = 100
    """Articles that are compared in full with one arriving article."""
    most_members: int = 200
    """Members listed in an event: the latest ones. `source_count` and the publication times tell of all."""
    most_keywords: int = 8
    """Terms named in an event."""
