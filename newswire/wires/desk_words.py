"""What desks write around a text where the format has no fields for it: corrections, leads, adds and kills, bylines, notes, sign-offs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from newswire.wires import desk_forms as forms
from schemas.core.wire import Association

_LONGEST: Final = 4_000
"""Characters of a line before a text."""
_MOST_NOTE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands before a text, told apart."""

    headline: str | None = None
    byline: str | None = None
    signals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """What the headline is made of."""


def signal_of(words: str) -> str | None:
    """Return what a line says of its text when it says nothing else: `REFILE`, `1ST LEAD`, `2ndLd-Writethru`, `(Berichtigung)`."""
    if len(words) > 80:
        return None
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words.strip())
    return next(
        (name for name, form in forms.LINE.items() if form.match(plain) or form.match(words.strip())), None
    )


def signals_in_version(words: str) -> tuple[str, ...]:
    """Return what the version of a text says, as `1stLd-Writethru`, `KILL` or `2ndAdd`; None of its parts need be a signal."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    found = [signal_of(part) for part in (plain, *re.split(r"[,;]|-(?=[A-Z])|\s-\s", plain)) if part.strip()]
    return tuple(dict.fromkeys(name for name in found if name))


def read_heading(lines: Sequence[str]) -> Heading:
    """Return what the lines before a text say: signals, notes in brackets or to editors, a byline at their end, and the headline."""
    signals: list[str] = []
    notes: list[str] = []
    kept: list[str] = []
    byline: str | None = None
    for text in _whole(lines):
        bracketed = forms.BRACKETED.match(text)
        said = signal_of(text) or (bracketed and signal_of(bracketed["words"]))
        if said:
            signals.append(said)
            if bracketed and bracketed["rest"].strip(" )"):
                notes.append(text.strip("() "))
        elif kept and forms.BYLINE.match(text):
            byline = text
        elif byline is not None or (kept and forms.CREDIT.match(text)) or forms.NOTE.match(text) or bracketed:
            notes.append(text)
        else:
            kept.append(text)
    headline = " ".join(kept) or None
    for name, form in forms.LED.items():
        if headline and form.match(headline) and name not in signals:
            signals.append(name)
    return Heading(headline, byline, tuple(dict.fromkeys(signals)), tuple(notes), tuple(kept))


def _whole(lines: Sequence[str]) -> list[str]:
    """Return lines without the marks of their end, those of one note in brackets as one."""
    found: list[str] = []
    open_at: int | None = None
    for given in lines:
        text = " ".join(forms.BELLS.sub("", given[:_LONGEST]).strip().rstrip("=<@^").split())
        if not text:
            continue
        if open_at is not None:
            found[open_at] += f" {text}"
        else:
            found.append(text)
            open_at = len(found) - 1 if text.startswith("(") and ")" not in text else None
        if ")" in text:
            open_at = None
    return found


def without_notebook(lines: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the lines of a text without what follows it for editors, and that as a note.

    What is said not to be for publication (names and telephone numbers, mostly) is in neither.
    """
    text: list[str] = []
    note: list[str] = []
    into = text
    for each in lines:
        stripped = each.strip()
        if forms.NOT_FOR_PUBLICATION.match(stripped):
            break
        if into is text and forms.NOTEBOOK.match(stripped):
            into = note
            if not stripped.startswith("##"):
                continue  # `# Notebook` says nothing
        if not (into is note and forms.RULE.match(stripped)):
            into.append(each)
    while text and (not text[-1].strip() or forms.RULE.match(text[-1].strip())):
        text.pop()
    words = " ".join(" ".join(each.strip("#-* \t").split()) for each in note if each.strip("#-* \t"))
    return without_sign_off(text), words[:_MOST_NOTE] or None


def without_sign_off(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text without those of who wrote and edited it: `./.MS`, `jh/rl/as`, `dpa abc xy`."""
    kept = list(lines)
    for _ in range(3):
        while kept and not kept[-1].strip():
            kept.pop()
        last = kept[-1].strip() if kept else ""
        alone = (
            len(kept) < 2
            or not kept[-2].strip()
            or last.startswith(("./.", "#", "-30"))
            or "/" in last
            or last.isupper()
        )
        if (
            not last
            or len(last) > 40
            or not alone
            or not (forms.SIGN_OFF.match(last) and forms.IN_THEIR_CASE.match(last))
        ):
            break
        kept.pop()
    return kept


def number_named(texts: Iterable[str], service: str, *, own: str, killed: bool) -> str | None:
    """Return the number of the one message of the same service that some texts say they kill, or else correct.

    None where several may be meant. `own` is the message's own number. `INT031`, `INT-31` and `int 0031` are the same.
    """
    number = re.compile(rf"(?<!\w){re.escape(service)}[ -]?0*([0-9]{{1,5}})(?![\w])", re.IGNORECASE)
    verb = re.compile(
        rf"{forms.KILLS if killed else forms.CORRECTS}\b[^.!?]{{0,120}}?{number.pattern}", re.IGNORECASE
    )
    joined = " . ".join(text[:2_000] for text in texts)[:10_000]
    mine = own.lstrip("0")
    for form in (verb, number):
        found = {match[match.lastindex or 1].lstrip("0") for match in form.finditer(joined)} - {mine}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def day_of(named: str, own: str, sent: datetime) -> datetime:
    """Return the day of a message that one sent at a time names by its number: the day before, where that is not yet given today."""
    return sent - timedelta(days=1) if int(named) > int(own) else sent


def of_another(signals: Iterable[str]) -> str | None:
    """Return what a message with these signals is to the one that it names: `corrects`, `updates` or `continues`; None for nothing."""
    said = set(signals)
    if said & {"correction", "refile", "sub"}:
        return "corrects"
    return "continues" if "add" in said else "updates" if "update" in said else None


def goes_with(other: str | None, rel: str | None) -> tuple[Association, ...]:
    """Return the item that a message updates or continues, as something that goes with it."""
    return (
        (Association(rel=rel, kind="text", uri=other),) if other and rel in ("updates", "continues") else ()
    )
