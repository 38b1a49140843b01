"""Finds the feeds and sitemaps of a site, takes over lists of feeds, and gives names."""

from producers.discovery.find import Candidate, Found, best, find
from producers.discovery.importing import Outcome, added, outcomes_of_opml, refusal, with_language
from producers.discovery.naming import name_for
from producers.reading.addresses import absolute

__all__ = [
    "Candidate",
    "Found",
    "Outcome",
    "absolute",
    "added",
    "best",
    "find",
    "name_for",
    "outcomes_of_opml",
    "refusal",
    "with_language",
]
