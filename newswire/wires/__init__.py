"""Reading what news agencies send: ninjs, NewsML-G2, NITF, NewsML 1.x. Pure; read by producers, for the identity, and by consumers."""

from newswire.wires.item import MEDIA_TYPES, Block, Body, WireError, WireItem
from newswire.wires.read import Part, parts_of, read_item

__all__ = ["MEDIA_TYPES", "Block", "Body", "Part", "WireError", "WireItem", "parts_of", "read_item"]
