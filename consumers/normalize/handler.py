"""The normalize stage: one captured article in, one clean article out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from consumers import purges
from consumers.normalize import frozen, languages
from consumers.normalize.assemble import assemble
from consumers.normalize.blocks.model import weights
from consumers.normalize.declared_language import primary
from consumers.normalize.reading import read
from newswire.addresses.earlier import earlier_form
from newswire.event import Emit, Event
from newswire.state.contract import State
from newswire.text.canonicalize import canonicalize
from schemas.core.lineage import Lineage
from schemas.purge.model import Purge, folded
from schemas.raw.model import Raw

MAX_PUBLISHER_CHARACTERS: Final = 2048
"""Of a source's outlet: so many has what a purge can name, so that who opted out is known by what is handed on."""


class Normalize:
    """Reads each captured format into one clean article. `README.md` beside this file has the rules."""

    name = "normalize"
    rule_version = "3"

    def __init__(self) -> None:
        """Read the weights for pages: `StageStoppedError` now when they are damaged, and not at the first page."""
        weights()

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the one `normalized` event of a `raw` event.

        Its partition is that of the language of the article's first capture, so that revisions stay together. Raises `Reject` with one of
        the reasons listed in README.md, and `Drop` for what was purged. A `purge` changes the state and nothing else.
        """
        if event.name == "purge":
            self._purge(Purge.from_data(event.data), state)
            return []
        raw = Raw.from_data(event.data)
        # Before it is read: what cannot be read is kept in a dead letter, and of these nothing may be.
        purges.refuse(state, raw.source, event.timestamp_ms, also=_given(raw))
        raw = _bounded(raw)
        lineage = Lineage(
            was_derived_from=event.ref, was_generated_by=(event.used_by(self.name, self.rule_version),)
        )
        article = assemble(raw, read(raw), lineage)
        found = article.provenance["url"].raw if article.url else None
        purges.refuse(
            state,
            raw.source,
            event.timestamp_ms,
            article_id=article.article_id,
            url=article.url,
            also=_forms(found),
        )
        article = frozen.noted(article, state)
        language = languages.of_partition(
            state, article.article_id, primary(article.language), raw.source, event.timestamp_ms
        )
        return [Emit("normalized", article.article_id, article, language)]

    def remembers(self, purge: Purge, state: State) -> list[str]:
        """Return the state keys that still hold something of what a purge names."""
        if purge.kind != "publisher":
            ids = {*purge.article_ids, *((purge.name,) if purge.kind == "article" else ())}
            return [key for id_ in sorted(ids) if state.get(key := f"{languages.KEY}{id_}") is not None]
        gone = folded(purge.name)
        return [*languages.of_source(gone, state), *frozen.remembered(gone, state)]

    def _purge(self, purge: Purge, state: State) -> None:
        purges.note(purge, state)
        if not purge.lift:
            for key in islice(self.remembers(purge, state), purges.MOST):
                state.delete(key)


def _bounded(raw: Raw) -> Raw:
    """Return a capture with its outlet's name cut: it is remembered with every article, and handed on to every record of it."""
    name = raw.source.publisher
    if name is None or len(name) <= MAX_PUBLISHER_CHARACTERS:
        return raw
    source = raw.source.model_copy(update={"publisher": f"{name[: MAX_PUBLISHER_CHARACTERS - 1]}…"})
    return raw.model_copy(update={"source": source})


def _given(raw: Raw) -> list[str]:
    """Return the addresses of a capture, as given and after redirects."""
    final = raw.http.final_url if raw.http else None
    return list(dict.fromkeys([*_forms(raw.url), *_forms(final)]))


def _forms(url: str | None) -> list[str]:
    """Return the canonical form of an address, and the earlier one, under which a purge may be on record."""
    try:
        return [canonicalize(url), earlier_form(url)] if url else []
    except ValueError:
        return []  # it is told of where the article is read
