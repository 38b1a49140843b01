"""Reading what news agencies send: ninjs, NewsML, NITF, IPTC 7901, ANPA 1312, e-mail.

Pure; read by producers, for the identity, and by consumers.
"""

from newswire.wires.item import MEDIA_TYPES, OF_TRANSMISSIONS, Block, Body, Part, WireError, WireItem
from newswire.wires.read import parts_of, read_item, text_format

__all__ = [
    "MEDIA_TYPES",
    "OF_TRANSMISSIONS",
    "Block",
    "Body",
    "Part",
    "WireError",
    "WireItem",
    "parts_of",
    "read_item",
    "text_format",
]
