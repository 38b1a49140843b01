"""Dead letters as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from newswire.rejected import DeadLetter
    from newswire.rejected_filter import Filter

_REASONS_SHOWN: Final = 8


def row(found: DeadLetter) -> tuple[str, ...]:
    """Return its line in the list."""
    from newswire.cli.safe import safe

    return (
        f"{found.ref.partition}/{found.ref.offset}",
        f"{found.recorded_at or found.time:%Y-%m-%d %H:%M:%S}",
        safe(found.letter.stage),
        safe(found.letter.source or ""),
        found.letter.reason,
        safe(found.letter.detail, 100),
    )


def whole_is(found: DeadLetter) -> str:
    """Tell where the whole of an original was, of which only the beginning is left here."""
    from newswire.cli.safe import safe

    if found.letter.input is not None:
        return f"the record itself, {_place(found.letter.input)}, is no longer kept"
    return f"there never was a record of it: the whole is only where {safe(found.letter.stage, 100)} read it, {safe(found.unread, 200)}"


def facts(found: DeadLetter) -> list[tuple[str, str]]:
    """Return what is known of it, by name."""
    letter = found.letter
    return [
        ("letter", found.name),
        ("refused", f"{found.recorded_at or found.time:%Y-%m-%d %H:%M:%S} UTC"),
        ("by", f"{letter.stage}, rule version {letter.rule_version}, attempt {letter.attempt}"),
        ("verdict", letter.verdict),
        ("reason", letter.reason),
        ("detail", letter.detail),
        ("at", letter.path or ""),
        ("source", letter.source or ""),
        ("article", letter.article_id or ""),
        ("raw record", _place(letter.raw)),
        ("record read", _place(letter.input)),
        (
            "size",
            f"{letter.original.size:,} bytes"
            + (", only the beginning is kept" if letter.original.truncated else ""),
        ),
    ]


def _place(ref: Any) -> str:
    return f"{ref.topic}/{ref.partition}/{ref.offset}" if ref is not None else ""


def as_data(found: DeadLetter) -> dict[str, Any]:
    """Return it for machines, without the original and the traceback."""
    return {
        "letter": found.name,
        "refused_at": found.recorded_at or found.time,
        **found.letter.model_dump(mode="json", exclude_none=True, exclude={"original", "traceback"}),
    }


def by_reason(wanted: Filter) -> str:
    """Tell how many letters there are of the most common reasons, if there is more than one."""
    from newswire.cli.safe import safe

    most = wanted.reasons.most_common(_REASONS_SHOWN)
    if len(most) < 2:
        return ""
    told = [f"{count:,} {reason} by {safe(stage, 100)}" for (reason, stage), count in most]
    rest = wanted.matched - sum(count for _, count in most)
    return f": {', '.join(told)}{f', {rest:,} others' if rest else ''}"


def again(found: DeadLetter) -> str:
    """Tell how the original is tried again, once what was wrong is mended."""
    if found.letter.input is None:
        return "It was never published: mend it, and publish it again where it comes from."
    return f"Once that is mended: newswire rejected retry {found.ref.partition}/{found.ref.offset}"
