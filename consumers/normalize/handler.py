"""The normalize stage: one captured article in, one clean article out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from consumers.normalize.assemble import assemble
from consumers.normalize.declared_language import primary
from consumers.normalize.reading import read
from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.core.lineage import Lineage
from schemas.raw.model import Raw

LANGUAGE_KEY: Final = "language:"
"""State: `language:<article id>` -> the language of the partition that its first capture went to."""


class Normalize:
    """Reads each captured format into one clean article. `README.md` beside this file has the rules."""

    name = "normalize"
    rule_version = "1"

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the one `normalized` event of a `raw` event.

        Its partition is that of the language of the article's first capture, so that revisions stay together. Raises `Reject` with one of
        the reasons listed in README.md.
        """
        raw = Raw.from_data(event.data)
        lineage = Lineage(
            was_derived_from=event.ref, was_generated_by=(event.used_by(self.name, self.rule_version),)
        )
        article = assemble(raw, read(raw), lineage)
        return [
            Emit(
                "normalized",
                article.article_id,
                article,
                _partition(state, article.article_id, article.language),
            )
        ]


def _partition(state: State, article_id: str, language: str) -> str:
    key = f"{LANGUAGE_KEY}{article_id}"
    remembered = state.get(key)
    if remembered is not None:
        return remembered.decode()
    first = primary(language)
    state.put(key, first.encode())
    return first
