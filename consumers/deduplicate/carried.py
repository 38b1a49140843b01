"""Who carries an article, told behind the article itself: the stage that puts articles into stories sees no duplicates.

A copy is told of under the key of its original, as is that it is none any more: so that whoever reads one partition sees both in order, and
after the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consumers import packing
from consumers.deduplicate import record
from consumers.deduplicate.record import Known
from newswire.event import Emit
from newswire.state.contract import State
from schemas.carried.model import Carried, Carrier
from schemas.core.lineage import Lineage
from schemas.duplicate.model import Duplicate
from schemas.unique.model import Unique

_OF_CARRIER = tuple(Carrier.model_fields)


def originals(article_ids: Iterable[str], state: State) -> dict[str, bytes]:
    """Return what articles are copies of by now, as `Known.copy_of`; nothing for what is no copy."""
    values = ((article_id, state.get(record.state_key(article_id))) for article_id in article_ids)
    return {article_id: Known.copy_in(value) for article_id, value in values if value is not None}


def told(emits: Sequence[Emit], of: dict[str, bytes]) -> list[Emit]:
    """Return the events with what they mean for the originals of copies behind each; `of`: what the articles were copies of before."""
    now = dict(of)
    every: list[Emit] = []
    for emit in emits:
        every.append(emit)
        data = emit.data
        if isinstance(data, Duplicate) and data.original.article_id != data.article_id:
            original = data.original.article_id
            every.append(_carries(data, emit.language))
        elif isinstance(data, Unique):
            original = ""
        else:
            continue
        before = now.get(emit.key, b"")
        now[emit.key] = packing.raw(original) if original else b""
        if before and before != now[emit.key]:
            every.append(ended(before, emit.key, data.lineage, emit.language))
    return every


def ended(original: bytes, article_id: str, lineage: Lineage, language: str = "") -> Emit:
    """Return the event of a copy that is none of its original, given as 16 bytes, any more."""
    original_id = packing.long_raw(original)
    data = Carried(original_id=original_id, article_id=article_id, lineage=lineage)
    return Emit("carried", original_id, data, language)


def _carries(copy: Duplicate, language: str) -> Emit:
    original_id = copy.original.article_id
    carrier = Carrier.model_validate({name: getattr(copy, name) for name in _OF_CARRIER})
    data = Carried(original_id=original_id, article_id=copy.article_id, carrier=carrier, lineage=copy.lineage)
    return Emit("carried", original_id, data, language)
