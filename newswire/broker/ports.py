"""Loopback ports for the broker's listeners."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterable

HOST = "127.0.0.1"
_OURS = range(20_000, 32_000)
"""Below what Linux (32768) and the other systems (49152; RFC 6335, 6) give to whoever asks for any port.

Between our look and Kafka's bind lie seconds in which a client's end of a connection, or another server, would be given a port of theirs;
and a client that knocks at such a port may meet itself (TCP's simultaneous open).
"""
_LOOKS = 200  # at ports of ours, before any port will do


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
    looks = iter(random.sample(_OURS, _LOOKS))
    with contextlib.ExitStack() as held:  # all held until the last is found, or the same one could come twice
        while len(found) < count:
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            try:
                probe.bind((HOST, next(looks, 0)))
            except OSError:
                continue
            port = int(probe.getsockname()[1])
            if port not in taken:
                found.append(port)
                taken.add(port)
    return found


def listens(pid: int, port: int) -> bool:
    """Whether a process listens on a port; False when it has ended or is not this user's."""
    import psutil

    try:
        mine = psutil.Process(pid).net_connections("tcp")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in mine)


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
