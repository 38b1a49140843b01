"""The numbers that the stage decides by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from consumers.cluster.evidence import Weights

_WITH_TEXT: Final = Weights(4.8, 5.9, 5.0, 38.7, -1.7, -0.6, 0.0, -5.8)
_HEADLINE: Final = Weights(3.6, 4.4, -1.2, 1.5, -0.7, -0.1, 0.73, -5.0)


@dataclass(frozen=True, slots=True)
class Rules:
    """Windows, weights and thresholds. A change of any of them is a new `rule_version`."""

    window_hours: int = 72
    """An article joins a story that had a new or revised article so recently, and was published so close to one."""
    memory_days: int = 7
    """A story in which nothing happened for so long is forgotten: a later revision of a member begins a new one."""
    withdrawable_days: int = 30
    """For so long after that it is known which story an article was in: a withdrawal takes the record of that story away."""
    evidence: Weights = _WITH_TEXT
    """Of articles with text."""
    few_evidence: Weights = _HEADLINE
    """Of articles that have little more than a headline."""
    few_terms: int = 32
    """Articles with fewer terms than this have little more than a headline."""
    joins_from: float = -0.6
    """Logit of the evidence from which an article joins a story. Higher: fewer wrong members, more stories of the same event."""
    merges_from: float = -0.7
    """Logit from which two stories are one: what the evidence says on average of the members of each as articles for the other."""
    few_merges_from: float = -1.2
    """The same for articles that have little more than a headline: each alone has little to show."""
    merge_margin: float = 1.5
    """Two stories are only looked at where the article that has just joined one is no further than this from belonging to the other."""
    leaves_below: float = -3.0
    """Logit below which a revised article leaves its story."""
    least_similarity: float = 0.05
    """Cosine below which nothing is looked at."""
    most_stories: int = 4
    """Stories that are looked at closely for one article: the most similar ones."""
    most_in_story: int = 1000
    """Articles of a story: what comes then goes on in another one, so that no record has more to do than this."""
    most_compared: int = 20
    """Members of a story that an article is compared with: the latest ones."""
    most_sampled: int = 8
    """Members of a story that are looked at to tell whether it is one with another: the latest ones."""
    most_moved: int = 50
    """A story with more members than this becomes no part of another."""
    decay: float = 0.3
    """Share of the similarity that is lost at the end of the window."""
    least_words: int = 2
    """Words and names that an article must have: one with fewer, such as a date for a headline, tells of no event and stays by itself."""
    terms: int = 40
    """Terms kept of an article."""
    headline_weight: float = 3.0
    """A term of the headline counts as so many of the body."""
    name_weight: float = 2.5
    """Names tell events apart,"""
    number_weight: float = 1.8
    """and so do numbers;"""
    day_weight: float = 0.5
    """days and months do so less: what happens on one day has little in common."""
    prior_articles: int = 500
    """How rare a term is, is told from the window's articles and so many imagined ones, so that the first stories are sound too."""
    prior_share: float = 0.01
    """Share of the imagined articles that hold any term."""
    most_holders: int = 3000
    """A term in more articles of the window proposes no candidates; it still counts in the comparison."""
    most_candidates: int = 100
    """Articles that are compared in full with one arriving article."""
    most_members: int = 200
    """Members listed in an event: the latest ones. The counts and the publication times tell of all."""
    most_closed: int = 50
    """Stories that are closed with one record when their window has passed; with `most_members` or more in all, fewer."""
    most_carriers: int = 200
    """Outlets that are remembered to carry an article without a change."""
    most_copies: int = 4
    """Copies of an article that are remembered of one outlet."""
    most_copies_of_story: int = 2000
    """Copies that are remembered of all articles of a story; two stories that have become one may have more."""
    most_keywords: int = 8
    """Terms named in an event."""
    most_entities: int = 8
    """People, organisations and places named in an event."""
    most_timeline: int = 50
    """Articles in the timeline of an event: the first and the latest ones."""
