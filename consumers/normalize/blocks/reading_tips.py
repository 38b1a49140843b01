"""Lines between paragraphs that lead to other articles: `Read also: …`."""

from __future__ import annotations

import re
from typing import Final

from consumers.normalize.blocks.cut import Block, Page

_WORDS: Final = (
    r"also read|read (?:also|more|next)|see also|related (?:stor(?:y|ies)|articles?|reading|coverage)|more on this (?:story|topic)",
    r"recommended (?:by our editors|reading|stories)|lire aussi|[àa] lire(?: aussi| également| sur le sujet)?|voir aussi|sur le même sujet",
    r"lesen sie (?:auch|dazu|mehr)|mehr (?:dazu|zum thema|lesen)|auch interessant|das könnte sie (?:auch )?interessieren",
    r"le[ea] (?:también|además|más)|te puede interesar|ver también|leia (?:também|mais|ainda)|veja (?:também|mais)|leggi anche",
    r"lees (?:ook|meer)|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)",
    r"(?:czytaj|zobacz) (?:też|także|również|więcej)|čtěte (?:také|i)|přečtěte si|citește și|прочетете още",
    r"чита[ий](?:те)? (?:также|ещё|еще|по теме|також)|baca (?:juga|selengkapnya)|xem thêm|đọc thêm",
    r"関連記事|あわせて読みたい|もっと読む|相关阅读|相關閱讀|延伸閱讀|推荐阅读|관련기사|[اإ]قرأ أيض[اًا]+",
)
_TIP: Final = re.compile(
    rf"^[\W_]{{0,4}}(?:{'|'.join(_WORDS)})(?!\w)(?P<set_off>\s*(?:[:：|.…>»→—–]|$))?", re.IGNORECASE
)
_ALL_LINKED: Final = 0.8
_LONGEST: Final = 300
_MOST_LISTED: Final = 5


def without_tips(chosen: list[int], page: Page) -> list[int]:
    """Return the chosen blocks without tips what else to read, and without the links listed right behind one that is only a label.

    A tip is set off from what it leads to (`Read also: …`), or all of it is one link; a sentence may begin like one.
    """
    kept: list[int] = []
    listed = 0
    for at in chosen:
        block = page.blocks[at]
        text = " ".join(block.text.split())
        tip = _TIP.match(text) if len(text) <= _LONGEST else None
        if tip and (tip["set_off"] is not None or _is_linked(block)):
            listed = _MOST_LISTED if tip.end() == len(text) else 0
        elif listed and _is_linked(block):
            listed -= 1
        else:
            listed = 0
            kept.append(at)
    return kept or chosen


def _is_linked(block: Block) -> bool:
    return block.linked >= _ALL_LINKED * len(" ".join(block.text.split()))
