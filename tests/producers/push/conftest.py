"""A push server with a desk on a log in memory."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from push_server import PATIENT, SOON, serving
from standardwebhooks.webhooks import Webhook
from waiting import until
from wire import everything, make_topics, payloads

from newswire.intake.desk import Desk
from newswire.log.memory import MemoryLog
from producers.push.limits import Limits
from producers.push.senders import Senders, new_token, read_senders

SECRETS = [f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in range(3)]


@dataclass
class Site:
    """A server, and who may push."""

    log: MemoryLog
    port: int
    token: str
    client: httpx2.Client
    secrets: list[str] = field(default_factory=lambda: SECRETS[:2])
    strange: str = SECRETS[2]

    def post(self, content: bytes | str | dict[str, Any] | list[Any], **headers: str) -> httpx2.Response:
        """Push with the token."""
        body = json.dumps(content).encode() if isinstance(content, (dict, list)) else content
        given = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/articles", content=body, headers=given)

    def signed(
        self, secret: str, body: bytes, *, message_id: str = "msg_1", at: float | None = None
    ) -> dict[str, str]:
        """Return the headers of a webhook, signed by the reference library."""
        now = int(time.time() if at is None else at)
        moment = datetime.fromtimestamp(now, UTC)
        signature = Webhook(secret).sign(message_id, moment, body.decode())
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature,
        }

    def raws(self) -> list[dict[str, Any]]:
        """Return all raw events."""
        return payloads(self.log, "news.raw.v1")

    def count(self) -> int:
        """Return how many raw records there are."""
        return len(everything(self.log, "news.raw.v1"))


@pytest.fixture(scope="module")
def senders_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The file of senders, and the herald's token."""
    token, checksum = new_token()
    folder = tmp_path_factory.mktemp("senders")
    (folder / "agency.key").write_text(SECRETS[1] + "\n")
    path = folder / "senders.toml"
    path.write_text(
        f'[senders.herald]\ntokens = ["{checksum}"]\nsources = ["herald", "herald-sport"]\nhosts = ["herald.example"]\nrate = 1000\n'
        f'[senders.agency]\nwebhook_secrets = ["{SECRETS[0]}"]\nwebhook_secret_files = ["agency.key"]\n'
    )
    return path, token


@pytest.fixture(scope="module")
def senders(senders_file: tuple[Path, str]) -> Senders:
    """Those in the file."""
    return read_senders(senders_file[0])


@pytest.fixture
def log() -> MemoryLog:
    """A log with all topics."""
    made = MemoryLog()
    make_topics(made)
    return made


@pytest.fixture
def desk(log: MemoryLog, state_dir: Path) -> Iterator[Desk]:
    """A desk that is open."""
    made = Desk("push", lambda: log, state_dir)
    made.start()
    until(lambda: made.ready, "the desk is open")
    yield made
    made.close(SOON)


@pytest.fixture
def limits() -> Limits:
    """Those of the server."""
    return PATIENT


@pytest.fixture
def site(
    desk: Desk, log: MemoryLog, senders: Senders, senders_file: tuple[Path, str], limits: Limits
) -> Iterator[Site]:
    """A server."""
    with (
        serving(desk, senders, limits) as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=SOON, trust_env=False) as client,
    ):
        yield Site(log, port, senders_file[1], client)
