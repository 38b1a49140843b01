"""A push server on a free port of loopback, in a thread of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from waiting import PATIENCE, until

from newswire.intake.desk import Desk
from producers.push.app import application
from producers.push.limits import Limits
from producers.push.senders import Senders
from producers.push.server import server

SOON = PATIENCE
PATIENT = Limits(
    header_seconds=SOON,
    body_seconds=SOON,
    passed_over_seconds=SOON,
    idle_seconds=SOON,
    answer_seconds=SOON,
    requests=4,
)
"""What is answered under these does not depend on how busy the machine is."""


@contextmanager
def serving(desk: Desk, senders: Senders | None, limits: Limits | None = None) -> Iterator[int]:
    """Serve, and give the port."""
    limits = limits or Limits()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port: int = listener.getsockname()[1]
        made = server(application(desk, senders, limits), "127.0.0.1", port, limits)
        thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: made.started, "the server")
        try:
            yield port
        finally:
            made.should_exit = True
            thread.join(SOON)
            assert not thread.is_alive()
