"""Languages as sources declare them, as BCP 47."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")
_NAMES: Final = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl", "russian": "ru", "русский": "ru",
    "arabic": "ar", "العربية": "ar", "chinese": "zh", "中文": "zh", "japanese": "ja", "日本語": "ja", "hindi": "hi", "हिन्दी": "hi",
}  # fmt: skip
_RETIRED: Final = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "nb": "no",  # as CLDR has it: else the same articles, declared either way, were never compared
    # Codes of countries that no language has, and of a language that has no site with Korean text:
    "jp": "ja",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
    "cn": "zh",
    "vn": "vi",
    "kr": "ko",
}


def read_language(declared: str) -> str | None:
    """Return the BCP 47 tag of a declared language (`en_GB`, `EN`, `English` …) in its usual case, or None when it is none."""
    text = declared.strip().partition(",")[0].strip().replace("_", "-")
    if text.lower() in _NAMES:
        return _NAMES[text.lower()]
    first, *rest = text.split("-")
    code = _RETIRED.get(first.lower(), first.lower())
    tag = "-".join([code, *(_subtag(part) for part in rest)])
    return tag if _TAG.match(tag) and code not in ("und", "xx", "mul", "zxx") else None


def primary(tag: str) -> str:
    """Return the language of a tag without script and region: `pt` of `pt-BR`. Duplicates are looked for within it."""
    return tag.partition("-")[0]


def _subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
