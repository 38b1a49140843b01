"""How right the names and dates are, beside plain baselines.

    python benchmarks/enrich.py DATA_FOLDER [--show KIND]

DATA_FOLDER holds `ner/*.dev.conll` (token, tab, IOB2 tag) and `dates/gum_dates.jsonl`. Nothing is copied from it. Names are right when
place in the text and type are exactly those of the annotators; a short title (Mr, Dr) before a person is taken off on both sides.
A date is right when the day is; `wrong` are those resolved to another day, `absent` those left out. The date baseline, dateparser, is
given the annotated words themselves, ours has to find them in the sentence.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from consumers.enrich.dates import find_dates
from consumers.enrich.document import document
from consumers.enrich.entities import find_entities
from consumers.enrich.passages import Passage
from consumers.enrich.vocabulary import vocabulary

Span = tuple[int, int, int, str]  # sentence, start, end, type
TYPES = {"PER": "person", "LOC": "place", "ORG": "organisation"}
NO_SPACE_BEFORE = re.compile(r"(?:[,.;:!?)\]”’%]|'s|’s|n't|'re|'ve|'ll|'d|'m|-)$")


def read_documents(path: Path) -> Iterator[tuple[list[str], set[Span]]]:
    """Yield each document as sentences and the annotated spans."""
    for block in path.read_text(encoding="utf-8").split("-DOCSTART-\tO\n"):
        sentences: list[str] = []
        gold: set[Span] = set()
        for part in block.strip().split("\n\n"):
            rows = [line.split("\t") for line in part.splitlines() if "\t" in line]
            if not rows:
                continue
            text, spans = _join(rows, len(sentences))
            sentences.append(text)
            gold |= spans
        if sentences:
            yield sentences, gold


def _join(rows: list[list[str]], number: int) -> tuple[str, set[Span]]:
    text, spans, current = "", set(), None
    previous = ""
    for token, tag in rows:
        glued = NO_SPACE_BEFORE.match(token) or previous in ("(", "[", "“", "‘", "-")
        start = len(text) if glued or not text else len(text) + 1
        text = text + token if glued or not text else f"{text} {token}"
        if tag.startswith("I-") and current is not None:
            current = (current[0], current[1], len(text), current[3])
        else:
            if current is not None:
                spans.add(current)
            current = (number, start, len(text), TYPES[tag[2:]]) if tag.startswith("B-") else None
        previous = token
    if current is not None:
        spans.add(current)
    return text, spans


def ours(sentences: list[str]) -> set[Span]:
    """Return the spans that the rules find."""
    passages = tuple(Passage(f"/{i}", text, "paragraph", 0) for i, text in enumerate(sentences))
    doc = document(passages, "en")
    find_entities(doc)
    return {(m.passage, m.start, m.end, m.kind) for m in doc.mentions}


def capital_runs(sentences: list[str]) -> set[Span]:
    """Return the baseline's spans: runs of capitalised words that do not begin a sentence; two or more words are a person."""
    found = set()
    for number, text in enumerate(sentences):
        for match in re.finditer(r"(?<=[a-z,] )[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)*", text):
            kind = "person" if " " in match[0] else "place"
            found.add((number, match.start(), match.end(), kind))
    return found


def _without_title(spans: set[Span], sentences: list[str]) -> set[Span]:
    titles = vocabulary("en").honorifics
    found = set()
    for number, start, end, kind in spans:
        first, _, rest = sentences[number][start:end].partition(" ")
        if kind == "person" and rest and first in titles:
            found.add((number, end - len(rest), end, kind))
        else:
            found.add((number, start, end, kind))
    return found


def names(path: Path, show: str | None) -> None:
    """Print precision, recall and F1 on one file."""
    for label, method in (("rules", ours), ("capital runs", capital_runs)):
        right: Counter[str] = Counter()
        given: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        for sentences, gold in read_documents(path):
            found, wanted_here = _without_title(method(sentences), sentences), _without_title(gold, sentences)
            for kind in TYPES.values():
                mine = {span for span in found if span[3] == kind}
                theirs = {span for span in wanted_here if span[3] == kind}
                right[kind] += len(mine & theirs)
                given[kind] += len(mine)
                wanted[kind] += len(theirs)
                if show == kind and method is ours:
                    for mark, spans in (("+", mine - theirs), ("-", theirs - mine)):
                        for number, start, end, _ in sorted(spans):
                            text = sentences[number]
                            print(
                                f"   {mark} {text[start:end]!r:40} … {text[max(0, start - 40) : start]}[]{text[end : end + 30]}"
                            )
        cells = [_scores(right[kind], given[kind], wanted[kind]) for kind in TYPES.values()]
        total = _scores(right.total(), given.total(), wanted.total())
        print(f"{path.stem:18} {label:13} " + "  ".join(cells) + f"  all {total}")


def _scores(right: int, given: int, wanted: int) -> str:
    precision, recall = right / given if given else 0.0, right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"{precision:.3f}/{recall:.3f}/{f1:.3f}"


def dates(path: Path, show: str | None) -> None:
    """Print how many day expressions are resolved rightly, wrongly or not at all."""
    import dateparser

    counts: dict[tuple[str, str], Counter[str]] = {
        (genres, label): Counter()
        for genres in ("all", "news, interviews")
        for label in ("rules", "dateparser")
    }
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        published = date.fromisoformat(row["published"])
        found = find_dates(row["text"], published, "en")
        for gold in row["dates"]:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", gold.get("when", "")):
                continue
            mine = next((f for f in found if f.start < gold["end"] and gold["start"] < f.end), None)
            verdict = (
                "absent"
                if mine is None
                else "right"
                if mine.span.first == mine.span.last == gold["when"]
                else "wrong"
            )
            base = datetime(published.year, published.month, published.day)  # noqa: DTZ001 - dateparser wants a naive one
            parsed = dateparser.parse(gold["text"], languages=["en"], settings={"RELATIVE_BASE": base})
            theirs = (
                "absent"
                if parsed is None
                else "right"
                if parsed.date().isoformat() == gold["when"]
                else "wrong"
            )
            for genres in ("all", "news, interviews") if row["genre"] in ("news", "interview") else ("all",):
                counts[genres, "rules"][verdict] += 1
                counts[genres, "dateparser"][theirs] += 1
            if show == "dates" and verdict != "right":
                got = mine.span if mine else None
                where = row["text"][max(0, gold["start"] - 70) : gold["end"] + 30]
                print(
                    f"   {verdict} {gold['text']!r} want {gold['when']} pub {published} got {got} | {where}"
                )
    for (genres, label), counter in counts.items():
        total = counter.total()
        shares = "  ".join(
            f"{verdict} {counter[verdict] / total:.3f}" for verdict in ("right", "wrong", "absent")
        )
        print(f"days, {genres:18} {label:13} {shares}  of {total}")


def main() -> None:
    """Run all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", choices=[*TYPES.values(), "dates"])
    parser.add_argument("--files", default="wikigold.dev,gum_by.dev", help="names of files under ner/")
    arguments = parser.parse_args()
    print(f"{'file':18} {'':13} person P/R/F1      place P/R/F1       organisation P/R/F1")
    for name in arguments.files.split(","):
        names(arguments.data / "ner" / f"{name}.conll", arguments.show)
    dates(arguments.data / "dates" / "gum_dates.jsonl", arguments.show)


if __name__ == "__main__":
    main()
