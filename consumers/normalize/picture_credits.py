"""Lines that say whose a picture is. They are no text, and the agency that they name is not that of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from consumers.normalize.agency_names import KNOWN, known_agency

_LONGEST: Final = 120
_WORD: Final = (
    r"(?:photo(?:graph|graphie|graphy)?s?|fotos?|fotografías?|pictures?|images?|bild(?:er|quelle|nachweis)?|foto ?montage|imagen|imágenes"
    r"|immagini?|imagem|imagens|fotografi[ae]?|zdjęci[ea]|kuva|kép|фото|фотографии|зображення|写真|사진|图片|圖片|صورة)"
)
_TELLS: Final = (
    r"[\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*)*\s(?!(?:of|for|from|in|on|at|and|via|with|used|de|del|la|für|von|und|et|pour|par|para|y|e)\s)"
    r"[a-zß-ÿ]{3,}\s[a-zß-ÿ\d]"
)
"""A name and what its bearer does: `Images by Tarn Lab show that the wall is gone` is a sentence."""
_CREDIT: Final = re.compile(
    rf"^[(\[▲]?\s?(?:(?:main|cover|top|header|title|lead|file|feature[d]?|titel|symbol|beitrags)[ -]?)?{_WORD}"
    rf"(?:[ -](?:credits?|source|courtesy|crédit|quelle))?\s?(?:(?:by|via|courtesy of)\s(?-i:[A-ZÀ-Þ](?!{_TELLS}))|[:：=©]\s?\S)"
    r"|^[(\[]?(?:AP|AFP|EPA|Reuters|REUTERS)(?: Photo| via [A-Z]\w+)?\s?/\s?(?-i:[A-ZÀ-Þ])[\w.’'-]+(?: [\w.’'-]+){0,3}[)\]]?$"
    r"|^[(\[]?AP Photo\b",
    re.IGNORECASE,
)
_PICTURED: Final = re.compile(
    rf"(?<!\w){_WORD}(?!\w)|(?<!\w)(?:abb|abbildung|illustrations?|getty|imago|zuma|shutterstock|alamy|istock)(?!\w)",
    re.IGNORECASE,
)
_TAKEN_BY: Final = re.compile(r"(?:\s\d{4})?\s?/\s?(?P<who>[A-ZÀ-Þ][\w.’'-]+)")
_BETWEEN: Final = re.compile(r"\s*[|;•·]\s*")
_KNOWN: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(KNOWN, key=len, reverse=True)))})(?!\w)", re.IGNORECASE
)
_PEOPLE_TOO: Final = re.compile(r"(?:Tasnim|Antara)\s(?!News|Agency)[A-ZÀ-Þ][a-zß-ÿ]")
"""Agencies that are called as people are, before a name of a family."""
_ASKS: Final = ("?", "!")
"""A paper that is called as pictures are asks so in its interviews: `BILD: Wie geht es Ihnen?`"""
_SENTENCE: Final = re.compile(r"[.!?]\s+[A-ZÀ-Þ][a-zß-ÿ]+ [a-zß-ÿ]")


def is_picture_credit(text: str) -> bool:
    """Return whether a line only says whose a picture is: `Photo: Ada Quill`, `Bild: dpa`, `Reuters/Ada Quill`."""
    if len(text) > _LONGEST or text.endswith(_ASKS):
        return False
    return bool(_CREDIT.match(text)) and not _SENTENCE.search(text)


def agencies_of_text(credit: str) -> Iterator[str]:
    """Yield the known agencies that a line of credits names, but for those whose picture it is: `© dpa/Ada Quill`, `Photo: AFP`."""
    for part in _BETWEEN.split(credit):
        if _PICTURED.search(part):
            continue
        for named in _KNOWN.finditer(part):
            name = known_agency(named[0])
            taken = _TAKEN_BY.match(part, named.end())
            is_somebody = _PEOPLE_TOO.match(part, named.start()) or (
                taken and known_agency(taken["who"]) is None
            )
            if name and not is_somebody:
                yield name
