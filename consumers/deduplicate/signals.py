"""What a publisher says of a text: that it corrects, repeats, replaces or takes back an earlier one.

The words are fewer than those by which a notice is known (`consumers/notice_words`), on purpose: they are said of the text itself, so that
a near copy with one of them in its headline is taken for the very article (`judgement`), where a notice is only linked with another one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from schemas.normalized.model import Normalized

_HEADLINES: Final = {
    "corrected": r"corrected|correction|corrects|corrig[ée]|rectificatif|korrektur|korrigiert|berichtigung|correcci[oó]n|corregido|"
    r"rettifica|corre[cç][aã]o|rectificatie|r[äæ]ttelse|sprostowanie",
    "refiled": r"refile|refiled|refiles",
    "repeated": r"repeat|rpt|repeats|wiederholung",
    "updated": r"updated?(?: ?[0-9]{1,3})?|aktualisiert|actualizado|mise [àa] jour|aggiornamento|atualizado",
    "retracted": r"retraction|retracted|withdrawn|withdrawal|kill|mandatory kill|zur[üu]ckgezogen|retirado",
}
_NOTES: Final = {
    "corrected": r"\(?corrects\b|\(?corrected\b|correction[:.]|(?:in )?an earlier version of this|berichtigung:|korrektur:|"
    r"correcci[oó]n:|rectificatif ?:|this (?:article|story|report) (?:was|has been) (?:amended|corrected)",
    "refiled": r"\(?refiles\b",
    "repeated": r"\(?repeats\b",
    "updated": r"\(?(?:updates|adds|recasts)\b[^.)]{0,80}\)|this (?:article|story) (?:was|has been) updated",
    "retracted": r"(?:this|the) (?:article|story) (?:was|has been) (?:retracted|withdrawn|removed)",
}
# A word that a headline may begin with anyway counts only with what sets it off.
_IN_HEADLINE: Final = {
    name: re.compile(rf"^\W*(?:{words})\s*[-:–—|)\]]|\((?:{words})\)\W*$", re.IGNORECASE)
    for name, words in _HEADLINES.items()
}
_IN_NOTE: Final = {
    name: re.compile(rf"^\W{{0,3}}(?:{words})", re.IGNORECASE) for name, words in _NOTES.items()
}
_OF_ITEMS: Final = {
    "correction": "corrected", "corrected": "corrected", "update": "updated", "updated": "updated", "refile": "refiled",
    "repeat": "repeated", "retransmission": "repeated", "retraction": "retracted", "kill": "retracted",
}  # fmt: skip
_NOTE_CHARACTERS: Final = 300


def in_headline(article: Normalized) -> list[str]:
    """Return what the headline says: such a text stands for an earlier one, where a note in it only tells of itself."""
    return [name for name, words in _IN_HEADLINE.items() if words.search(article.headline[:_NOTE_CHARACTERS])]


def of_its_text(article: Normalized) -> set[str]:
    """Return what the headline or the agency's item says of the text as a whole."""
    return {*in_headline(article), *_of_item(article)}


def read(article: Normalized, of_others: Collection[str] = ()) -> tuple[str, ...]:
    """Return what is said, in a fixed order: in the headline, in the first or the last two paragraphs, or by the agency's item.

    What it is known to say of other articles (`notices`) counts too.
    """
    found = {*in_headline(article), *of_others}
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    for text in (*paragraphs[:1], *paragraphs[-2:]):
        found |= {name for name, words in _IN_NOTE.items() if words.match(text[:_NOTE_CHARACTERS])}
    found |= _of_item(article)
    if article.wire is not None and article.wire.corrects and not {"updated", "refiled"} & _of_item(article):
        found |= {"corrected"}
    return tuple(name for name in _HEADLINES if name in found)


def _of_item(article: Normalized) -> set[str]:
    said = (signal.lower().removeprefix("sig:") for signal in (article.wire.signals if article.wire else ()))
    return {_OF_ITEMS[signal] for signal in said if signal in _OF_ITEMS}
