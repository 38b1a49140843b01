"""People out of bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from newswire.text.hygiene import title

_BY: Final = re.compile(
    r"^(?:(?:propos )?recueillis? par"
    r"|(?:written|story|words|text|tekst|reported|reporting|posted|published|(?:view )?(?:all )?posts|articles?|more)"
    r" (?:by|von|par|por)|by|von|par|por|di|da|door|av|af|oleh|text|tekst|words|autore?|auteur|autorin|penulis|reporter|piše)\b\s*:?\s+"
    r"|^(?:by|von|text|tekst|autor(?:in)?|auteur|penulis|автор|от|текст|作者|文|取材|記者|责编|編輯)\s*[:：／/]\s*|^(?:от|автор)\s+",
    re.IGNORECASE,
)
_ALSO_NAMES: Final = frozenset(("di", "da", "von", "av", "af"))
"""Words before one word of a byline that may be a part of the name: Da Silva."""
_ADDRESS: Final = re.compile(r"(?<!\S)\S*?@\S+|https?://\S+|\bwww\.\S+")
_ASIDE: Final = re.compile(r"\s*[(\[（][^()\[\]（）]{0,60}(?:[)\]）]|$)")
_AND: Final = re.compile(
    r"\s+(?:and|und|et|и|і|та|og|och|ja|en|ve|és|dan|và|with|mit)\s+|\s*[&;|/•·]\s*|\s+[–—-]\s+|、|，|،"
)
_PERHAPS_AND: Final = re.compile(r"\s+(?:e|y|i)\s+")
"""Also inside of names: Ortega y Gasset."""
_OF: Final = re.compile(r"\s+(?:for|at|from|of|in|für|pour|para)\s+(?:the\s+)?[^\W\d_a-z].*$")
_ROLE: Final = re.compile(
    r"\b(?:editors?|reporters?|correspondents?|writers?|staff|desk|columnists?|chief|contributors?|contributing|agency|agencies|bureau|team"
    r"|newsroom|redaktion(?:en)?|redaktør|redaktionen|toimitus|rédaction|redacción|redacci[oó]n?|redazione|redação|redactie|redakcja|redakce"
    r"|редакция|producers?|analyst|journalists?|photographers?|director|manager|minutes?|updated|published|video|podcast|newsletter"
    r"|at|in|for|of|from|the|on|is|was|de?partment)\b|[‐-]redaktion\b|기자|記者|编辑|編集部|編輯部",
    re.IGNORECASE,
)
_NOT_A_NAME: Final = re.compile(
    r"^(?:admin(?:istrator)?|editor(?:ial)?|staff|user|guest|anonymous|author|unknown|none|null|webmaster|team|redaktion|press release"
    r"|(?:the )?(?:associated )?newsroom|web ?desk|news ?desk|online|root|test|contributors?|default|nobody|n/?a|agenc(?:y|ies)|agencias"
    r"|redazione|redacci[oó]n|rédaction|redação|redactie|toimitus|редакция|by|and|von|facebook|twitter|instagram|linkedin|e-?mail|follow"
    r"|share|subscribe|comments?)$"
    r"|\b(?:photo|foto|image|bild|getty|copyright|all rights|cookies?)\b|[<>{}=_\\#*©?!\"“”]|\d"
    r"|\w\.(?:com|net|org|info|ca|de|fr|es|it|pl|ru|co|uk|be|at|ch|se|no|dk|fi|br|tv|eu)$|^[^\W\d_]$",
    re.IGNORECASE,
)
_DESK: Final = re.compile(
    r"\b(?:staff|desk|newsroom|editorial (?:board|team)|news team|redaktion(?:en)?|rédaction|redacción|redazione|redação|redactie"
    r"|toimitus|redakcja|redakce|редакция|bureau)$"
    r"|^(?:la |de |die )?(?:redaktion|rédaction|redacción|redazione|redação|redactie|redakcja|редакция)\b"
    r"|^(?:[^\W\d_]+[ -]){0,2}(?:reporters?|correspondents?|editors?|writers?|team|autoren)$|ब्यूरो$"
    r"|[‐-]redaktion$|編集部$|編輯部$|编辑部$|취재팀$",
    re.IGNORECASE,
)
_ORGANISATION: Final = re.compile(
    r"\b(?:news|media|times|post|press|magazine|network|university|institute|ltd|inc|gmbh|zeitung|nachrichten|online|today|radio|tv"
    r"|report|society|association|foundation|council|agency|company)$|\.(?:com|net|org|de|co\.uk|fr|es|it)$",
    re.IGNORECASE,
)
_PARTICLES: Final = frozenset(
    (
        "de",
        "da",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "der",
        "den",
        "di",
        "del",
        "la",
        "le",
        "bin",
        "al",
        "el",
        "ter",
    )
)
_RANK: Final = re.compile(r"\s*(?:기자|특파원|記者|记者|編輯|编辑)$")
_SLUG: Final = re.compile(r"^[a-z]+(?:[-.][a-z]+)+$|^[a-z]+[A-Z]\w*$")
_MAX_NAME: Final = 80
_MAX_WORDS: Final = 8
_MAX_AUTHORS: Final = 50
_MAX_BYLINES: Final = 200


def read_bylines(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names in bylines, each once, in order.

    `By A. Roe and B. Doe` holds two. What follows a comma is another name if it has two to four words, all with a capital and none a role
    ("Chief Reporter"); otherwise it is left out. Addresses, initials in brackets, handles, editorial desks (`MM-Redaktion`, `Web Desk`)
    and what accounts are called (`admin`) are left out. Longer than 80 characters or eight words is no name.
    """
    names: dict[str, str] = {}
    for part in byline_parts(given):
        if not is_desk(part) and not _SLUG.match(part):
            names.setdefault(part.casefold(), part)
    if any(" " in name for name in names):  # beside full names, capitals are a publisher's: Ada Quill | TBC
        names = {key: name for key, name in names.items() if not _is_acronym(name)}
    return tuple(names.values())[:_MAX_AUTHORS]


