"""An article made ready for the name rules: words by passage, what stands in lower case, and what is already taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from consumers.enrich.passages import Passage
from consumers.enrich.vocabulary import vocabulary
from consumers.enrich.words import Word, words

Kind = Literal["person", "organisation", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    passage: int
    """Index of the passage in the document."""
    start: int
    """First code point of the words, a short title such as `Mr` included."""
    end: int
    """One past the last."""
    kind: Kind
    """What is named."""
    key: str
    """Names with the same key are one entity."""
    name: str
    """The name without titles."""
    country: str | None = None
    """ISO 3166-1 code of the country that the name stands for, if any."""


@dataclass(slots=True)
class Line:
    """One passage with its words."""

    number: int
    """Its index in the document."""
    passage: Passage
    """The passage."""
    words: list[Word]
    """Its words in order."""
    title_case: bool
    """Whether (nearly) all its words have capitals, as in some English headlines: there a capital says nothing."""
    upper: bool
    """Whether the passage has no lower-case letter: then nothing tells names from other words."""
    taken: bytearray
    """1 for each code point that belongs to a name already found."""

    def free(self, start: int, end: int) -> bool:
        """Return whether no name was found in the span yet."""
        return self.taken.find(1, start, end) < 0

    def near(self, index: int) -> bool:
        """Return whether the word at `index` follows the one before it with nothing but one space in between."""
        return index > 0 and self.words[index].start - self.words[index - 1].end == 1


@dataclass(slots=True)
class Document:
    """All passages of an article."""

    language: str
    """ISO 639 code of the text's language."""
    lines: list[Line]
    """The passages in reading order."""
    vocabulary: frozenset[str]
    """All words of the article as written."""
    lower: frozenset[str]
    """Words that the article writes in lower case somewhere."""
    mentions: list[Mention] = field(default_factory=list)
    """Names found so far."""
    unclear: list[Mention] = field(default_factory=list)
    """People named by a title and a surname that two or more may carry: nobody can tell whom they mean."""
    nationals: list[tuple[int, int, int, str]] = field(default_factory=list)
    """Words for a country's people or their adjective: passage, first code point, one past the last, ISO 3166-1 code."""
    genders: dict[str, str] = field(default_factory=dict)
    """`male` or `female` by a person's name, where a title or given name tells."""

    def plain(self, word: Word) -> bool:
        """Return whether a word is also used in lower case, by the article or as one of the language's frequent words."""
        lower = word.text.lower()
        return lower in self.lower or lower in vocabulary(self.language).stopwords

    def take(self, mention: Mention) -> None:
        """Record a name and mark its place."""
        self.mentions.append(mention)
        self.lines[mention.passage].taken[mention.start : mention.end] = b"\x01" * (
            mention.end - mention.start
        )


def document(passages: tuple[Passage, ...], language: str) -> Document:
    """Return the article ready for reading names."""
    lines = []
    lower: set[str] = set()
    for number, passage in enumerate(passages):
        found = words(passage.text)
        upper = passage.text.isupper()
        # A paragraph that is a list of names, or a sentence full of them, has marks that a headline has not.
        sentence = passage.kind == "paragraph" and (
            any(word.text in ",;" for word in found) or (found[-1:] and found[-1].text == ".")
        )
        title_case = upper or (not sentence and _title_case(found, 3 if passage.kind != "paragraph" else 6))
        lines.append(Line(number, passage, found, title_case, upper, bytearray(len(passage.text))))
        lower.update(word.text for word in found if word.text.islower())
    every = frozenset(word.text for line in lines for word in line.words)
    return Document(language, lines, every, frozenset(lower))


def _title_case(found: list[Word], least: int) -> bool:
    """Return whether four of five words that are longer than three letters begin with a capital, and there are enough of them."""
    long = [word for word in found if len(word.text) > 3 and word.text[0].isalpha()]
    return len(long) >= least and sum(word.text[0].isupper() for word in long) * 5 >= len(long) * 4
