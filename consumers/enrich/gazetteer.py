"""Names that are known: organisations, places and countries, found by their exact words."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Kind
from consumers.enrich.words import Word, words

_NOT_ISO: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
"""CLDR codes that are regions, exceptional reservations or placeholders."""
_MIDDLES: Final = (" & ", " and ")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a name."""

    kind: Kind | None
    """None for the people or adjective of a country, which is no name of an entity."""
    key: str
    """Names with the same key are one entity."""
    country: str | None
    """ISO 3166-1 alpha-2 code of the country that the name stands for."""
    sort: str
    """`country`, `capital`, `people`, or the section of the table."""


class Gazetteer:
    """Known names of one language, looked up by their first word."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Known]]] = {}
        self.single: dict[str, Known] = {}
        """Names of one word."""
        self.capitals: set[str] = set()
        """Names of capitals of countries."""
        self.lower_case: set[str] = set()
        """First words of longer names that have no capital, e.g. `al Qaeda`."""

    def add(self, name: str, known: Known) -> None:
        """Add a name; the first entry for a name stays."""
        tokens = tuple(word.text for word in words(name))
        if len(tokens) == 1:
            self.single.setdefault(tokens[0], known)
            return
        if not tokens[0][0].isupper():
            self.lower_case.add(tokens[0])
        rest = self._by_first.setdefault(tokens[0], [])
        if all(existing != tokens[1:] for existing, _ in rest):
            rest.append((tokens[1:], known))
            rest.sort(key=lambda entry: -len(entry[0]))

    def longest(self, line: list[Word], index: int) -> tuple[int, Known] | None:
        """Return the number of words, two or more, of the longest known name that begins at a word, and what is known about it."""
        for rest, known in self._by_first.get(line[index].text, ()):
            end = index + 1 + len(rest)
            if end <= len(line) and all(
                line[index + 1 + step].text == part for step, part in enumerate(rest)
            ):
                return 1 + len(rest), known
        return None


@functools.cache
def gazetteer(language: str) -> Gazetteer:
    """Return the known names of a language (ISO 639). Loaded at the first call, 30 ms a language."""
    found = Gazetteer()
    english = language == "en"
    for section in ("states", "world", "groups", "media", "companies", "sport", "learning"):
        for line in facts.sections("organisations")[section]:
            names, _, country = line.partition(" = ")
            forms = [form.strip() for form in names.split("|")]
            for form in forms:
                found.add(form, Known("organisation", f"o:{forms[0]}", country.strip() or None, section))
    if english:
        _add_table(found, "countries", "")
    elif language in facts.sections("countries_world"):
        _add_table(found, "countries_world", language)
    _add_cldr(found, language)
    for section in ("regions", "states", "cities", "waters"):
        for line in facts.sections("places")[section]:
            forms = [form.strip() for form in line.split("|")]
            for form in forms:
                found.add(form, Known("place", f"l:{forms[0]}", None, section))
    return found


def _add_table(found: Gazetteer, table: str, section: str) -> None:
    for line in facts.sections(table)[section]:
        code, names, people, capitals = ([part.strip() for part in line.split("|")] + ["", ""])[:4]
        for given in filter(None, (part.strip() for part in names.split(";"))):
            part_of = given.startswith("~")
            name = given.removeprefix("~").removeprefix("the ")
            found.add(name, Known("place", f"l:{name}" if part_of else f"c:{code}", code, "country"))
        for form in people.split():
            found.add(form.replace("_", " "), Known(None, f"c:{code}", code, "people"))
        for capital in filter(None, (part.strip() for part in capitals.split(";"))):
            forms = [form.strip() for form in capital.split("=")]
            found.capitals.update(forms)
            for form in forms:
                found.add(form, Known("place", f"l:{forms[0]}", code, "capital"))


def _add_cldr(found: Gazetteer, language: str) -> None:
    from babel import Locale, UnknownLocaleError  # 50 ms, at first use only

    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return
    for code, name in sorted(territories.items()):
        if len(code) != 2 or not code.isalpha() or code in _NOT_ISO or len(name) < 3:
            continue
        known = Known("place", f"c:{code}", code, "country")
        for form in {name, name.replace(" & ", " and "), name.replace("’", "'"), name.replace("St.", "St")}:
            found.add(form, known)
