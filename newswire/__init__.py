"""Newswire: raw news in, validated events out, exactly once, on Kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newswire.subscribing import subscribe

__all__ = ["subscribe"]


def __getattr__(name: str) -> object:
    # Importing the package stays cheap: the command line does it at every start.
    if name != "subscribe":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from newswire.subscribing import subscribe

    return subscribe
