"""People, organisations and places of an article, each with all its mentions."""

from __future__ import annotations

from dataclasses import dataclass

from consumers.enrich.aliases import fold_aliases
from consumers.enrich.document import Document, Mention
from consumers.enrich.names import read_names
from consumers.enrich.single_names import single_names
from schemas.article.model import Entity, EntityMention
from schemas.core.location import Location


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities of an article."""

    all: tuple[Entity, ...]
    """In order of their first mention."""
    names: dict[str, str]
    """The entity's name by the key that its mentions carry."""


def find_entities(doc: Document) -> Entities:
    """Read all names, leave them in `doc.mentions` in order of text, and return the entities."""
    read_names(doc)
    fold_aliases(doc)
    single_names(doc)
    doc.mentions.sort(key=lambda mention: (mention.passage, mention.start))
    by_key: dict[str, list[Mention]] = {}
    for mention in doc.mentions:
        by_key.setdefault(mention.key, []).append(mention)
    return Entities(
        all=tuple(_entity(doc, mentions) for mentions in by_key.values()),
        names={key: _name(mentions) for key, mentions in by_key.items()},
    )


def _name(mentions: list[Mention]) -> str:
    """Return the fullest form among the mentions of one entity: that with the most characters, the first of equals."""
    return max((mention.name for mention in mentions), key=len)


def _entity(doc: Document, mentions: list[Mention]) -> Entity:
    name = _name(mentions)
    places = [(doc.lines[mention.passage].passage, mention) for mention in mentions]
    texts = [passage.text[mention.start : mention.end] for passage, mention in places]
    return Entity(
        name=name,
        type=mentions[0].kind,
        aliases=tuple(dict.fromkeys(text for text in texts if text != name)),
        mentions=tuple(
            EntityMention(
                text=text, location=Location(path=passage.path, start=mention.start, end=mention.end)
            )
            for text, (passage, mention) in zip(texts, places, strict=True)
        ),
    )
