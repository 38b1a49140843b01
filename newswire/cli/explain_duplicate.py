"""`newswire explain-duplicate`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from schemas.normalized.model import Normalized

_Article = Annotated[
    str,
    typer.Argument(
        metavar="ID|URL|GUID|FILE",
        help="Article id, address, guid, or a file; - for standard input.",
        show_default=False,
    ),
]
_SIDES = {"one": "first", "other": "second"}
_SHOWN = 200
_STDIN = "-"
_SUFFIXES = {".txt", ".md", ".html", ".htm", ".xml", ".json", ".jsonl", ".gz"}


def explain_duplicate(
    one: _Article,
    other: _Article,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Show whether the second of two articles is a copy of the first by today's rules, and why.

    Articles that were captured are asked for by id, address or guid; a file (text, HTML, JSON …; `-` is standard input) with one article is
    read as `newswire explain` does, and needs no broker. Shown are the decision, the shingles that both have, containment both ways
    beside the threshold, numbers and names that stand in the same place of both, and the longest passages side by side. Articles of
    different languages are only compared by what either says of the other (a link to its version in another language, a credit);
    numbers and names that both have are shown as a hint.
    """
    from newswire.cli.output import json_line
    from newswire.cli.session import begin
    from newswire.comparing import compare
    from schemas.ids import article_id

    settings = begin()
    files = {name: read_article(name, settings) for name in (one, other) if _is_file(name)}
    asked = [name for name in (one, other) if name not in files]
    articles = files | (_captured(asked, bootstrap_servers, settings) if asked else {})
    second = articles[other]
    if one != other and _named_alike(articles[one], second):
        second = second.model_copy(update={"article_id": article_id(source=second.source.name, guid=other)})
    compared = compare(articles[one], second)
    if as_json:
        json_line(compared)
    else:
        _show(compared)
    return 0


def _is_file(name: str) -> bool:
    """Return whether an argument is a file or standard input. Raises BadInputError for what looks like a file, and is none."""
    from newswire.errors import BadInputError

    path = Path(name)
    if name == _STDIN or path.is_file():
        return True
    if path.is_dir():
        raise BadInputError(f"{name} is a folder: give a file with one article")
    if "://" not in name and (path.suffix.lower() in _SUFFIXES or name.startswith(("/", "./", "../", "~"))):
        raise BadInputError(f"{name}: there is no such file")
    return False


def _named_alike(one: Normalized, other: Normalized) -> bool:
    """Whether two files have one id only since it was made of their headlines: nothing says that they are captures of one article."""
    return one.article_id == other.article_id and not (one.url or one.guid or other.url or other.guid)


def _captured(asked: list[str], bootstrap_servers: str | None, settings: Any) -> dict[str, Normalized]:
    from newswire.cli.session import connected
    from newswire.comparing import captured

    with connected(bootstrap_servers, settings) as log:
        return captured(log, asked)


def read_article(name: str, settings: Any) -> Normalized:
    """Return the article in a file, as normalize reads it. Raises BadInputError where there is not exactly one."""
    from newswire.capture import Unreadable
    from newswire.errors import BadInputError
    from newswire.explaining import explain
    from newswire.sources import room

    found = list(islice(room("checking").capture(name, settings, url=None), 2))
    if not found:
        raise BadInputError(f"there is no article in {name}")
    each = found[0]
    if isinstance(each, Unreadable):
        raise BadInputError(f"{each.what} cannot be read: {each.detail}")
    if len(found) > 1:
        raise BadInputError(f"{name} has more than one article: give a file with one")
    explained = explain(each.raw)
    if explained.article is None:
        raise BadInputError(f"{name} is refused: {explained.refused}")
    return explained.article


def _show(found: dict[str, Any]) -> None:
    from newswire.cli.output import line, table

    line(_verdict(found))
    line("")
    table(("", "first", "second"), _texts(found))
    line("")
    if found["languages"]:
        table(("across languages", "", ""), _across(found["languages"]))
        return
    table(("measure", "value", "asked for"), _measures(found))
    facts = found["facts"]["in_the_same_place"]
    if facts:
        line("")
        table(
            ("in the same place", "first", "second", ""),
            [
                (each["kind"], each["one"]["text"], each["other"]["text"], "" if each["agree"] else "differs")
                for each in facts[:20]
            ],
        )
    for passage in found["passages"]:
        line(f"\n{passage['words']} words in both:")
        for side, name in _SIDES.items():
            _show_passage(name, passage[side])