def byline_parts(given: Iterable[str]) -> list[str]:
    """Return what bylines name, in order: people, desks, agencies."""
    parts: list[str] = []
    for byline in list(given)[:_MAX_BYLINES]:
        text = _ASIDE.sub("", _without_by(_ADDRESS.sub(" ", title(byline)).strip(" .,:;|·•")))
        for part in (each for some in _AND.split(_without_by(text)) for each in _of_two(some)):
            first, *more = (_trimmed(piece) for piece in part.split(","))
            if len(more) == 1 and _surname_first(first, more[0]):
                first, more = f"{more[0]} {first}", []
            parts += [first, *(piece for piece in more if is_full_name(piece) or _is_acronym(piece))]
    return [part for part in parts if _may_be_name(part)]


def is_full_name(text: str) -> bool:
    """Return whether words look like a person's full name: two to four, all with a capital, none a role."""
    words = text.split()
    return (
        2 <= len(words) <= 4
        and all(word[0].isupper() or not word[0].isalpha() or word.casefold() in _PARTICLES for word in words)
        and words[0][0].isupper()
        and not _ROLE.search(text)
        and not is_organisation(text)
        and _may_be_name(text)
    )


def is_organisation(text: str) -> bool:
    """Return whether words end as names of publishers and other organisations do: `Tarn News`, `tarn.com`."""
    return bool(_ORGANISATION.search(text))


def is_desk(text: str) -> bool:
    """Return whether words name a part of a newsroom and no person."""
    return bool(_DESK.search(text))


def _of_two(text: str) -> list[str]:
    """Return the two names around a word that may be an `and`, where both are whole names; else the text as one."""
    two = _PERHAPS_AND.split(text)
    return (
        two
        if all(" " in each.strip() for each in two) or not any(" " in each.strip() for each in two)
        else [text]
    )


def _trimmed(piece: str) -> str:
    piece = _RANK.sub("", _without_by(piece.strip()))
    whole = _OF.sub("", piece)
    piece = whole if " " in whole else piece  # Ada Quill for The Tarn News; not: Institute of Silt
    return piece.strip(" .-–—:") if len(piece) > 3 else piece.strip()


def _without_by(text: str) -> str:
    bare = _BY.sub("", text)
    first = text.split(" ", 1)[0].casefold()
    return text if first in _ALSO_NAMES and " " not in bare else bare


def _surname_first(first: str, second: str) -> bool:
    return (
        bool(first and second)
        and not first.count(" ")
        and not second.count(" ")
        and first[0].isupper()
        and second[0].isupper()
        and not _is_acronym(second)
        and not _is_acronym(first)
        and not _ROLE.search(second)
    )


def _is_acronym(text: str) -> bool:
    return (
        2 <= len(text) <= 5
        and text.isalpha()
        and text.isascii()
        and (text.isupper() or text in ("dpa", "sda"))
    )


def _may_be_name(text: str) -> bool:
    return (
        bool(text)
        and len(text) <= _MAX_NAME
        and text.count(" ") < _MAX_WORDS
        and any(c.isalpha() for c in text)
        and not _NOT_A_NAME.search(text)
    )
