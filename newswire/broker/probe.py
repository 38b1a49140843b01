"""Ask a broker for its cluster over a socket: is it up, who is in it? Needs no Kafka client, unless one has to log in."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

# Kafka protocol guide: api key 3 = Metadata. Version 2 is the oldest that tells the cluster id, and its encoding is the
# plain one (no tagged fields), so that it can be read here by hand. Kafka 4.3 answers versions 0 to 13.
_METADATA, _VERSION = 3, 2
_MAX_ANSWER = 1 << 20  # bytes; with no topic asked for, a few hundred


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a broker knows of its cluster: live broker ids with their addresses, controller id (-1: none), cluster id."""

    brokers: dict[int, str]
    controller: int
    cluster_id: str | None


def probe(address: str, *, timeout: float = 2.0, security: Mapping[str, str | None] | None = None) -> Cluster:
    """Return the cluster behind `host:port`. `timeout` in seconds, for each step; `security` as in `Connection`.

    Raises OSError when nothing answers, ValueError when what answers does not speak Kafka, AccessError when it does not let us in.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"not a broker address, HOST:PORT expected: {address!r}")
    client = b"newswire-probe"
    body = struct.pack(f">hhih{len(client)}si", _METADATA, _VERSION, 1, len(client), client, 0)
    with _open(host.strip("[]"), int(port), timeout, security) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        size, correlation = struct.unpack(">ii", _read(connection, 8))
        if correlation != 1 or not 4 < size <= _MAX_ANSWER:
            raise ValueError(f"what listens on {address} does not speak Kafka")
        answer = _Answer(_read(connection, size - 4), address)
    brokers = {}
    for _ in range(answer.number("i")):
        node, name, node_port = answer.number("i"), answer.text(), answer.number("i")
        answer.text()  # rack
        brokers[node] = f"{name}:{node_port}"
    cluster_id = answer.text()
    return Cluster(brokers, answer.number("i"), cluster_id)


def _open(host: str, port: int, timeout: float, security: Mapping[str, str | None] | None) -> socket.socket:
    if not security:
        return socket.create_connection((host, port), timeout=timeout)
    from newswire.log.door import enter

    return enter(host, port, security, timeout=timeout)


def _read(connection: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = connection.recv(count - len(got))
        if not more:
            raise ConnectionResetError("the connection was closed in the middle of an answer")
        got += more
    return got


class _Answer:
    """Reads the plain encoding of the Kafka protocol: big-endian numbers, strings with a 16-bit length, -1 for null."""

    def __init__(self, data: bytes, address: str) -> None:
        self._data = data
        self._at = 0
        self._address = address

    def number(self, kind: str) -> int:
        size = struct.calcsize(">" + kind)
        if self._at + size > len(self._data):
            raise ValueError(f"what listens on {self._address} does not speak Kafka")
        (value,) = struct.unpack_from(">" + kind, self._data, self._at)
        self._at += size
        return int(value)

    def text(self) -> str | None:
        length = self.number("h")
        if length < 0:
            return None
        raw = self._data[self._at : self._at + length]
        self._at += length
        return raw.decode("utf-8", "replace")
