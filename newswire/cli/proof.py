"""How `newswire purge` shows what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newswire.text.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

    from newswire.log.kafka import KafkaLog
    from newswire.purging.concerned import Concerned
    from newswire.purging.finding import Finding


def show_dry_run(log: KafkaLog, meant: Concerned, folders: list[Path], as_json: bool) -> int:
    """Show what would go, and write nothing."""
    from newswire.cli.output import json_line, line, note
    from newswire.purging.proof import look

    findings = look(log, meant, folders)
    if as_json:
        json_line(
            {"dry_run": True, "articles": sorted(meant.seen), "raw_records": len(meant.raws)}
            | {"found": [_as_data(found) for found in findings]}
        )
        return 0
    line(f"{counted(meant)} would go{', for example:' if meant.seen else '.'}")
    for article in sorted(meant.seen)[:5]:
        line(f"  {article}")
    _show(findings)
    note("newswire: a dry run: nothing was written")
    return 0


def show_proof(log: KafkaLog, meant: Concerned, folders: list[Path], as_json: bool, *, delete: bool) -> int:
    """Look everywhere and show what was found; 1 when something that had to go is there, or a place could not be seen."""
    from newswire.cli.output import json_line, line, note
    from newswire.purging.carrying import delete_records, prove

    findings = prove(log, meant, folders)
    if delete:
        for topic, before in delete_records(log, findings).items():
            note(f"newswire: {topic}: deleted what stands before {before}")
        findings = prove(log, meant, folders)
    failed = [found for found in findings if found.holds]
    unseen = [found.place for found in findings if not found.seen]
    if as_json:
        json_line(
            {
                "purge": meant.purge.to_data(),
                "articles": sorted(meant.seen),
                "raw_records": len(meant.raws),
                "proved": not failed and not unseen,
                "unseen": unseen,
                "local_copies": bool(folders),
                "found": [_as_data(found) for found in findings],
            }
        )
    else:
        _show(findings)
        line(verdict(meant, failed=bool(failed), unseen=bool(unseen), local=bool(folders)))
    if failed:
        note(
            "newswire: still there: "
            + ", ".join(f"{found.place} ({', '.join(found.examples)})" for found in failed)
        )
    if unseen:
        note(
            f"newswire: not proved: nothing is known of {', '.join(unseen)}. Run `newswire purge check {meant.purge.purge_id}` where these "
            "copies of state are, with --state-dir; with --kafka-only, only what Kafka keeps is proved"
        )
    return 1 if failed or unseen else 0


def counted(meant: Concerned) -> str:
    """Say how much of what is named stands on the topics of captures."""
    articles, raws = len(meant.seen), len(meant.raws)
    return f"{articles:,} {plural('article', articles)} and {raws:,} {plural('raw record', raws)}"


def verdict(meant: Concerned, *, failed: bool, unseen: bool, local: bool) -> str:
    """Say what was proved, and no more than was seen: of how much it is true, and nothing of what was never there."""
    if failed:
        return "IT IS NOT GONE."
    if unseen:
        return "NOT PROVED: it is gone from all that was seen, and not all was."
    if not meant.seen and not meant.raws:
        return "Nothing of it was found: 0 articles, 0 raw records." + (
            "" if local else " Local copies of state were not looked into."
        )
    found = f"It was {counted(meant)}, whose old records the topics keep as shown."
    return (
        f"It is gone. {found}"
        if local
        else f"It is gone from Kafka. {found} Local copies of state were not looked into."
    )


def _show(findings: list[Finding]) -> None:
    from newswire.cli.output import table
    from newswire.cli.safe import safe

    rows = [
        (
            safe(found.place),
            found.kind,
            found.found,
            f"{found.until:%Y-%m-%d %H:%M}" if found.until else "",
            "can be deleted at once: --delete-records" if found.deletable else found.note,
        )
        for found in findings
    ]
    table(("place", "kind", "found", "until (UTC)", ""), rows, right=("found",))


def _as_data(found: Finding) -> dict[str, Any]:
    from dataclasses import asdict

    data = asdict(found)
    data["deletable"] = {str(partition): offset for partition, offset in found.deletable.items()}
    return data
