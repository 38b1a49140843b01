"""WebSub (W3C Recommendation, 23 January 2018): a hub tells that a feed has changed, so that it is asked at once and not when it is due."""

from producers.websub.callback import callback_app
from producers.websub.hints import WebSubHints
from producers.websub.lease import Lease
from producers.websub.subscriptions import Subscriptions

__all__ = ["Lease", "Subscriptions", "WebSubHints", "callback_app"]
