"""Loopback ports for the broker's listeners."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the broker's own socket: a port whose last connections are in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int, *, avoid: Iterable[int] = ()) -> list[int]:
    """Return `count` different loopback ports that are free now and not in `avoid`."""
    taken = set(avoid)
    found: list[int] = []
    with contextlib.ExitStack() as held:  # all held until the last is found, or the same one could come twice
        while len(found) < count:
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
            if port not in taken:
                found.append(port)
                taken.add(port)
    return found


def holder_of(port: int) -> str:
    """Name the process that listens on a loopback port, as far as the system tells; for error messages."""
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                return f"pid {connection.pid}" if connection.pid else "a process of another user"
    except psutil.AccessDenied:
        return "a process that this user may not see"
    return "an unknown process"
