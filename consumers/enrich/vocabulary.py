"""Words that play a part around names: titles, roles, days, months, and words that begin sentences."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from consumers.enrich import facts

Gender = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language."""

    honorifics: frozenset[str]
    """Short titles that belong to a mention: Mr, Dr."""
    before_one_name: frozenset[str]
    """Titles after which a single word is a person's name: President."""
    roles: frozenset[str]
    """Words that may stand before a full name: spokesperson."""
    modifiers: frozenset[str]
    """Words that may stand before a role: Foreign, Chief."""
    calendar: frozenset[str]
    """Days, months, feasts."""
    stopwords: frozenset[str]
    """Frequent words in lower case."""
    given: dict[str, Gender | None]
    """Given names and whose they are; None for either."""
    given_word: frozenset[str]
    """Given names that are also plain words or surnames."""
    given_place: frozenset[str]
    """Given names that are also places, months or titles."""
    heads: frozenset[str]
    """Words that end the name of an organisation, a place or a thing: no person's."""
    surname_too: frozenset[str]
    """Roles that are surnames after a given name."""
    function: frozenset[str]
    """Words that are never part of a name, though headlines give them capitals."""
    surname_first: frozenset[str]
    """Family names that stand first."""
    particles: frozenset[str]
    """Lower-case words inside a name."""
    particles_after_given: frozenset[str]
    """Lower-case words between given names and surname."""
    honorific_gender: dict[str, Gender]
    """Gender that a short title tells."""

    def gender(self, name: str, honorific: str = "") -> Gender | None:
        """Return the gender that title or given name tell, where they do."""
        return self.honorific_gender.get(honorific) or self.given.get(name.split(" ", 1)[0])


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of a language (ISO 639); names and English titles are known in all."""
    genders: tuple[Gender, Gender] = ("male", "female")
    honorific_gender = {
        word: gender
        for gender in genders
        for section in (gender, f"{gender} {language}")
        for word in facts.words("titles", section)
    }
    male, female = facts.words("given_names", "male"), facts.words("given_names", "female")
    given: dict[str, Gender | None] = {}
    given.update((name, "male") for name in sorted(male - female))
    given.update((name, "female") for name in sorted(female - male))
    given.update((name, None) for name in sorted(male & female))
    word, place = facts.words("given_names", "word"), facts.words("given_names", "place")
    given |= {name: given.get(name) for name in sorted(word | place)}
    return Vocabulary(
        honorifics=frozenset(honorific_gender) | facts.words("titles", "either"),
        before_one_name=facts.words("titles", "before one name"),
        roles=facts.words("titles", "role") | facts.words("titles", "before one name"),
        modifiers=facts.words("titles", "modifier"),
        calendar=facts.words("titles", "calendar"),
        stopwords=facts.words("stopwords", language),
        given=given,
        given_word=word,
        given_place=place,
        heads=facts.words("heads", "organisation")
        | facts.words("heads", "organisation weak")
        | facts.words("heads", "place")
        | facts.words("heads", "thing"),
        surname_too=facts.words("titles", "surname too"),
        function=facts.words("titles", "never in a name"),
        surname_first=facts.words("given_names", "surname first"),
        particles=facts.words("given_names", "particle"),
        particles_after_given=facts.words("given_names", "particle after given"),
        honorific_gender=honorific_gender,
    )
