"""What goes in: articles whose output is too large, and a producer that is killed while it publishes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import orjson
from running import distinct_capture
from wire import CAPTURED

from faults.fault import Fault, register
from faults.pipeline import Pipeline
from newswire.envelope import Encoder
from newswire.event import Emit
from schemas.raw.model import Raw

_QUOTES = 1_300
_ARTICLES = 300


@register
class Oversize(Fault):
    name = "oversize-output"
    does = "an article of a thousand quotes: what enrich makes of it is larger than its topic takes (here 320 KiB): a dead letter"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        number = rng.randrange(1_000_000_000)
        data = distinct_capture(number, kind="oversize")
        words = data["body"].split()
        said = (" ".join(rng.sample(words, 4)) for _ in range(_QUOTES))
        data["body"] += " " + " ".join(f"“It is {what},” Bob Hale said." for what in said)
        encoder = Encoder("files", pipeline.log.topics())
        record = encoder.record(
            Emit("raw", data["guid"], Raw.from_data(data)),
            Raw.from_data(data).to_data(),
            event_id=data["guid"],
            timestamp_ms=int(CAPTURED.timestamp() * 1000),
            now=CAPTURED,
        )
        writer = pipeline.log.writer("chaos-oversize")
        writer.write([record])
        writer.close()
        pipeline.refused.add(data["guid"])
        pipeline.until(
            lambda: pipeline.observer.refused(data["guid"]), f"{data['guid']} is no dead letter", seconds=120
        )
        return f"an article of {record.size // 1024} KiB"


@register
class ProducerKilled(Fault):
    name = "producer-killed"
    does = (
        "`newswire produce files` is killed between fetching and publishing, and run again from the beginning"
    )

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        first = rng.randrange(1_000_000) * _ARTICLES
        captures = [
            distinct_capture(number, kind="files") | {"captured_at": CAPTURED.isoformat()}
            for number in range(first, first + _ARTICLES)
        ]
        path = pipeline.folder / f"files-{first}.jsonl"
        path.write_bytes(b"".join(orjson.dumps(capture) + b"\n" for capture in captures))
        command = [sys.executable, "-m", "newswire", "produce", "files", str(path)]
        began = time.monotonic()
        out = pipeline.folder / f"files-{first}.receipts"
        kills = 1 if rng.random() < 0.7 else 2
        for _ in range(kills):
            with out.open("wb") as receipts:
                produce = pipeline.popen(command, stdout=receipts)
                try:
                    # From the first receipts on, or a little before them: what is open then is aborted by its time-out.
                    pipeline.until(
                        lambda produce=produce: out.stat().st_size > 0 or produce.poll() is not None,
                        "produce publishes nothing",
                        poll=0.005,
                    )
                    pipeline.wait(rng.uniform(0, 0.1))
                finally:
                    produce.send_signal(signal.SIGKILL)
                    produce.wait()
        again = pipeline.popen(command)
        try:
            code = again.wait(120)
        except subprocess.TimeoutExpired:
            again.kill()
            again.wait()
            raise
        assert code == os.EX_OK, f"produce files ended with {code}"
        pipeline.extra.update(capture["guid"] for capture in captures)
        path.unlink()
        return f"killed {kills} times, whole in {time.monotonic() - began:.0f} s"
