"""Verbs and small words that tell whether a date is past or to come, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NEVER: Final = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Cues:
    """The patterns of one language."""

    verbs: re.Pattern[str]
    """What stands in a clause. Its groups: `past`; `saying` (a past form that may have another day in its object or clause); `future`;
    `infinitive`; `present` and `unclear` tell nothing."""
    right_before: re.Pattern[str]
    """What decides when it stands right before the date. Groups `past`, `future`, `unclear`; `until` is future where no past form comes
    before it."""
    close: re.Pattern[str]
    """The small words that may stand between a verb and its date."""
    event: re.Pattern[str] = _NEVER
    """Words after which a date belongs to something that was: `will be charged over the attack on Sunday`."""
    done: re.Pattern[str] = _NEVER
    """Past forms with which an infinitive is past, too: `failed to appear`."""
    participle: re.Pattern[str] = _NEVER
    """What makes an auxiliary verb (group `auxiliary`) past, at the end of its clause: `ist am Freitag gestorben`."""
    unknown_verb: re.Pattern[str] = _NEVER
    """What follows a date directly and looks like a verb in the present tense."""


_SCHEDULE: Final = (
    "plays|meets?|faces?|hosts?|opens|begins?|starts|ends|closes|resumes?|returns|reopens|kicks|takes?|travels|arrives?|leaves|departs?|"
    "visits|goes|go|votes|heads|runs|launches|airs|speaks?|holds?|publish(?:es)?|releases|announces|decides?|finish(?:es)?|expires?|"
    "debates|hears?|appears?|flies|comes?|expects?|awaits?|follows|continues?|remains?|becomes?|needs?|wants?|marks|falls|"
    "says?|tells?|writes?|insists?|warns|claims|hopes?|seeks?|gets?|gives?|makes?|wins|loses|play"
)
_INFINITIVES: Final = (
    "meet|visit|face|hold|open|start|begin|play|host|speak|address|vote|decide|return|leave|arrive|appear|resume|sign|announce|publish|"
    "release|launch|travel|attend|join|take|make|give|hear|testify|be|have|go|come|get|see|continue|close|end|stop|strike|march|protest|"
    "debate|discuss|review|present|unveil|step|resign|retire|quit|head|undergo|receive|deliver|become|run|fight|compete|reopen|fly|"
    "depart|sue|rule|sentence|consider|set|pay|cut|raise|lift|impose|ban|reveal|declare|launch|lead|lay|mark|celebrate|honour|honor|"
    "miss|replace|name|pick|choose|elect|hand|move|remain|stay|walk|sit|stand|tour|air|show|perform|kick|finish|expire|brief|question|"
    "plead|face|try|seek|ask|call|submit|file|approve|pass|reject|table|outline|tell|say|respond|reply|bury|lay|fall|rise|drop|increase"
)
_ENGLISH: Final = Cues(
    verbs=re.compile(
        r"\b(?:"
        r"(?P<unclear>(?:would|could|should|might|may|can|cannot|must)(?:[n’']+t| not)?(?: \w+ly| also)?(?: have)?(?: been| be)?"
        r"(?: [a-z]+)?"
        r"|(?:will|shall|won[’']t|[’']ll) have \w+"
        r"|(?<!is )(?<!was )(?<!are )(?<!were )due to(?! (?:be|start|begin|meet|open|close|end|face|appear|hold|take|return|play|speak|"
        r"visit|vote|arrive|leave|resume|go|come|make|give|decide|sign)\b)"
        r"|(?:more|less|higher|lower|fewer|earlier|later|worse|better|than|as) (?:than )?expected"
        r"|(?:has|have|had|was|were)(?: been)? (?:scheduled|planned|slated|fixed|arranged|set|called|moved|postponed|delayed|rescheduled)"
        r"(?: for| to| until)?"
        r"|(?:postponed|delayed|rescheduled|moved|brought forward|put off)(?: for| to| until)?)"
        r"|(?P<future>(?:will|shall|won[’']t|(?<=\w)[’']ll)(?: (?:not|also|now|then|still|only|again|\w+ly))?(?: be(?: \w+ly)?)? [a-z]+"
        r"|(?:due|scheduled|expected|slated|poised|likely|planned|plans?|planning|going|hoping|aims?|intends?|is|are|ready|prepares?|"
        r"preparing|set)(?: \w+)? to(?: be)? (?!the\b|a\b|an\b)\w+"
        r"|(?:due|scheduled|expected|slated|planned|upcoming|forthcoming)|set for"
        r"|(?:is|are) (?:coming|arriving|leaving|visiting|meeting|travelling|traveling))"
        r"|(?P<present>(?:is|are|am)(?: not| also| now)?(?: being [a-z]+| [a-z]{2,}(?:ed|wn|ld|nt)\b)?|has|have(?! been)"
        rf"|{_SCHEDULE})"
        r"|(?P<infinitive>to (?:be [a-z]+|(?:" + _INFINITIVES + r")\b))"
        r"|(?P<saying>(?:said|told|announced|warned|confirmed|claimed|insisted|argued|declared|stated|reported|wrote|tweeted|posted|predicted|"
        r"hoped|believed|thought|promised|vowed|pledged|agreed|voted|ordered|called|decided|unveiled|revealed|proposed|demanded|urged|asked|"
        r"invited|convened|cancelled|canceled|threatened|offered|approved|welcomed|criticised|criticized|discussed|considered|backed|"
        r"supported|opposed|rejected|suspended|banned|added|wanted|feared|awaited|anticipated|knew|heard|put|set|read|cut|hit))"
        r"|(?P<past>to have(?: been)? \w+|did(?: not|n[’']t)? [a-z]+"
        r"|(?:was|were|had|did|came|went|took|made|saw|met|held|began|won|lost|fell|rose|left|struck|shot|found|gave|got|became|died|led|"
        r"broke|sent|spoke|brought|sought|paid|ran|kept|stood|drew|grew|flew|drove|threw|chose|sold|bought|caught|taught|fought|built|spent|"
        r"(?!need|speed|indeed|proceed|exceed|succeed|feed|seed|weed|deed|breed|united|hundred|sacred|naked|hatred|talented|wicked|aged)"
        r"(?<!-)[a-z]{2,}ed))"
        r")(?![\w-])"
    ),
    right_before=re.compile(
        r"\b(?:(?P<future>(?:is|are|(?:has|have) been)(?: now)? (?:set|scheduled|due|planned|slated|fixed|expected) for"
        r"|ahead of|starting|beginning)"
        r"(?: late| early)?(?: on)?(?: the)? |"
        r"(?P<until>until|till)(?: late| early)?(?: on)?(?: the)? |"
        r"(?P<past>since|earlier)(?: late| early)?(?: on)?(?: the)? |"
        r"(?P<unclear>for|to|of|(?:from|between)(?! \w)) (?:the )?)$"
    ),
    close=re.compile(
        r"(?: (?:reporters|journalists|lawmakers|parliament|MPs|voters|supporters|senators|viewers|the court|the jury|(?:the )?"
        r"[A-Z][\w.&’'-]*(?: [A-Z][\w.&’'-]*){0,3})(?:, (?:an? |the |its |his |her )[^,;:.]{1,60},)?)?"
        r"(?: (?:in|at|to|during|from|via|by|near|outside|through)(?: [^\s,;:]+){1,4}?)?"
        r"(?: (?:here|there|again|early|late|later|back))?(?: (?:on|in|by|at))?(?: the)? ?,?"
    ),
    event=re.compile(r"\b(?:after|over|following|about|since|into|from|of)\b"),
    done=re.compile(
        r"(?:failed|refused|managed|began|continued|forced|came|went|returned|flocked|gathered|met|used|rushed|travelled|traveled|tried|"
        r"flew|had)(?: [\w’']+){0,3} $"
    ),
    unknown_verb=re.compile(
        r" (?!was|as|this|its|his|has|is|us|plus|across|towards|unless|perhaps|always)[a-z]{2,}s\b"
    ),
)
_FRENCH_PARTICIPLE: Final = (
    r"(?:\w{2,}(?:é|ée|és|ées)|(?:eu|fait|dit|mort|pris|mis|vu|reçu|tenu|venu|devenu|perdu|rendu|ouvert|offert|écrit|conduit|détruit|"
    r"produit|atteint|subi|fini|choisi|réuni|parti|sorti|né|permis|promis|repris|surpris|connu|voulu|pu|su|cru|lu|élu|battu|interdit|"
    r"survenu|intervenu|disparu|apparu|répondu|défendu|vendu|descendu|obtenu|remis|admis|commis|compris|rejoint|éteint)e?s?)\b"
)
_FRENCH_PLANS: Final = (
    r"(?:décrété|annoncé|convoqué|fixé|programmé|prévu|reporté|demandé|proposé|promis|appelé|autorisé|interdit|confirmé|réclamé|décidé|"
    r"planifié|ordonné|organisé)e?s?\b"
)
_CUES_FR: Final = Cues(
    verbs=re.compile(
        r"\b(?:(?P<future>va|vont|doit|doivent|devrait|devraient|(?:est|sont) (?:prévu|attendu|programmé|fixé)e?s?|prévue?s?"
        r"|(?!opéra|caméra|extra|infra|ultra|tiara|choléra|front|affront|vrai|contra)\w{2,}(?:ra|ront|rai|rons|rez))"
        rf"|(?P<saying>(?:a|ont|avait|avaient|a été|ont été)(?: \w+)? {_FRENCH_PLANS})"
        rf"|(?P<past>(?:a|ont|ai|avons|est|sont|était|étaient|avait|avaient)(?! lieu)(?: été)?"
        rf"(?: (?:\w+ment|déjà|aussi|été|tous|encore|\w{{1,4}}))? "
        rf"{_FRENCH_PARTICIPLE}|était|étaient|avait|avaient|fut|furent|a été|ont été)"
        r"|(?P<present>a|ont|est|sont|se \w+))(?!\w)"
    ),
    right_before=re.compile(
        r"(?:(?P<future>\bjusqu[’']à|\bjusqu[’']au|\bd[’']ici(?: à| au)?|\bà partir d[eu])|(?P<past>\bdepuis)|"
        r"(?P<unclear>\b(?:pour|à|au)))(?: le)? ?$"
    ),
    close=re.compile(
        r"(?: [A-ZÉÈÎ][\w’'-]+){0,3}(?: (?:à|en|dans|au|aux|devant|sur)(?: [^\s,;:]+){1,3}?)?(?: (?:ce|le|de|du|tôt|tard))? ?"
    ),
)
_GERMAN_PLANS: Final = (
    "geplant|vorgesehen|angesetzt|terminiert|angekündigt|erwartet|verabredet|geöffnet|geschlossen|gesperrt"
)
_CUES_DE: Final = Cues(
    verbs=re.compile(
        r"\b(?:(?P<future>wird|werden|soll|sollen|will|wollen|geplant)"
        r"|(?P<saying>sagte|erklärte|teilte|berichtete|kündigte|schrieb|forderte|warnte|betonte|versprach|beschloss|beschlossen|"
        r"verschob|verschoben|bestätigte)"
        r"|(?P<past>war|waren|wurde|wurden|hatte|hatten|kam|kamen|gab|ging|starb|starben|traf|trafen|begann|endete|siegte|gewann|verlor)"
        r"|(?P<auxiliary>hat|haben|ist|sind)|(?P<present>sollte|sollten|möchte|kann|können|muss|müssen))(?!\w)"
    ),
    right_before=re.compile(
        r"\b(?:(?P<future>bis|ab)|(?P<past>seit)|(?P<unclear>auf|für|vom|zum))(?: (?:zum|den|dem))? ?$"
    ),
    close=re.compile(
        r"(?: (?:er|sie|es|man|(?:(?:der|die|das|ein|eine) )?[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+){0,3}))?"
        r"(?: (?:in|bei|vor|im)(?: [^\s,;:]+){1,3}?)?(?: (?:noch|bereits|erst|schon|dort|spät|früh))?(?: (?:am|vom|den|dem|diesen))? ?"
    ),
    participle=re.compile(
        rf" (?!{_GERMAN_PLANS})(?:\w*ge\w+(?:t|en)|(?:be|ver|er|ent|zer)\w{{2,}}(?:t|en)|\w+iert)(?=\W*$| und )"
    ),
)
_SPANISH_PLANS: Final = (
    "anunci|convoc|decret|program|fij|propus|propuest|pid|orden|aplaz|pospus|confirm|prometi"
)
_CUES_ES: Final = Cues(
    verbs=re.compile(
        r"\b(?:(?P<future>va a|van a|será|serán|tendrá|debe|prevé|previst[oa]s?|\w+(?:ará|erá|irá|arán|erán|irán|drá|drán))"
        rf"|(?P<saying>(?:ha |han |había )?(?i:{_SPANISH_PLANS})\w*(?:ó|o|aron|ieron|ado|ido)\b)"
        r"|(?P<past>(?:ha|han|había|habían)(?: \w+)? \w+(?:ado|ido|to|cho|so)\b|"
        r"fue|fueron|era|eran|había|habían|dijo|\w{2,}(?:ó|aron|ieron))"
        r"|(?P<present>ha|han|es|son|está|están|tiene|tienen))(?!\w)"
    ),
    right_before=re.compile(
        r"\b(?:(?P<future>hasta|a partir)|(?P<past>desde)|(?P<unclear>para))(?: del?)?(?: el| este)? ?$"
    ),
    close=re.compile(
        r"(?: [A-ZÁÉÍÓÚ][\w-]+){0,3}(?: (?:en|ante|a)(?: [^\s,;:]+){1,3}?)?(?: (?:el|este|del))? ?"
    ),
)

CUES: Final = {"en": _ENGLISH, "de": _CUES_DE, "fr": _CUES_FR, "es": _CUES_ES}
"""Languages whose tenses are known."""
