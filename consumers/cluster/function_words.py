"""Words that any text of a language may hold, and that say nothing about what it tells.

Where a language is not listed, its frequent words lose their weight as soon as a few dozen articles have shown how frequent they are.
"""

from __future__ import annotations

import functools
from typing import Final

from babel import Locale, UnknownLocaleError

_LISTS: Final = {
    "en": """a about after again against all also although am among an and any are as at be because been before being between both but by
        can could did do does doing down during each either else even ever every few for from further had has have having he her here
        hers herself him himself his how however i if in into is it its itself just like many may me might more most much must my
        neither no nor not now of off on once one only or other our out over own per said same say says she should since so some still
        such than that the their them themselves then there these they this those though through to told too two under until up upon
        us very was we were what when where whether which while who whom whose why will with within without would yet you your""",
    "de": """aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bin bis da dabei damit danach
        dann das dass dem den denen der deren des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem
        einen einer eines er es etwa für gegen haben habe hat hatte hatten hier ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist
        ja jede jedem jeden jeder jedoch kann kein keine können könnte man mehr mit muss müssen nach nicht nichts noch nun nur ob
        oder ohne sagte sehr sei sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte sondern sowie über um und
        uns unter vom von vor wäre war waren was weil weiter welche wenn wer werde werden wie wieder will wir wird wo worden wurde
        wurden zu zum zur zwar zwischen zwei""",
    "fr": """à afin ainsi alors après au aucun aussi autre autres aux avait avant avec avoir ce cela celle celui ces cet cette ceux chez
        comme contre d dans de depuis des deux devant dit doit donc dont du elle elles en encore entre est et étaient était été être
        eu fait fois font ils il j je jusqu l la le les leur leurs lors lui m mais même mes moi moins mon n ne ni nos notre nous on
        ont ou où par pas pendant peu peut plus pour pourrait qu quand que quel quelle qui quoi s sa sans se selon sera ses si son
        sont sous sur t tandis tous tout toute toutes très trop tu un une vers vos votre vous y""",
    "es": """a al algo algunas algunos ante antes aquel así aún aunque cada como con contra cual cuando de del desde dijo donde dos
        durante e el él ella ellas ellos en entre era eran es esa ese eso esta está están estaba este esto estos fue fueron ha había
        han hasta hay la las le les lo los más me mi mientras muy nada ni no nos nosotros o otra otras otro otros para pero poco por
        porque pues que qué quien se sea según ser será si sí sido sin sobre son su sus también tan tanto te tiene tienen toda todas
        todo todos tras tu un una uno unos ya y yo""",
    "it": """a ad agli ai al alla alle allo anche ancora avere aveva c che chi ci come con contro cui d da dagli dai dal dalla dalle dei
        degli del dell della delle dello di dopo dove due e è ed era erano essere fa fra già gli ha hanno i il in io l la le lei li lo
        loro lui ma mentre mi molto ne nei nel nell nella nelle nello no noi non o ogni per però perché più poi prima può qua quale
        quando quanto quella quelle quelli quello questa queste questi questo se secondo sei senza si sia sono sta stata stati stato su
        sua sue sugli sui sul sulla sulle suo suoi tra tutte tutti tutto un una uno vi""",
    "pt": """a à ainda ao aos após as às até cada com como contra da das de dela dele deles depois desde desta deste disse do dois dos
        e é ela elas ele eles em entre era eram essa esse esta está estão este eu foi foram há isso isto já lhe mais mas me mesmo
        muito na não nas nem no nos nós num numa o onde os ou outra outro para pela pelas pelo pelos por porque qual quando que quem
        são se segundo seja sem ser será seu seus sobre sua suas também tem têm ter tinha toda todas todo todos tudo um uma""",
    "nl": """aan al alle als ander andere bij daar dan dat de deze die dit doch doen door dus een eens en er ge geen haar had hadden heb
        hebben heeft hem het hier hij hoe hun ik in is ja je kan komen kunnen maar me meer men met mij moet moeten na naar niet niets
        nog nu of om omdat onder ook op over reeds te tegen ten ter toch toen tot twee u uit uw van veel voor want waren was wat we wel
        werd werden wie wij wil worden wordt zal ze zei zich zij zijn zo zonder zou zouden""",
    "sv": """alla allt än andra att av båda bara blev bli blir då de dem den denna deras dess det detta dig din du där efter ej eller en
        enligt ett från för ha hade han hans har hem henne hennes här hon honom hur i icke in inte jag kan kom kommer kunde man med
        mellan men mer mig min mot mycket när någon något några nu och om oss på säger sade samt sedan sig sin sina sitt ska skulle
        som så till två under upp ut utan vad var vara varit vem vi vid vilka vilken är över""",
    "da": """ad af alle alt at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller en end er et
        fik for fra få får ham han hans har havde hende hendes her hun hvad hvis hvor i ifølge ikke ind jeg jo kan kom kunne man mange
        med meget mellem men mere mig min mod når ned noget nogle nu og også om op os over på så sagde samt se selv sig siger sin sine
        skal skulle som til to ud under var ved vi vil ville være været""",
    "pl": """a aby ale bez bo być był była było były by był co czy dla do dwa gdy gdzie go i ich im inne ja jak jako je jego jej jest
        jeszcze już każdy kiedy kto która które którego której który których którzy lub ma mają może można mu na nad nie nich nim niż
        o od on ona oni oraz pan po pod podczas powiedział poza przed przez przy są się swoje ta tak także tam te tego tej ten też to
        tu tych tylko tym w we więc wszystkich z za ze został została że""",
    "ru": """а без более был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее если есть еще же за
        здесь и из или им их к как ко когда который которая которые которых кто ли либо между меня мне может мы на над надо не него
        нет ни них но о об однако он она они оно от по под после при про с сказал со так также такой там те тем то того тоже той
        только том ты у уже чего чем что чтобы эта эти это этого этой этом этот я""",
}


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """Return the words that tie sentences together in a language (ISO 639), case-folded; none for one that is not listed."""
    return frozenset(_LISTS.get(language, "").split())


@functools.cache
def calendar_words(language: str) -> frozenset[str]:
    """Return the days and months of a language as CLDR has them, also abbreviated, case-folded; none for one that CLDR does not know."""
    try:
        locale = Locale(language)
    except UnknownLocaleError:
        return frozenset()
    names = (
        name
        for width in ("wide", "abbreviated")
        for name in (*locale.days["format"][width].values(), *locale.months["format"][width].values())
    )
    return frozenset(name.casefold().removesuffix(".") for name in names)
