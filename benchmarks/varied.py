"""Captures that differ as news does: in subject, length, language, source and form. Made from the seeds' own sentences.

Every article is about an event with names of its own; three tell of the same one. Sentences are the seeds', with most of their longer words
exchanged for others of the same language and all numbers drawn anew, so that no two articles are copies, and language, dates, quotes and
names are still there to be found. The same number and version give the same text, always.
"""

from __future__ import annotations

import functools
import html
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from newswire.capture import Captured, capture_key
from schemas.raw.model import Raw

SEEDS: Final = Path(__file__).resolve().parents[1] / "seeds"
_LANGUAGES: Final = ("en", "en", "de", "en", "fr", "en", "es", "ru", "en", "en")
_SOURCES: Final = 8
_ABOUT_ONE_EVENT: Final = 3
_EXCHANGED: Final = 0.75
_OWN_WORDS: Final = 0.3
_NAMES: Final = 4
_LONG: Final = 5
_WORD: Final = re.compile(r"\d+|\w+|\W+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


class _Corpus(NamedTuple):
    """One language of the seeds."""

    sentences: list[list[str]]
    """Each cut into words, numbers and what is between."""
    words: list[str]
    """Its longer words that are no names."""


def article(number: int, version: int = 1, *, copy: bool = False) -> Captured:
    """Return version `version` of article `number`; with `copy` the same text as another paper prints it under its own id."""
    dice = random.Random(f"article {number}")
    language = _LANGUAGES[(number // _ABOUT_ONE_EVENT) % len(_LANGUAGES)]
    names = _names(random.Random(f"event {number // _ABOUT_ONE_EVENT}"))
    paragraphs = [_paragraph(dice, language, names) for _ in range(dice.randint(3, 9))]
    if version > 1:
        changed = random.Random(f"article {number} version {version}")
        paragraphs[changed.randrange(len(paragraphs))] = _paragraph(changed, language, names)
    headline = f"{names[0]}: {_sentence(dice, language, names).rstrip('.!?…')[:90]}"
    paper = f"{language}-{'copyist' if copy else 'paper'}-{(number * 7 + copy) % _SOURCES}"
    guid = f"{'copy' if copy else 'article'}-{number}"
    as_page = dice.random() < 0.25
    raw = Raw.from_data(
        {
            "source": {"name": paper, "kind": "files"},
            "captured_at": datetime.now(UTC),
            "media_type": "text/html" if as_page else "text/plain",
            "body": _page(headline, paragraphs, language) if as_page else "\n\n".join(paragraphs),
            "guid": guid,
            "item": {"headline": headline, "language": language},
        }
    )
    return Captured(raw, capture_key(paper, guid=guid))


def stream(population: int | None = None, *, start: int = 0) -> Iterator[Captured]:
    """Yield captures for ever: of ten the last is a wire copy of the one before.

    With a `population` the articles come round again, each time in a new version: what a stage has to remember then stays bounded.
    """
    at = start
    while True:
        number, version = (at, 1) if population is None else (at % population, at // population + 1)
        yield article(number - 1, version, copy=True) if number % 10 == 9 else article(number, version)
        at += 1


def _paragraph(dice: random.Random, language: str, names: list[str]) -> str:
    return " ".join(_sentence(dice, language, names) for _ in range(dice.randint(2, 6)))


def _sentence(dice: random.Random, language: str, names: list[str]) -> str:
    corpus = _corpora()[language]
    made = []
    for place, part in enumerate(dice.choice(corpus.sentences)):
        if part.isdigit():
            made.append(str(dice.randint(2, 10 ** max(2, len(part)) - 1)) if len(part) != 4 else part)
        elif place and part[:1].isupper() and len(part) >= _LONG:
            made.append(dice.choice(names[:_NAMES]))
        elif place and part.isalpha() and len(part) >= _LONG and dice.random() < _EXCHANGED:
            # An event has words of its own as well, or all articles in a language of few sentences would tell of the same one.
            made.append(
                dice.choice(names[_NAMES:]).lower()
                if dice.random() < _OWN_WORDS
                else dice.choice(corpus.words)
            )
        else:
            made.append(part)
    return "".join(made)


def _names(dice: random.Random) -> list[str]:
    """Return the names of an event and the words of its own, made of syllables."""
    return [
        "".join(
            dice.choice("bdfgklmnprstvw") + dice.choice("aeiou") + dice.choice(("", "n", "r", "l", "s"))
            for _ in range(dice.randint(2, 3))
        ).capitalize()
        for _ in range(_NAMES + 12)
    ]


def _page(headline: str, paragraphs: list[str], language: str) -> str:
    body = "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)
    title = html.escape(headline)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body><nav><a href="/">Home</a> '
        f'<a href="/local">Local</a></nav><article><h1>{title}</h1>\n{body}</article><footer>All rights reserved.</footer></body></html>'
    )


@functools.cache
def _corpora() -> dict[str, _Corpus]:
    texts: dict[str, list[str]] = {language: [] for language in _LANGUAGES}
    for path in sorted(SEEDS.glob("0[1-8]-*/*")):
        if path.suffix in (".json", ".jsonl"):
            lines = (
                [path.read_text("utf-8")] if path.suffix == ".json" else path.read_text("utf-8").splitlines()
            )
            for data in map(json.loads, lines):
                if data["language"][:2] in texts:
                    texts[data["language"][:2]].append(data.get("text", ""))
        elif "german" in path.name:
            texts["de"].append(path.read_text("utf-8-sig"))
        elif "russian" in path.name:
            texts["ru"].append(path.read_text("windows-1251"))
    return {language: _corpus("\n".join(found)) for language, found in texts.items()}


def _corpus(text: str) -> _Corpus:
    sentences = [_WORD.findall(part) for part in _SENTENCE_END.split(text) if len(part) > 40]
    words = sorted({w for s in sentences for w in s if w.isalpha() and w.islower() and len(w) >= _LONG})
    assert len(sentences) > 5, "the seeds have too little text in one language"
    return _Corpus(sentences, words)
