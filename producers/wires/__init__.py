"""The wires source: what news agencies put into a folder. See `WiresSource`; formats and rules are in docs/wires.md."""

from producers.wires.source import WiresSource

__all__ = ["WiresSource"]
