"""What is mended in kafka-python 3.0.12 itself: what cannot be kept away from by how it is called.

Each of them has a test that fails when the mending is not needed any more, or not enough. The rest of the client's defects is survived by
the stage loop (docs/architecture.md, "Exactly once").
"""

from __future__ import annotations

import logging
import ssl
import time
from typing import Any, Final

from kafka.coordinator.consumer import ConsumerCoordinator
from kafka.errors import KafkaError
from kafka.future import Future
from kafka.net.inet import KafkaNetSocket
from kafka.net.manager import KafkaConnectionManager
from kafka.net.transport import KafkaSSLTransport
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint

_HANDSHAKE_SECONDS: Final = 8.0
"""Less than the ten seconds in which a client has to find its first broker, more than a busy broker was seen to take."""


def everywhere() -> None:
    """Mend what is mended for all clients of this process."""
    _tolerate_header_names()
    _bound_handshakes()
    _keep_joins()
    _close_what_fails()
    _keep_secrets_out_of_log_lines()


def keep_requests(producer: Any) -> None:
    """Make a producer ask again for its coordinator when the one it knew refuses the connection (D20).

    As it is, the request that was about to be sent is forgotten then: the transaction, or `init_transactions`, waits for an answer to what
    nobody has asked, while another broker has long taken over.
    """
    client = producer._sender._client  # noqa: SLF001 - it has no other place to reach this
    await_ready = client.await_ready

    def ready(node: Any, **named: Any) -> bool:
        try:
            return bool(await_ready(node, **named))
        except KafkaError:
            return False

    client.await_ready = ready


def _keep_joins() -> None:
    """Let a member take what it was assigned by a join that ended between two of its polls (D22).

    As it is, the client forgets such an assignment and joins once more, which makes all others join again: members whose polls are short,
    or far between, can go on like that for minutes.
    """
    join = ConsumerCoordinator.join_group_async

    async def joined(self: Any, timeout_ms: float | None = None) -> bool:
        ended = self._join_task
        if ended is not None and ended.succeeded():
            self._join_task = still_to_come = Future()
            self._manager.call_soon(lambda: still_to_come.success(ended.value))
        return bool(await join(self, timeout_ms))

    ConsumerCoordinator.join_group_async = joined


def _close_what_fails() -> None:
    """Close a client that finds no broker, with its thread, and a socket that finds nobody.

    As it is, a client whose making fails is left behind with three sockets and a thread that nobody can reach any more: a process that
    waits for a broker keeps some for each time it has asked.
    """
    bootstrap = KafkaConnectionManager.bootstrap
    connect = KafkaNetSocket.sock_connect

    def bootstrap_or_close(self: Any, timeout_ms: float | None = None, refresh: bool = True) -> None:
        try:
            bootstrap(self, timeout_ms, refresh)
        except BaseException:
            self.close()
            self._net.close()
            raise

    async def connect_or_close(
        self: Any, net: Any, sock: Any, address: Any, timeout_at: float | None = None
    ) -> Any:
        try:
            return await connect(self, net, sock, address, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise

    KafkaConnectionManager.bootstrap = bootstrap_or_close
    KafkaNetSocket.sock_connect = connect_or_close


def _tolerate_header_names() -> None:
    """Make kafka-python read header names that are not UTF-8, with `?` for what is not.

    As it is, one such record raises CorruptRecordError in `poll`, for every reader and for ever: nobody could read on behind it, not even
    to make a dead letter of it. Kafka itself does not look at header names.
    """
    read = DefaultRecordBatch._read_msg  # noqa: SLF001 - it has no other place to reach this

    def read_tolerantly(batch: Any) -> Any:
        try:
            return read(batch)
        except UnicodeDecodeError:
            _mask_header_names(batch._buffer, batch._pos)  # noqa: SLF001 - as above
            return read(batch)

    DefaultRecordBatch._read_msg = read_tolerantly  # noqa: SLF001 - as above


def _mask_header_names(buffer: bytearray, at: int) -> None:
    """Put `?` for bytes beyond ASCII in the header names of the record that begins at `at` (Kafka record format, version 2)."""
    _, at = decode_varint(buffer, at)  # length
    for _ in range(3):  # attributes, timestamp delta, offset delta
        _, at = decode_varint(buffer, at)
    for _ in range(2):  # key, value
        length, at = decode_varint(buffer, at)
        at += max(length, 0)
    headers, at = decode_varint(buffer, at)
    for _ in range(headers):
        length, at = decode_varint(buffer, at)
        buffer[at : at + length] = bytes(byte if byte < 0x80 else 0x3F for byte in buffer[at : at + length])
        at += length
        length, at = decode_varint(buffer, at)
        at += max(length, 0)


def _bound_handshakes() -> None:
    """Give up a TLS handshake that takes longer than `_HANDSHAKE_SECONDS`.

    As it is, a client waits for ever for a server that takes the connection and says nothing (a frozen broker, a wrong port), whatever
    its timeouts: also in its constructor.
    """

    async def handshaken(self: Any, gives_up_at: float) -> None:
        while True:
            try:
                self._sock.do_handshake()
            except ssl.SSLWantReadError:
                await self._net.wait_read(self._sock, gives_up_at)
            except ssl.SSLWantWriteError:
                await self._net.wait_write(self._sock, gives_up_at)
            else:
                return

    async def handshake(self: Any) -> None:
        gives_up_at = time.monotonic() + _HANDSHAKE_SECONDS
        try:
            await handshaken(self, gives_up_at)
        except BaseException:
            self._sock.close()  # nobody else does: the connection has not been handed over yet
            raise

    KafkaSSLTransport.handshake = handshake


_TELL_SECRETS: Final = ("kafka.admin.client", "kafka.net.connection", "kafka.protocol.parser")
"""kafka-python's loggers of configurations, of requests, and of bytes."""
_HOLD_SECRETS: Final = (
    "with configuration: ",
    "SaslAuthenticate",
    "AlterUserScramCredentials",
    " Send: ",
    " Recv: ",
)
"""Parts of kafka-python's log lines that hold settings with passwords, logins, or whatever goes over the wire."""


class _Discreet(logging.Filter):
    """Lets no line pass that holds a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line may be written."""
        said = record.getMessage()
        return not any(words in said for words in _HOLD_SECRETS)


def _keep_secrets_out_of_log_lines() -> None:
    """Leave out kafka-python's lines with logins.

    As it is, its log at level `debug`, which an application that reads our topics may well have switched on, has the password (PLAIN), the
    token (OAUTHBEARER), or what a password can be guessed from (SCRAM) of every connection.
    """
    for name in _TELL_SECRETS:
        logging.getLogger(name).addFilter(_Discreet())
