"""The sockets of a fetch: connected to the very address that was checked, and read under one deadline and one count of bytes."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore2

from producers.fetch.addresses import refusal
from producers.fetch.errors import Broken, Exceeded, Refused
from producers.fetch.limits import Limits

Resolver = Callable[[str, int], list[str]]
"""Returns the addresses of a name, best first, as literals. Raises OSError when there are none."""
_MAX_TRIED = 4  # addresses of one name that are tried before it counts as unreachable


def system_resolver(host: str, port: int) -> list[str]:
    """Return what the operating system resolves the name to. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class Deadline:
    """The instant at which a fetch must be over, on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self, most: float | None = None) -> float:
        """Return the seconds left, at most `most`. Raises Exceeded when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise Exceeded("total-time", "the fetch took longer than it may in all")
        return left if most is None else min(left, most)


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects for one fetch. Looks a name up itself, judges every answer, and hands the address, not the name, to the socket."""

    def __init__(self, deadline: Deadline, limits: Limits, resolver: Resolver, *, loopback: bool) -> None:
        self._deadline = deadline
        self._limits = limits
        self._resolver = resolver
        self._loopback = loopback
        self.peer: str | None = None
        """Address of the last connection."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 (the interface is httpcore's)
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """Connect to a checked address of the host. Raises Refused when any address of it is not public."""
        last: OSError | None = None
        for address in self._checked(host, port)[:_MAX_TRIED]:
            try:
                connection = socket.create_connection(
                    (address, port), timeout=self._deadline.left(timeout or self._limits.connect_seconds)
                )
            except OSError as error:
                last = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.peer = address
            return BoundedStream(connection, self._deadline, self._limits)
        raise Broken("connect", f"no connection to {host} port {port}: {last}")

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """Raise Refused: a fetch goes over the network."""
        raise Refused("scheme", "sockets of this machine are not asked")

    def _checked(self, host: str, port: int) -> list[str]:
        """Return the addresses of the host. One that is not public spoils them all: a host that mixes them is after something."""
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            addresses = self._resolve(host, port)
        for address in addresses:
            why = refusal(address, loopback=self._loopback)
            if why is not None:
                raise Refused("address", f"{host} resolves to {address}, which is not public: {why}")
        return addresses

    def _resolve(self, host: str, port: int) -> list[str]:
        """Return the resolver's answer, within the time for connecting. A look-up cannot be broken off: its thread is left behind."""
        answer: list[list[str] | BaseException] = []

        def look_up() -> None:
            try:
                answer.append(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answer.append(error)

        thread = threading.Thread(target=look_up, name="fetch-resolve", daemon=True)
        thread.start()
        thread.join(self._deadline.left(self._limits.connect_seconds))
        if not answer:
            raise Broken("dns", f"no answer in time to where {host} is")
        if isinstance(answer[0], BaseException):
            raise Broken("dns", f"{host} cannot be found: {answer[0]}")
        if not answer[0]:
            raise Broken("dns", f"{host} has no address")
        return answer[0]


class BoundedStream(httpcore2.NetworkStream):
    """A connection that gives up at the deadline, after a silence, or after too many bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline, limits: Limits) -> None:
        self._socket = connection
        self._deadline = deadline
        self._limits = limits
        self._read = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Return the next bytes. Raises Exceeded or Broken."""
        self._socket.settimeout(self._deadline.left(self._limits.read_seconds))
        try:
            data = self._socket.recv(max_bytes)
        except TimeoutError:
            self._deadline.left()
            raise Exceeded("read-time", f"silent for {self._limits.read_seconds:g} s") from None
        except OSError as error:
            raise Broken("read", f"the connection broke: {error}") from error
        self._read += len(data)
        if self._read > self._limits.wire_bytes:
            raise Exceeded("wire-bytes", f"more than {self._limits.wire_bytes} bytes came")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send all of it. Raises Exceeded or Broken."""
        self._socket.settimeout(self._deadline.left(self._limits.read_seconds))
        try:
            self._socket.sendall(buffer)
        except TimeoutError:
            raise Exceeded("read-time", "the server does not take the request") from None
        except OSError as error:
            # A server may answer and close before it has read everything: httpcore then looks for the answer.
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """Return the connection under TLS, its certificate checked against the name. Raises Broken or Exceeded."""
        self._socket.settimeout(self._deadline.left(self._limits.connect_seconds))
        try:
            secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise Exceeded("connect-time", "the TLS handshake took too long") from None
        except OSError as error:
            self.close()
            raise Broken("tls", f"no secure connection to {server_hostname}: {error}") from error
        return BoundedStream(secured, self._deadline, self._limits)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks of a connection."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return None
