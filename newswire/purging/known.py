"""Whether anything is known of what a purge names: where nothing is, most likely its name is a slip of the pen."""

from __future__ import annotations

import difflib

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Log
from newswire.purging.concerned import Concerned
from newswire.purging.listing import purges
from newswire.purging.proof import remaining
from newswire.purging.same import same_thing
from newswire.scan import scan

_CALLED = {"publisher": "a publisher or source", "url": "an article at", "article": "an article"}


def check_known(log: Log, what: Concerned) -> None:
    """Raise UsageError when neither a topic, nor a stage's state, nor an earlier purge has anything of what is named."""
    if what.seen or what.raws or remaining(log, what.purge) or _on_topics(log, what):
        return
    if any(same_thing(purge, what.purge) for purge in purges(log)):
        return
    name = what.purge.name
    close = difflib.get_close_matches(name, sorted(what.names), n=3, cutoff=0.5)
    near = f" (there are: {', '.join(close)})" if close and what.purge.kind == "publisher" else ""
    raise UsageError(
        f"nothing is known of {_CALLED[what.purge.kind]} {name!r}: 0 articles, 0 raw records{near}. Nothing was purged. Names are taken as "
        "they are written, and nothing stands for several: look for a slip (`newswire trace` finds an article). For an opt-out or order "
        "that comes before the first article, add --even-if-unknown"
    )


def _on_topics(log: Log, what: Concerned) -> bool:
    """Return whether a topic behind the stages still has something, where raw and normalized records have expired."""
    for topic in topology.TOPICS:
        if topic.event in ("raw", "normalized", "tick"):
            continue
        records = scan(log, topic.name, log.end_offsets(topic.name, committed=False))
        if any(what.holds(topic.event, record) for record in records):
            return True
    return False
