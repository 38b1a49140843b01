"""Month names in the languages of news, from CLDR."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

LANGUAGES: Final = (
    "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr", "sr",
    "sr_Latn", "bs", "mk", "bg", "ru", "uk", "be", "ro", "hu", "el", "tr", "az", "sq", "ca", "eu", "gl", "cy", "ga", "ar",
    "ar_LB", "ar_DZ", "he", "fa", "ur", "hi", "bn", "ta", "te", "mr", "gu", "ka", "hy", "id", "ms", "vi", "th", "sw", "af", "kk",
)  # fmt: skip
_ENGLISH: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ALSO: Final = {"sept": 9, "mrz": 3, "jänner": 1, "feber": 2}
_ENGLISH_MONTHS: Final = {
    **{name: number for number, name in enumerate(_ENGLISH, 1)},
    **{name[:3]: number for number, name in enumerate(_ENGLISH, 1)},
    **_ALSO,
}
_DROPPED: Final = re.compile("[.'’`\u0300-\u036f]")  # accents too: they are left out as often as not
_Named = tuple[dict[str, int], dict[str, int]]


@functools.lru_cache(maxsize=4096)
def month_of(word: str) -> int | None:
    """Return the number of the month that a word names, 1 to 12, or None. English first; a name of two months in two languages is none."""
    key = _key(word)
    found = _ENGLISH_MONTHS.get(key) or (_others()[0].get(key) if len(key) > 1 else None)
    return _others()[0].get(key[1:]) if found is None and key.startswith("ב") else found  # Hebrew: "in March"


@functools.lru_cache(maxsize=1024)
def month_or_weekday(word: str) -> int | None:
    """Return the month of a word that names one in one language and is a weekday in another (`paź` of `10 paź 2024`), or None."""
    return _others()[1].get(_key(word))


def _key(word: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFD", word)).casefold()


@functools.cache
def _others() -> _Named:
    """Return what names a month and nothing else, and what names a weekday too."""
    from babel import Locale  # its data are read when the first name that is not English comes

    found: dict[str, set[int]] = {}
    weekdays: set[str] = set()
    for language in LANGUAGES:
        locale = Locale.parse(language)
        months = locale.months
        weekdays.update(_key(name) for name in locale.days["format"]["abbreviated"].values())
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    for form in {name, _alone(name)}:
                        found.setdefault(_key(form), set()).add(number)
    of_one = {
        name: next(iter(numbers))
        for name, numbers in found.items()
        if len(numbers) == 1 and not name[:1].isdigit()
    }
    return (
        {name: number for name, number in of_one.items() if name not in weekdays},
        {name: number for name, number in of_one.items() if name in weekdays},
    )


def _alone(name: str) -> str:
    """Return the name without what stands before it in some languages (`de gener`, `d’abril`)."""
    return re.sub(r"^(?:de |d’|d')", "", name)
