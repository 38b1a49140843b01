"""Articles in other languages that the members of a story name: by their ids stories of several languages are joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from consumers import packing
from consumers.cluster.record import Placed
from newswire.errors import StateFormatError
from newswire.state.contract import State
from schemas.article.model import Article
from schemas.story.model import StoryTranslation

VERSIONS: Final = "v"
"""State keys begin with this; the article's id follows. Articles that name none have none."""
MOST_OF_ARTICLE: Final = 40
MOST_OF_STORY: Final = 100
_FORMAT: Final = 1
_LANGUAGE_BYTES: Final = 35
_Role = Literal["original", "version", "unknown"]
_ROLES: Final[tuple[_Role, ...]] = get_args(_Role)


class Translations:
    """Article -> the versions that it names, packed: some 20 bytes for each. A cache of the state."""

    def __init__(self) -> None:
        self._of: dict[str, bytes] = {}

    @classmethod
    def build(cls, state: State) -> Translations:
        """Read a state."""
        known = cls()
        known._of = {packing.long(key[len(VERSIONS) :]): value for key, value in state.scan(VERSIONS)}
        return known

    def note(self, article: Article, state: State) -> None:
        """Remember what a revision of an article names, in place of what the one before named."""
        named = (article.translations or ())[:MOST_OF_ARTICLE]
        if not named:
            self.forget(article.article_id, state)
            return
        packed = bytearray((_FORMAT,))
        for each in named:
            packed += packing.raw(each.article_id)
            packed += packing.number(_ROLES.index(each.role))
            packed += packing.text(each.language or "", _LANGUAGE_BYTES)
        if (value := bytes(packed)) != self._of.get(article.article_id):
            self._of[article.article_id] = value
            state.put(VERSIONS + packing.short(article.article_id), value)

    def forget(self, article_id: str, state: State) -> None:
        """Forget what an article names."""
        if self._of.pop(article_id, None) is not None:
            state.delete(VERSIONS + packing.short(article_id))

    def named(self, members: Sequence[Placed]) -> tuple[StoryTranslation, ...] | None:
        """Return what the members of a story name, in their order; None where it is nothing."""
        found: dict[tuple[str, str], StoryTranslation] = {}
        for placed in members:
            for each in self._read(placed.article_id):
                found.setdefault((each.article_id, each.member_id), each)
            if len(found) >= MOST_OF_STORY:
                break
        return tuple(found.values())[:MOST_OF_STORY] or None

    def _read(self, article_id: str) -> list[StoryTranslation]:
        value = self._of.get(article_id)
        if value is None:
            return []
        data = packing.Reader(value)
        if (version := data.number()) != _FORMAT:
            raise StateFormatError(f"the versions of article {article_id}", version, str(_FORMAT))
        found = []
        while not data.at_end():
            id_, role, language = packing.long_raw(data.take(16)), _ROLES[data.number()], data.text()
            found.append(
                StoryTranslation(article_id=id_, language=language or None, role=role, member_id=article_id)
            )
        return found
