"""The demo's report: what went in, what each stage made of it, and what came out. Every word has to explain itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from newswire.cli.blocks import verdict
from newswire.cli.demo.languages import told_twice
from newswire.cli.demo.outcome import Data, Item, stories
from newswire.cli.demo.outlets import only_carried_by
from newswire.cli.demo.page import Page
from newswire.cli.demo.stage_rows import stage_rows
from newswire.cli.safe import safe

if TYPE_CHECKING:
    from newswire.ledger import Ledger

WIDTH: Final = 100
_STYLES: Final = {
    "published": "green",
    "revised": "green",
    "withdrawn": "yellow",
    "duplicate": "cyan",
    "held": "yellow",
    "rejected": "red",
    "in flight": "magenta",
}


def show(screen: Console, items: list[Item], ledger: Ledger) -> None:
    """Print the whole report."""
    _Report(screen, items, ledger).show()


class _Report:
    """Prints section after section."""

    def __init__(self, screen: Console, items: list[Item], ledger: Ledger) -> None:
        self._page = Page(screen)
        self._items = items
        self._ledger = ledger

    def show(self) -> None:
        """Print all sections; those that have nothing to tell are left out."""
        self._page.text("\nThe demo has run. What follows was read from the output topics.", style="bold")
        self._stages()
        self._every_record()
        self._duplicates()
        self._stories()
        self._languages()
        self._rejected()
        self._waiting_or_gone()
        self._one_article()
        self._accounts()
        self._page.text(
            "\nTo go on: `newswire up` runs it until Ctrl-C; in another terminal `newswire produce files PATH` and\n"
            "`newswire tail articles`. In a clone, `newswire` is `.venv/bin/newswire`."
        )

    def _of(self, *fates: str) -> list[Item]:
        return [item for item in self._items if item.fate in fates]

    def _stages(self) -> None:
        self._page.heading(
            "What went in, and what each stage made of it",
            "Each line is a program of its own; between them stands a Kafka topic.",
        )
        self._page.table(("stage", "read", "made of it"), stage_rows(self._items), whole=("stage", "read"))

    def _every_record(self) -> None:
        self._page.heading(
            "What became of each record",
            "In the order of the files. What is not published is explained below.",
        )
        self._page.table(
            ("file (#n: its record n)", "became", "headline"),
            [
                (safe(item.what), Text(item.fate, style=_STYLES[item.fate]), _headline(item))
                for item in self._items
            ],
            whole=("file (#n: its record n)", "became"),
            cut="headline",
        )

    def _duplicates(self) -> None:
        copies = [(item, item.events["duplicate"][-1]) for item in self._of("duplicate")]
        if not copies:
            return
        self._page.heading(
            "Which were duplicates, and why",
            "What came first is the original; a copy is linked to it, with the evidence.",
        )
        self._page.table(
            ("copy", "is …", "because"),
            [
                (
                    f"{safe(copy['headline'], 60)}\n({safe(item.source)})",
                    f"{verdict(copy)} “{safe(copy['original']['headline'], 60)}” ({_publisher(copy['original'])})",
                    _evidence(copy["evidence"]),
                )
                for item, copy in copies
            ],
        )

    def _stories(self) -> None:
        every = list(stories(self._items))
        found = [story for story in every if len(story["members"]) > 1 or only_carried_by(story)]
        if not found:
            return
        self._page.heading(
            "Which stories formed, and who carries them",
            f"Articles about the same event. Besides, {len(every) - len(found)} stories of one article, which nobody else carries.",
        )
        self._page.table(
            ("story", "its articles", "in common"),
            [
                (
                    safe(story["headline"], 60),
                    "\n".join(
                        (
                            *(
                                f"{safe(member['source'])}: {safe(member['headline'], 44)}"
                                for member in story["members"]
                            ),
                            *(f"{safe(outlet)}: a copy" for outlet in only_carried_by(story)),
                        )
                    ),
                    safe(", ".join(story.get("keywords", ())[:4])),
                )
                for story in found
            ],
        )

    def _languages(self) -> None:
        pairs = told_twice(stories(self._items))
        if pairs:
            self._page.heading(
                "Which stories are told in another language",
                "Their articles name each other as versions in other languages; nobody has compared the texts.",
            )
            columns = ("language", "story", "language", "story")
            self._page.table(
                columns,
                [
                    tuple(safe(text, 60) for story in pair for text in (story["language"], story["headline"]))
                    for pair in pairs
                ],
            )

    def _rejected(self) -> None:
        rows = [
            (safe(what), f"{letter['reason']} ({safe(letter['stage'])}): {safe(why, 200)}")
            for item in self._of("rejected")
            for letter, (what, why) in [(item.events["rejected"][-1], item.letter_words())]
        ]
        if rows:
            self._page.heading(
                "What was rejected, and why",
                "Dead letters: the original bytes are kept, with the reason, and can be tried again.",
            )
            columns = ("file (#n: its record n)", "reason (who refused it): what is wrong")
            self._page.table(columns, rows, whole=columns[:1])

    def _waiting_or_gone(self) -> None:
        held = [(safe(item.headline, 60), _until(item.events["held"][-1])) for item in self._of("held")]
        gone = [
            (safe(item.headline, 60), "withdrawn by its publisher: subscribers are told, its text is gone")
            for item in self._of("withdrawn")
        ]
        if held or gone:
            self._page.heading(
                "What is held back, and what was withdrawn", "Decided by the publisher; the pipeline obeys."
            )
            self._page.table(("headline", "what became of it"), [*held, *gone])

    def _one_article(self) -> None:
        articles = [item.one("article") for item in self._of("published")]
        article = max((a for a in articles if a), key=lambda a: len(a.get("quotes", ())), default=None)
        if article is None:
            return
        self._page.heading(
            "One article as subscribers read it",
            "Shortened. The event has all of the text, and says where in it each of these stands.",
        )
        entities = article.get("entities", ())
        facts = [
            ("headline", safe(article["headline"])),
            ("published", safe(article.get("published_at", "not said"))[:10]),
            (
                "language",
                f"{article['language']}, {article['word_count']} words, {len(article['sections'])} sections",
            ),
            *(
                (label, safe(", ".join(entity["name"] for entity in entities if entity["type"] == kind)))
                for kind, label in (
                    ("person", "people"),
                    ("organisation", "organisations"),
                    ("place", "places"),
                )
            ),
            (
                "dates",
                safe(
                    "; ".join(
                        dict.fromkeys(
                            f"“{date['text']}” is {_span(date)}" for date in article.get("dates", ())
                        )
                    )
                ),
            ),
            *(("quote", quote) for quote in list(dict.fromkeys(map(_quote, article.get("quotes", ()))))[:5]),
        ]
        self._page.table(("what", "value"), [fact for fact in facts if fact[1]])

    def _accounts(self) -> None:
        total = self._ledger.total
        self._page.heading(
            "Does it add up?",
            "The ledger counts every record that went in, and where it ended. Nothing may be missing or twice.",
        )
        fates = ("published", "revised", "duplicate", "withdrawn", "rejected", "held", "in flight")
        columns = ("source", "in", *fates)
        self._page.table(
            columns,
            [
                (
                    Text(safe(account.source), style="bold" if account is total else ""),
                    *(str(getattr(account, name.replace(" ", "_"))) for name in ("entered", *fates)),
                )
                for account in (*self._ledger.accounts, total)
            ],
            right=columns[1:],
            cut=columns[0],
        )
        self._page.text("")
        sums = (
            f"{total.entered} in = {total.published} published + {total.revised} revised + {total.duplicate} duplicate + "
            f"{total.withdrawn} withdrawn + {total.rejected} rejected + {total.held} held + {total.in_flight} in flight"
        )
        self._page.text(f"   {sums}")
        if self._ledger.balanced and not total.in_flight:
            self._page.text("   It balances: nothing was lost, nothing counted twice.", style="bold green")
        else:
            lost = ", ".join(
                f"{ref.topic}/{ref.partition}/{ref.offset}"
                for ref in (*self._ledger.lost, *self._ledger.twice)
            )
            self._page.text(
                f"   IT DOES NOT BALANCE: {total.lost} lost, {total.twice} twice: {lost}", style="bold red"
            )


def _headline(item: Item) -> str:
    if item.headline:
        return safe(item.headline)
    letter = item.one("rejected")
    return f"(none: {letter['reason']})" if letter else ""


def _publisher(data: Data) -> str:
    return safe(data["source"].get("publisher") or data["source"]["name"])


def _until(held: Data) -> str:
    if "until" not in held:
        return "held: withheld by its agency until it sends a version that may be published"
    return f"held: not to be published before {held['until']}"


def _evidence(evidence: Data) -> str:
    if evidence["rule"] == "older-version":
        return f"a newer version had come before it ({safe(evidence['rule'])})"
    if evidence["rule"] == "says-less":
        return f"the text is equal, and less is said beside it ({safe(evidence['rule'])})"
    if evidence["score"] == 1 and not evidence.get("shingles_compared"):
        return f"every word is equal ({safe(evidence['rule'])})"
    share = f"{evidence['score']:.0%} of the shorter text is in the longer one"
    return f"{share} ({safe(evidence['rule'])}; a copy from {evidence['threshold']:.0%} on)"


def _quote(quote: Data) -> str:
    return f"“{safe(quote['text'], 110)}” — {safe(quote.get('speaker') or 'not said who')}"


def _span(date: Data) -> str:
    return safe(date["start"] if date["start"] == date["end"] else f"{date['start']} to {date['end']}")
