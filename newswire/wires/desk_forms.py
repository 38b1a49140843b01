"""The words of desks, as patterns: what `desk_words` looks for."""

from __future__ import annotations

import re
from typing import Final

_NTH: Final = r"(?:[0-9]{1,2} ?(?:st|nd|rd|th|\.)? ?|(?:first|second|third|fourth|fifth|new|opt(?:ional)?) )"
_SIGNALS: Final = {
    "kill": r"(?:mandatory |bulletin |story |urgent )?kill(?:ed)?(?: (?:notice|order|story))?|(?:story|item|notice of) withdraw(?:n|al)|"
    r"withdrawn?|annul(?:ation|e|é|ée)|zur(?:ü|u|ue)ckgezogen|(?:meldung|text) (?:zur(?:ü|u|ue)ckgezogen|gestrichen)|anulad[oa]|"
    r"anulaci[oó]n",
    "correction": r"correct(?:ion|ed|s|ive)(?: copy)?|corr(?:ex)?|berichtigung|berichtigt|korr(?:ektur|\.|igiert)?|korr-[\w ]{3,20}|"
    r"rectificatif|corrigé|correcci[oó]n|versi[oó]n corregida|rettifica|correç[aã]o|rectificatie|korekta|коррекция",
    "refile": r"refil(?:e|ed|es|ing)|remettre",
    "repeat": r"rpt(?: rpt)?|repeat(?:s|ed|ing)?|wiederholung|reprise|repetici[oó]n|powtarzanie",
    "update": rf"updat(?:e|ed|es)(?: ?[0-9]{{1,3}})?|{_NTH}(?:ld|lead|update)|{_NTH}?(?:ld|lead|sub)[- ]?writethr(?:u|ough)|"
    r"writethr(?:u|ough)|lead|(?:[0-9]{1,2}\. )?(?:zusammenfassung|gesamtzusammenfassung)|aktualisierung|actualis[ée]|mise à jour|"
    r"actualizaci[oó]n|aggiornamento",
    "add": rf"{_NTH}?(?:add|take)(?: ?[0-9]{{1,3}})?|(?:add|take|page) ?[0-9]{{1,3}}|folge ?[0-9]{{1,2}}|suite(?: [0-9]{{1,2}})?",
    "sub": rf"{_NTH}?(?:sub|graf|insert)s?",
    "advisory": r"advisory|note to editors|hinweis|avis",
    "flash": r"flash|blitz|newsalert|alert",
    "urgent": r"urgent[e]?|eil(?:meldung)?|d.urgence|pilne|bulletin|extra|snap|срочно",
}
"""What a line, or a version, may say -> the signal. `add` and `sub` are parts of a text that was sent before."""
_CAPITAL: Final = r"\s|(?-i:[A-Z])"

LINE: Final = {name: re.compile(rf"^\W*(?:{words})\W*$", re.IGNORECASE) for name, words in _SIGNALS.items()}
"""Lines that say nothing else."""
LED: Final = {
    name: re.compile(rf"^\W*(?:{_SIGNALS[name]})\s*(?:[:–—]|-{{1,2}}(?={after}))\s*\S", re.IGNORECASE)
    for name, after in (("kill", r"\s"), ("correction", _CAPITAL), ("refile", _CAPITAL), ("repeat", _CAPITAL))
}
"""Headlines that begin so."""
BRACKETED: Final = re.compile(r"^\((?P<words>[^():]{2,40}):? ?(?P<rest>.*)\)\W*$", re.DOTALL)
BYLINE: Final = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|przez)\s+(?:[A-ZÀ-Þ][\w.'’-]*|dpa|the)\b[^.!?]{0,150}$",
    re.IGNORECASE,
)
CREDIT: Final = re.compile(
    r"^(?:(?:the )?(?:associated press|canadian press)|[A-Z]{2,5} [\w ]{0,20}(?:writers?|correspondents?|editor))\W*$",
    re.IGNORECASE,
)
NOTE: Final = re.compile(
    r"^\W{0,3}(?:eds|editors?(?:['’]s?)?(?: note)?|notes? to editors?|avis aux? r\w+|attention|achtung|hinweis|index|symbol|code|photos?|"
    r"fotos?|graphics?|video|updates?|adds|with)\s?[:_–—].*$|^\W{0,3}(?-i:[A-Z]{2,5}) (?:photo|graphic|video)s?\b(?-i:[^a-z]*)$",
    re.IGNORECASE | re.DOTALL,
)
NOTEBOOK: Final = re.compile(
    r"^#{1,3} ?(?:notebook|notizblock|bloc.?notes|bloc de notas|note to|editorial|redaktion|internet|contact|kontakt|ansprech)",
    re.IGNORECASE,
)
NOT_FOR_PUBLICATION: Final = re.compile(
    r"^\W*(?:the following information is not (?:intended )?for publication|die folgenden informationen sind nicht zur "
    r"ver(?:ö|oe)ffentlichung|(?:les )?informations? (?:qui suivent )?ne (?:sont|peuvent) pas (?:être )?(?:destinées|publiées))",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"^(?=\W*+$).*?\* ?\* ?\*")
SIGN_OFF: Final = re.compile(
    r"^(?:\./\.\S{0,20}|[a-z]{2,6}(?:[-/][a-z]{2,5})*(?: [a-zäöüß0-9]{1,5}(?:/[a-zäöüß]{1,5})?){1,6}|[a-z]{2,5}(?:[-/][a-z]{2,5}){1,6}|"
    r"[a-z]{2,5} [a-z]{1,4}(?:/[a-z]{1,4}){1,4}|(?:more|mehr folgt|(?:end|ends|schluss|fin)[ .]?\S{0,4}|#{1,3}|-30-|n{4}|a suivre))$",
    re.IGNORECASE,
)
IN_THEIR_CASE: Final = re.compile(
    r"^[^A-Z]*$|^[A-Z]{2,5} [a-z/]+$|^(?:MORE|ENDS?|SCHLUSS|FIN|NNNN|[A-Z]{2,5}(?:[-/][A-Z]{2,5}){1,6}|\./\..*)$"
)
"""Sign-offs are not written as words of a text are."""
KILLS: Final = (
    r"(?:kill\w*|withdraw\w*|do not (?:use|publish)|not be used|annul\w*|ne pas utiliser|"
    r"nicht (?:zu )?(?:verwend|ver(?:ö|oe)ffentlich)\w*|zur(?:ü|u|ue)ckgezogen|streich\w*|anul\w*|no utilizar)"
)
CORRECTS: Final = (
    r"(?:correct\w*|corrig\w*|berichtig\w*|korrigier\w*|replac\w*|ersetz\w*|remplace\w*|sustituy\w*|refil\w*|updat\w*|sub\w*|"
    r"leads?|lds?|adds?)"
)
BELLS: Final = re.compile("[\x07\x05\x06\x0e\x0f\x10\x1a]")
