"""Feeds: RSS, RDF, Atom and JSON Feed as one form, lists of feeds, and which items are new."""

from producers.feeds.model import Attachment, Feed, Item, NotAFeedError, Schedule
from producers.feeds.read import MAX_FEED_BYTES, read_feed
from producers.feeds.source import FeedReader, FeedsSource

__all__ = [
    "MAX_FEED_BYTES",
    "Attachment",
    "Feed",
    "FeedReader",
    "FeedsSource",
    "Item",
    "NotAFeedError",
    "Schedule",
    "read_feed",
]
