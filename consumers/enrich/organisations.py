"""Organisations by the way they are built: Ministry of Defence, Health Department, a group called the Some Thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Line
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import Vocabulary, vocabulary
from consumers.enrich.words import Word

_LONGEST: Final = 8
_CALLED: Final = frozenset({"called", "named", "dubbed"})
_ACRONYM: Final = re.compile(r" \(((?:[A-Z]\.?){2,8}s?)\)")


def organisation_at(doc: Document, line: Line, index: int) -> int:
    """Return how many words the organisation's name has that begins at a word and is built like one; 0 for none."""
    word = line.words[index]
    vocab = vocabulary(doc.language)
    if word.text in vocab.calendar or word.text in vocab.roles or word.text in vocab.honorifics:
        return 0
    run = _run(vocab, line, index)
    if not run or (word.opens and len(run) > 1 and doc.plain(word)) or _inside_longer(line, index):
        return 0
    return _called(doc, line, index, len(run)) or _of(doc, line, index) or _ends(doc, line, index, run)


def _run(vocab: Vocabulary, line: Line, index: int) -> list[Word]:
    """Return words with capitals that follow each other with one space, `&` among them; a possessive or a bracket ends it."""
    run: list[Word] = []
    for position in range(index, min(index + _LONGEST, len(line.words))):
        word = line.words[position]
        if not (word.text[0].isupper() or (word.text == "&" and run)) or word.text in vocab.function:
            break
        if run and (word.start - run[-1].end != 1 or run[-1].possessive):
            break
        run.append(word)
    while run and run[-1].text == "&":
        run.pop()
    return run


def _ends(doc: Document, line: Line, index: int, run: list[Word]) -> int:
    """`Health Ministry`, `Central Bank of Turkey`: the last word that is a head decides."""
    vocab, known = vocabulary(doc.language), gazetteer(doc.language)
    strong, weak = facts.words("heads", "organisation"), facts.words("heads", "organisation weak")
    suffixes = facts.words("heads", "company suffix")
    length = 0
    for count, word in enumerate(run[1:], 2):
        if word.text in strong:
            length = count
            if word.text in suffixes:
                break
        elif word.text in vocab.calendar or word.text in vocab.roles:
            break
        elif word.text in weak and (count >= 3 or run[0].text in known.single):
            length = count
    following = index + length
    if not length or run[length - 1].possessive or following + 1 >= len(line.words):
        return length
    end = _after_of(doc, line, following + 1) if line.words[following].text == "of" else 0
    return end - index if end else length


def _inside_longer(line: Line, index: int) -> bool:
    """Return whether a word with a capital and `and` stand before: `Relief and` before `Works Agency`."""
    if index < 2 or line.words[index - 1].text not in ("and", "&", "for"):
        return False
    before = line.words[index - 2]
    return before.text[0].isupper() and not before.opens and line.free(before.start, before.end)


def _place_after(doc: Document, line: Line, of: int) -> int:
    """Return how many words `of Turkey` or `of the United States` has, or 0 where no known place follows."""
    first = of + 2 if line.words[of + 1].text == "the" else of + 1
    if first >= len(line.words):
        return 0
    known = gazetteer(doc.language)
    longest = known.longest(line.words, first)
    if longest is not None and longest[1].kind == "place":
        return first + longest[0] - of
    single = known.single.get(line.words[first].text)
    return first + 1 - of if single is not None and single.kind == "place" else 0


def _of(doc: Document, line: Line, index: int) -> int:
    """`Ministry of Defence`, `Royal Society for the Protection of Birds`: a head, `of` or `for`, then words with capitals."""
    heads = facts.words("heads", "organisation first")
    words = line.words
    for position in range(index, min(index + 5, len(words) - 2)):
        word = words[position]
        if not word.text[0].isupper() or (position > index and not line.near(position)) or word.possessive:
            break
        if word.text in heads and words[position + 1].text in ("of", "for", "on"):
            end = _after_of(doc, line, position + 2)
            if end:
                return end - index
    return 0


def _after_of(doc: Document, line: Line, position: int) -> int:
    """Return the index after the words that complete `Ministry of …`, or 0 where there are none. A known place completes it."""
    place = _place_after(doc, line, position - 1) if position < len(line.words) else 0
    if place:
        return position - 1 + place
    words, vocab, known = line.words, vocabulary(doc.language), gazetteer(doc.language)
    if position < len(words) and words[position].text == "the":
        position += 1
    end = 0
    while position < len(words):
        text = words[position].text
        if text[0].isupper():
            if text in vocab.calendar or text in vocab.roles or text in vocab.given or text in vocab.function:
                break
            position += 1
            end = position
            if words[position - 1].possessive:
                break
            continue
        following = words[position + 1].text if position + 1 < len(words) else ""
        links = text in ("of", "and") and following[:1].isupper() and following not in known.single
        if not (end and links) or known.longest(words, position + 1):
            break
        position += 1
    return end


def _called(doc: Document, line: Line, index: int, length: int) -> int:
    """Return the length of what follows `a group called the`: it is a name, whatever its words, `in Iraq` included."""
    words = line.words
    before = index - 1
    if before >= 0 and words[before].text == "the":
        before -= 1
    groups = facts.words("heads", "called")
    if before < 1 or words[before].text not in _CALLED or words[before - 1].text not in groups:
        return 0
    end = index + length
    if end + 1 < len(words) and words[end].text == "in":
        single = gazetteer(doc.language).single.get(words[end + 1].text)
        end += 2 if single is not None and single.kind == "place" else 0
    return end - index


def acronyms(doc: Document) -> Mapping[str, str]:
    """Return the abbreviations that the article explains, `World Health Organization (WHO)`: abbreviation to the organisation's key."""
    found: dict[str, str] = {}
    for mention in doc.mentions:
        if mention.kind != "organisation":
            continue
        match = _ACRONYM.match(doc.lines[mention.passage].passage.text, mention.end)
        if match is not None and _abbreviates(match[1], mention.name):
            found.setdefault(match[1], mention.key)
    return found


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of an abbreviation are first letters of the name's words, in order."""
    initials = iter([part[0].upper() for part in re.split(r"[\s-]+", name) if part])
    return all(letter in initials for letter in acronym.replace(".", "").rstrip("s"))
