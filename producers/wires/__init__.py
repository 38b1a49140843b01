"""The wires source: what news agencies put into a folder. See `WiresSource`; formats and rules are in docs/wires.md.

How their items are read stands in `newswire.wires`, since the stages read them too.
"""

from producers.wires.source import WiresSource

__all__ = ["WiresSource"]
