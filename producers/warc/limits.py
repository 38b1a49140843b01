"""How much of an archive is taken at a time."""

from __future__ import annotations

from typing import Final

from newswire.topology import MAX_BODY_BYTES, MIB

MAX_BLOCK_BYTES: Final = 2 * MAX_BODY_BYTES
"""Largest record that is read: a body of the largest size, with headers, and packed or parted as it was sent."""
MAX_HEADER_BYTES: Final = 64 * 1024
"""Largest header of a record, and of the answer in it."""
MAX_UNPACKED_BYTES: Final = 4096 * MIB
"""A packed record that unpacks to more than this, and behind which none begins anew, ends its archive."""
STEP_BYTES: Final = MIB
