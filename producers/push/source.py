"""The push source."""

from __future__ import annotations

from pathlib import Path

from newswire.errors import UsageError
from producers.push.app import Desk, application
from producers.push.limits import Limits
from producers.push.senders import NAME, new_token, read_senders
from producers.push.server import server

LOOPBACK = ("127.0.0.1", "::1")


class PushSource:
    """Articles that others hand in over HTTP, at `host` and `port`, each answered when the broker has acknowledged it.

    `senders` is the TOML file of those who may (`producers.push.senders`). Without one it does not start, unless `insecure_loopback` says
    that every program on this machine may; then `host` must be of this machine. `certificate` and `key` are PEM files for TLS. Other
    than sources that go and look, this one does not yield captures: whoever sends waits for an answer, which the desk gives.
    """

    name = "push"
    rule_version = "1"

    def __init__(
        self,
        *,
        host: str,
        port: int,
        senders: Path | None,
        insecure_loopback: bool = False,
        certificate: Path | None = None,
        key: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        if senders is None and not insecure_loopback:
            raise UsageError(
                "nobody may push: name the file of senders with --senders or NEWSWIRE_PUSH_SENDERS (`newswire produce push-token NAME` "
                "makes an entry; docs/push.md), or let every program on this machine in with --insecure-loopback"
            )
        if insecure_loopback and senders is not None:
            raise UsageError(
                "--insecure-loopback asks nobody who they are, and a file of senders is given: leave one out"
            )
        if insecure_loopback and host not in LOOPBACK:
            raise UsageError(
                f"--insecure-loopback is for this machine only: --host must be {' or '.join(LOOPBACK)}"
            )
        if (certificate is None) != (key is None):
            raise UsageError("TLS needs both --tls-certificate and --tls-key")
        for path in (certificate, key):
            if path is not None and not path.is_file():
                raise UsageError(f"{path}: there is no such file")
        self._where = (host, port)
        self._senders = None if senders is None else read_senders(senders)
        self._tls = {"certificate": certificate, "key": key}
        self._limits = limits or Limits()

    def serve(self, desk: Desk) -> None:
        """Take articles and hand them to the desk, until SIGTERM or SIGINT; then let requests that have begun end.

        Raises UsageError when the address cannot be listened on.
        """
        host, port = self._where
        made = server(application(desk, self._senders, self._limits), host, port, self._limits, **self._tls)
        try:
            made.run()
        except SystemExit:
            # uvicorn has written the reason to the log.
            raise UsageError(
                f"{host}:{port} cannot be listened on: another program may have it; choose another --port"
            ) from None

    @staticmethod
    def new_token(sender: str) -> tuple[str, str]:
        """Return a new bearer token, and its checksum for the file of senders. Raises UsageError for a name that it cannot have there."""
        if not NAME.fullmatch(sender):
            raise UsageError(f"{sender!r} is no name of a sender: 1 to 100 letters, digits, `-` and `_`")
        return new_token()
