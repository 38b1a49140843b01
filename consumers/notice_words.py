"""The words by which a publisher says, in an article of its own, that another article is taken back, corrected or annotated."""

from __future__ import annotations

import re
from typing import Final

_HEADLINES: Final = {
    "retracted": r"retractions?|retracted|retraction notice|notice of (?:retraction|withdrawal|removal)|withdrawn|withdrawal|removed|"
    r"(?:article|story|report|post) (?:retracted|withdrawn|removed|deleted)|kill|mandatory kill|"
    r"zurückgezogen|widerruf|(?:artikel|beitrag) (?:zurückgezogen|gelöscht|entfernt)|rétractation|"
    r"article (?:retiré|supprimé|dépublié)|retractación|(?:artículo|noticia) (?:retirado|retirada|eliminado|eliminada)|"
    r"ritrattazione|articolo (?:ritirato|rimosso)|retratação|ingetrokken|artikel ingetrokken|опровержение",
    "corrected": r"corrections?|corrected|corrects|clarifications?|errat(?:um|a)|corrigend(?:um|a)|correctif|rectificatif|"
    r"korrekturen?|korrigiert|berichtigung|richtigstellung|correcci[oó]n(?:es)?|corregido|rectificaci[oó]n|fe de err(?:atas|ores)|"
    r"rettific[ah]e?|errata corrige|corre[cç][aã]o|erramos|rectificatie|correctie|r[äæ]ttelser?|rettelser?|sprostowanie|oikaisu|"
    r"исправление|поправка|訂正|更正|정정",
    "noted": r"editor['’]?s['’]?[ -]note|editors['’][ -]note|note (?:from|by) the editors?|anmerkung der redaktion|"
    r"hinweis der redaktion|note de la rédaction|nota de la redacción|nota del editor|nota della redazione|nota da redação|"
    r"noot van de redactie",
}
_TO: Final = r"on|to|of|about|regarding|for|zum?|zur|über|sur|à|de|del|des|du|sobre|a|su|sul|sulla|do|da|op|over|bij|til|till|o"
_ARTICLE: Final = (
    r"(?:article|story|report|piece|column|post|dispatch|op-?ed|essay|artikel|beitrag|bericht|meldung|text|papier|dépêche|texte|"
    r"artículo|noticia|nota|información|reportaje|columna|articolo|notizia|artigo|notícia|reportagem|artykuł|статья|статью|статьи|"
    r"заметк[аиу]|記事)"
)
_DONE_DE: Final = "zurückgezogen|zurück|gelöscht|entfernt|depubliziert|korrigiert|berichtigt"
_WE: Final = r"\b(?:we|the editors) (?:(?:have|has|had|are|will|also|now|today|therefore|since) ){0,3}"
_OWN: Final = (  # who speaks, what was done, to what; not to `this article`, which speaks of itself
    _WE + r"(?P<en>\w+(?: down)?) (?:(?!this\b)[\w’']+ ){0,6}?ARTICLE\b",
    rf"\b(?:wir|die redaktion)\b.{{0,120}}?ARTICLE\b.{{0,250}}?\b(?P<de>{_DONE_DE})\b",
    r"\b(?:nous avons|la rédaction a) (?:\w+ ){0,2}?(?P<fr>\w+) (?:\w+[ '’]){0,5}?ARTICLE\b",
    r"\b(?:hemos|la redacción ha) (?:\w+ ){0,2}?(?P<es>\w+) (?:\w+ ){0,5}?ARTICLE\b",
)
_DONE: Final = {
    "retracted": r"retract\w*|withdr\w+|remov\w+|delet\w+|tak\w+ down|pull\w*|unpublish\w*|zurückgezogen|zurück|gelöscht|entfernt|"
    r"depubliziert|retir\w+|supprim\w+|dépubli\w+|elimin\w+|borrad\w+",
    "corrected": r"correct\w*|amend\w*|fix\w*|korrigiert|berichtigt|corrig\w+|rectifi\w+|modifi\w+",
}
_SEPARATOR: Final = r"\s*(?:[:–—|]|\s-|-(?=\S)|-\s)\s*"

BEGINS: Final = {
    says: re.compile(
        rf"^\W*(?:{words})(?:(?:{_SEPARATOR}|\s+(?:{_TO})\b\s*:?\s*)(?P<rest>.+)|\W*)$",
        re.IGNORECASE | re.DOTALL,
    )
    for says, words in _HEADLINES.items()
}
"""Headlines that begin with such words; `rest` is what they are about, None where they say nothing else."""
ENDS: Final = {
    says: re.compile(rf"^(?P<rest>.+?)\s*[(\[](?:{words})[)\]]\W*$", re.IGNORECASE | re.DOTALL)
    for says, words in _HEADLINES.items()
}
"""Headlines that end with them, in brackets."""
OWN: Final = tuple(re.compile(words.replace("ARTICLE", _ARTICLE), re.IGNORECASE) for words in _OWN)
"""Sentences in which the publisher itself says what it did with an article; the named group is the verb."""
SPEAKS: Final = re.compile(
    r"[dhlntwDHLNTW](?<!\w.)(?i:(?<=w)e|(?<=t)he editors|(?<=w)ir|(?<=d)ie redaktion|(?<=n)ous avons|(?<=l)a rédaction a|(?<=h)emos|"
    r"(?<=l)a redacción ha)\b"
)
"""With what each of these sentences begins: most texts have none of it. Their first letters come first, for which `re` looks quickly."""
DONE: Final = {says: re.compile(rf"^(?:{words})$", re.IGNORECASE) for says, words in _DONE.items()}
"""The verbs."""
MENTIONS: Final = re.compile(rf"\b{_ARTICLE}\b|記事", re.IGNORECASE)
"""A text that speaks of an article at all."""
QUOTED: Final = re.compile(
    '“([^“”]{6,300})”|„([^„“”]{6,300})[“”]|«\\s?([^«»]{6,300})\\s?»|»([^«»]{6,300})«|"([^"]{6,300})"|‘([^‘’]{6,300}(?:’\\w[^‘’]{0,299})?)’(?!\\w)|'
    "「([^「」]{4,200})」|『([^『』]{4,200})』|(?<!\\w)'([^'\\n]{6,300})'(?!\\w)"
)
"""Words in quotation marks of any kind."""
ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”«»„()\[\]{}]{4,2048}", re.IGNORECASE)
"""A web address in running text."""
