"""Lines that are nothing but a credit for a translation, by the language of the text, as patterns for all of a line."""

from __future__ import annotations

from typing import Final

_FROM: Final = r"(?P<source>(?!original|language|text)[^\W\d_]+(?:[ \-][^\W\d_]+)?)"
_BY: Final = r"(?P<name>[^\W\d_][^:;!?]{0,80})"
_IT: Final = r"(?:this (?:article|story|text|piece|interview|report) (?:was|has been|is) )?"
_DAS: Final = r"(?:(?:dieser|dieses|der|das) (?:text|artikel|beitrag|interview) (?:wurde|ist) )?"
_CET: Final = r"(?:(?:cet|cette) (?:article|interview|texte) (?:a été|est) )?"
_ESTE: Final = r"(?:este (?:artículo|texto) (?:fue|ha sido) )?"
ALSO: Final = (
    r"((?:translat|übersetz|tradu|tradott|vertal|övers|overs|перев|перекл|tłum|çevir|ترجم)[^\W\d_]*)"
    r" (?:and|und|et|y|e|ed|en|och|og|и|та|i|ve|&) [^\W\d_]+"
)
"""What else the same people did, behind the word for the translation: `Translation and editing`."""
PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        _IT
        + r"(?:(?:originally|machine|automatically) )*translat(?:ed|ion) from (?:the )?(?:original )?"
        + rf"{_FROM}?(?: (?:original|language|text))*(?:,? by {_BY})?",
        _IT + rf"(?:(?:machine|automatically) )?translat(?:ed|ion) by {_BY}",
        rf"translat(?:ion|or): ?{_BY}",
        rf"this (?:article|story|text|piece|interview|report) (?:was )?(?:first |originally )+(?:published|written|appeared) in {_FROM}",
    ),
    "de": (
        _DAS
        + rf"(?:maschinell |automatisch )?aus dem {_FROM} (?:übersetzt|übertragen)(?: (?:von|durch) {_BY})?",
        _DAS + rf"(?:maschinell |automatisch )?aus dem {_FROM} (?:von|durch) {_BY}",
        rf"(?:maschinelle )?übersetzung aus dem {_FROM}(?:(?::| von| durch) ?{_BY})?",
        rf"(?:übersetzt (?:von|durch) |übersetzung(?: von|:) ?|übersetzer(?:in)?: ?){_BY}",
    ),
    "fr": (
        _CET + rf"(?:traduite?|traduction) (?:de l['’]|du |de la langue )?{_FROM}(?:(?: par|:) {_BY})?",
        rf"(?:traduite? par |traduction(?: par|:| de) ?|traduct(?:eur|rice): ?){_BY}",
    ),
    "es": (
        _ESTE
        + rf"(?:traducid[oa]|traducción) (?:del |desde el ){_FROM}(?: al español)?(?:(?: por|:| de) {_BY})?",
        rf"(?:traducid[oa](?: al español)? por |traducción(?: de| por|:) ?|traductora?: ?){_BY}",
    ),
    "pt": (
        rf"(?:este (?:artigo|texto) foi )?(?:traduzid[oa]|tradução) d[oe] {_FROM}(?:(?: por|:| de) {_BY})?",
        rf"(?:traduzid[oa] por |tradução(?: de| por|:) ?|tradutora?: ?){_BY}",
    ),
    "it": (
        rf"(?:tradott[oa]|traduzione) (?:dall['’]|dal |dalla lingua ){_FROM}(?:(?: da| di|:| a cura di) {_BY})?",
        rf"(?:tradott[oa] da |traduzione(?: di|:| a cura di) ?|traduttore: ?|traduttrice: ?){_BY}",
    ),
    "nl": (
        rf"(?:vertaald|vertaling) (?:van)?uit het {_FROM}(?:(?: door|:) {_BY})?",
        rf"(?:vertaald door |vertaling(?: door|:) ?|vertaler: ?){_BY}",
    ),
    "ru": (
        rf"(?:перевод|переведено|перев[её]л|перевела) с {_FROM}(?: языка)?(?::? {_BY})?",
        rf"(?:перевод(?: на русский)?: ?|перев[её]л |перевела |переводчи(?:к|ца): ?){_BY}",
    ),
    "uk": (
        rf"(?:переклад|перекладено|переклав|переклала) (?:з|із) {_FROM}(?: мови)?(?::? {_BY})?",
        rf"(?:переклад: ?|переклав |переклала |переклада(?:ч|чка): ?){_BY}",
    ),
    "pl": (
        rf"(?:tłumaczenie|przekład|przetłumaczono|tłumaczyła?|przełożyła?) z (?:języka )?{_FROM}(?::? {_BY})?",
        rf"(?:tłumaczenie: ?|przekład: ?|tłumaczyła?:? |przełożyła?:? ){_BY}",
    ),
    "sv": (
        rf"(?:översättning|översatt) från {_FROM}(?:(?: av|:) {_BY})?",
        rf"(?:översättning(?: av|:) ?|översatt av ){_BY}",
    ),
    "da": (
        rf"(?:oversættelse|oversat) fra {_FROM}(?:(?: af|:) {_BY})?",
        rf"(?:oversættelse(?: af|:) ?|oversat af ){_BY}",
    ),
    "no": (
        rf"(?:oversettelse|oversatt) fra {_FROM}(?:(?: av|:) {_BY})?",
        rf"(?:oversettelse(?: av|:) ?|oversatt av ){_BY}",
    ),
    "tr": (
        rf"{_FROM}(?:['’]?[td][ea]n)? (?:çeviren|çeviri|çevrilmiştir|çevrildi)(?:: ?{_BY})?",
        rf"(?:çeviren|çeviri|tercüme): ?{_BY}",
    ),
    "ar": (
        rf"(?:ترجمة|ترجمه|ترجمها|مترجم) (?:عن |من ){_FROM}(?::? {_BY})?",
        rf"(?:ترجمة|ترجمه|ترجمها): ?{_BY}",
    ),
    "zh": (
        r"(?:本文)?(?:翻?[译譯]自|由)(?P<source>[^\W\d_]{1,4})(?:原文)?(?:翻[译譯])?",
        rf"(?:翻[译譯]|[译譯]者)[：:] ?{_BY}",
    ),
    "ja": (
        r"(?:この記事は)?(?P<source>[^\W\d_]{1,6}?)(?:の原文)?から(?:の)?翻訳(?:されました)?",
        rf"(?:翻訳|訳)[：:] ?{_BY}",
    ),
    "ko": (r"(?P<source>[^\W\d_]{1,5})에서 번역", rf"번역[：:] ?{_BY}"),
}
"""`source` is the language that it was translated from, `name` who did it."""
