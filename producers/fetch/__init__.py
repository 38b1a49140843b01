"""The polite and safe HTTP client that all sources share: see `Client`. Its rules are in docs/fetching.md."""

from producers.fetch.client import FEED_TYPES, PAGE_TYPES, Client
from producers.fetch.failures import Failure, FailureClass, Scope
from producers.fetch.limits import Identity, Limits
from producers.fetch.result import Fetched, Hop, Timing, Validators
from producers.fetch.rights import SeenRights
from producers.fetch.turns import Courtesy

__all__ = [
    "FEED_TYPES",
    "PAGE_TYPES",
    "Client",
    "Courtesy",
    "Failure",
    "FailureClass",
    "Fetched",
    "Hop",
    "Identity",
    "Limits",
    "Scope",
    "SeenRights",
    "Timing",
    "Validators",
]
