"""Numbers in words: `seven people` says what `7 people` says. One is left out, which in most languages is an article too."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.words import Hashes, word_hash
from consumers.normalize.declared_language import primary

_FROM_TWO: Final = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto "
    "diciannove",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
    "sv": "två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton",
    "da": "to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
    "no": "to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
}
_TENS: Final = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "fr": "vingt trente quarante cinquante soixante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "sv": "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
    "da": "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    "no": "tjue tretti førti femti seksti sytti åtti nitti",
}
_JOINED: Final = {"de": ("ein", "und"), "nl": ("een", "en")}
"""Where `25` is one word: how 1 is called in it, and what stands between its parts."""


class Spelled(NamedTuple):
    """The number words of a language."""

    words: Hashes
    """Hashes of the words, ascending."""
    numbers: Hashes
    """Of each the hash of the number in digits."""

    def places(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        """Return for each word which number word it is, -1 for none."""
        if not len(self.words):
            return np.full(len(hashes), -1, np.intp)
        places = np.minimum(np.searchsorted(self.words, hashes), len(self.words) - 1)
        return np.where(self.words[places] == hashes, places, -1)


def spelled(language: str) -> Spelled:
    """Return the number words of a language (BCP 47); none of one that has no table here."""
    return _spelled(primary(language))


@functools.cache
def _spelled(language: str) -> Spelled:
    found = {word_hash(word): word_hash(str(number)) for word, number in _numbers(language)}
    words = sorted(found)
    return Spelled(np.array(words, np.uint64), np.array([found[word] for word in words], np.uint64))


def _numbers(language: str) -> Iterator[tuple[str, int]]:
    small = list(enumerate(_FROM_TWO.get(language, "").split(), 2))
    tens = [(10 * number, word) for number, word in enumerate(_TENS.get(language, "").split(), 2)]
    yield from ((word, number) for number, word in (*small, *tens))
    if language in _JOINED:
        one, between = _JOINED[language]
        for unit, first in ((1, one), *small[:8]):
            yield from ((f"{first}{between}{word}", ten + unit) for ten, word in tens)
