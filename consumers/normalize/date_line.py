"""Lines that say nothing but when, and by whom, an article was published."""

from __future__ import annotations

import re
from typing import Final

from consumers.normalize.visible_dates import without_dates

_LONGEST: Final = 160
_SOURCE: Final = re.compile(
    r"(?:来源|來源|稿源|source|quelle|fuente|fonte)\s*[:：]\s*(?P<source>[^\s|｜:：]{2,30})", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r"\b(?:first |last |date )?(?:published|posted|updated|modified|created|issued|veröffentlicht|aktualisiert|stand|publié|mis à jour"
    r"|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt|publicerad|uppdaterad|publisert|oppdatert|опубликовано|обновлено)\b"
    r"|发布时间|发布|更新时间|更新|公開|配信|入力|수정|입력",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\b(?:\s?[ap]\.?\s?m\b\.?)?(?:\s?(?:uhr|h)\b)?(?:\s?\(?(?:UTC|GMT|[A-Z]{1,3}T|MEZ|MESZ|MSK)\b\)?)?",
    re.IGNORECASE,
)
_SMALL: Final = re.compile(
    r"\b(?:on|at|am|um|le|à|el|a las|il|alle|ore|op|om|den|kl|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?",
    re.IGNORECASE,
)


def date_line(text: str) -> tuple[str | None] | None:
    """Return whether a line is nothing but dates with what they are of, a time of day or a source; then the source, if it names one.

    `Published: 5 March 2024 | Updated: 6 March 2024`, `2024-03-05 14:30 来源：新华社`. A date alone is text: a diary may begin with it.
    """
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    left = without_dates(text)
    if left == text:
        return None
    source = _SOURCE.search(left)
    for form in (_SOURCE, _LABEL, _TIME):
        left = form.sub(" ", left)
    told = left.split() != without_dates(text).split() or _TIME.search(text) is not None
    if not told or any(map(str.isalnum, _SMALL.sub(" ", left))):
        return None
    return (source["source"] if source else None,)
