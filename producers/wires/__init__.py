"""The wires source: what news agencies put into a folder."""