def _show_passage(name: str, where: dict[str, Any]) -> None:
    from newswire.cli.output import line
    from newswire.cli.safe import safe

    line(f"  {name:7}{where['path']} {where['start']}-{where['end']}: {safe(where['text'], _SHOWN)}")


def _verdict(found: dict[str, Any]) -> str:
    decision = found["decision"]
    if found["languages"]:
        return _across_languages(found["languages"])
    if decision["event"] == "duplicate":
        evidence = decision["evidence"]
        if evidence["rule"] == "older-version":
            return "The second is an older version of the first, which overwrites nothing (older-version)."
        words = f"The second is a copy of the first: {decision['verdict']}, by {evidence['rule']}"
        words += f" {evidence['score']:.2f} (from {evidence['threshold']:.2f})."
    elif decision.get("revision", {}).get("change") == "revised":
        revision = decision["revision"]
        words = f"The second is a revision of the first ({revision.get('relation') or 'without a text to compare with'})."
    elif any(each["relation"] == "same-template" for each in decision.get("related", ())):
        words = (
            "The second is no copy: it has the first one's wording, and tells other facts (same-template)."
        )
    elif notice := next(iter(decision.get("notice_of", ())), None):
        words = f"The second is no copy, but says of the first that it is {notice['says']} (known by {notice['known_by']})."
    elif found["one_passage"]:
        words = (
            "The second is no copy: all that it shares with the first, of the same source, is one passage."
        )
    else:
        words = "The second is no copy of the first."
    if found["hours_apart"] > found["window_hours"]:
        words += (
            f" They were captured {found['hours_apart']:,.0f} hours apart: beyond {found['window_hours']} hours copies are only looked for "
            "where another copy was seen meanwhile."
        )
    return words


def _across_languages(languages: dict[str, Any]) -> str:
    tongues = f"The two are in different languages ({languages['one']}, {languages['other']})"
    by = {each["by"] for each in languages["named"]}
    if not by:
        return (
            f"{tongues}: such articles are only compared by what they say of each other, and neither names the other. "
            "Neither is a copy of the other, and nothing relates them."
        )
    sides = {"one": "the first names the second", "other": "the second names the first"}
    named = " and ".join(sides[side] for side in ("one", "other") if side in by)
    return f"{tongues}, and {named} as its version: related as translation-suspected. Neither is a copy; both are published."


def _across(languages: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    from newswire.cli.safe import safe

    for each in languages["named"]:
        what = f"{each['found_in']}, {each.get('language') or 'no language'}, {each['role']}, {each['confidence']:.2f}"
        yield (
            f"named by the {_SIDES[each['by']]}",
            what,
            safe(each.get("url") or each.get("guid") or "", _SHOWN),
        )
    for side, by in _SIDES.items():
        if source := languages["translated_from"][side]:
            yield f"the {by} says that it was translated from", source, ""
    for kind in ("numbers", "names"):
        counted = languages[kind]
        shared = f"{counted['shared']} of {counted['one']} and {counted['other']}"
        yield f"{kind} that both have (a hint)", shared, safe(", ".join(counted["examples"]), _SHOWN)


def _texts(found: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    one, other = found["one"], found["other"]
    yield "headline", one["headline"], other["headline"]
    yield "source", one["source"]["name"], other["source"]["name"]
    for name in ("url", "article_id", "published_at", "captured_at"):
        yield name.replace("_", " "), one[name], other[name]
    yield "shingles", found["shingles"]["one"], found["shingles"]["other"]


def _measures(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    sample, containment, facts = found["sample"], found["containment"], found["facts"]
    yield "shingles in both", f"{found['shingles']['shared']}", ""
    yield "of the first in the second", f"{containment['one_in_other']:.3f}", ""
    yield "of the second in the first", f"{containment['other_in_one']:.3f}", ""
    shared = f"{sample['shared']} of {sample['kept']} and {sample['of_other']}"
    yield "sampled shingles in both", shared, "2 or more"
    score = max(sample["one_in_other"], sample["other_in_one"])
    yield "containment by the sample", f"{score:.3f}", f"{found['threshold']:.2f}"
    for kind in ("numbers", "numbers_in_digits", "names"):
        if (counted := facts.get(kind)) is None:
            continue
        yield (
            f"{kind.replace('_', ' ')} that agree and differ",
            f"{counted['agree']} and {counted['differ']}",
            "at most 35 % differ",
        )
