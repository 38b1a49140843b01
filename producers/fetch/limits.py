"""How much a server may give us and how long it may take, and who we say we are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from newswire import topology

MIB: Final = topology.MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one fetch. Whatever goes over one of them is cut off and reported, never stored in part."""

    body_bytes: int = topology.MAX_BODY_BYTES
    """Decompressed bytes of the body."""
    wire_bytes: int = 16 * MIB
    """Bytes read from one connection, headers and framing included."""
    header_bytes: int = 32 * 1024
    """Bytes of the header section of an answer, names and values."""
    total_seconds: float = 60.0
    """From the first look-up to the last byte, over all redirects."""
    connect_seconds: float = 10.0
    """For the look-up, the TCP connection and the TLS handshake, each."""
    read_seconds: float = 15.0
    """Longest silence while an answer is awaited or read."""
    redirects: int = 10
    """Redirects that are followed."""
    robots_bytes: int = 500 * 1024
    """Bytes of a robots.txt that are read; the rest is left out (RFC 9309, 2.5: at least 500 KiB)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks. A publisher must be able to find us and to name us in robots.txt."""

    product: str = "Newswire"
    """Product token: what robots.txt rules are matched with (RFC 9309, 2.2.1)."""
    version: str = "0.1"
    """Version of the product."""
    contact_url: str
    """Page or mailto: that says who runs this and how to make it stop."""

    def __post_init__(self) -> None:
        if not self.contact_url.startswith(("https://", "http://", "mailto:")):
            raise ValueError(f"contact_url must be a http(s) or mailto address, not {self.contact_url!r}")
        if (
            not self.contact_url.isascii()
            or not self.contact_url.isprintable()
            or set(self.contact_url) & set(" ()")
        ):
            raise ValueError("contact_url must be printable ASCII without spaces and parentheses")
        if not self.product.replace("-", "").replace("_", "").isalpha() or not self.product.isascii():
            raise ValueError("product must be letters, - and _ (RFC 9309, 2.2.1)")

    @property
    def user_agent(self) -> str:
        """The User-Agent header (RFC 9110, 10.1.5)."""
        return f"{self.product}/{self.version} (+{self.contact_url})"
