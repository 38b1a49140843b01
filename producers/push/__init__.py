"""The push source: articles that are handed in over HTTP. See `PushSource`; how to send is in docs/push.md."""

from producers.push.source import PushSource

__all__ = ["PushSource"]
