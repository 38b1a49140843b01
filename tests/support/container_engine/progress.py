"""Progress on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step, and how long it took once it is done."""
    print(f"test-containers: {what} …", file=sys.stderr, flush=True)
    began = time.monotonic()
    yield
    print(f"test-containers: {what}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
