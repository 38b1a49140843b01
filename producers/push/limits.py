"""How much one client may send, and how long it may take. `newswire produce push` runs with the values here."""

from __future__ import annotations

from dataclasses import dataclass

from newswire.topology import MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and seconds. Tests shorten the times."""

    body_bytes: int = 16 * MIB
    """Largest body, as it comes and unpacked: an article of the largest size, in base64 and with its fields, fits."""
    passed_over_bytes: int = 64 * MIB
    """Of a body that is too large, read and thrown away before that is answered: most clients read no answer before all is sent."""
    passed_over_seconds: float = 5.0
    """How long that may take."""
    held_bytes: int = 128 * MIB
    """Bodies of all requests together that are in memory before they are handed to the log."""
    articles: int = 500
    """Most articles in one request: they are written in one transaction."""
    header_bytes: int = 32 * 1024
    """Request line and headers."""
    header_seconds: float = 10.0
    """From the first byte to the end of the headers; also how long a new connection may stay silent."""
    body_seconds: float = 30.0
    """From the end of the headers to the end of the body."""
    answer_seconds: float = 30.0
    """How long a request waits for the broker."""
    idle_seconds: float = 5.0
    """How long a connection is kept between requests."""
    requests: int = 64
    """Handled at the same time."""
    connections: int = 512
    """Open at the same time."""
    stop_seconds: float = 6.0
    """How long requests that have begun may take once the process is asked to end."""
