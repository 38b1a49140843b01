"""What `newswire produce` says of each thing that it published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newswire.source import Receipt


class Receipts:
    """Prints receipts as they come. A reader that goes away does not stop the publishing."""

    def __init__(self) -> None:
        from newswire.cli.output import on_terminal

        self._pretty = on_terminal()
        self._read = True

    def __call__(self, receipt: Receipt) -> None:
        """Print one receipt."""
        from newswire.cli.ending import ReaderGoneError
        from newswire.cli.output import json_line, line, note
        from newswire.cli.safe import safe

        data = _as_data(receipt)
        if "reason" in data:
            note(f"newswire: {safe(data['what'])}: {safe(data['detail'])} [{data['reason']}]")
        if not self._read:
            return
        try:
            if self._pretty:
                place = f"{data['topic']}/{data['partition']}/{data['offset']}"
                line(f"{data['status']:<11} {place:<26} {safe(data['what'])}")
            else:
                json_line(data)
        except ReaderGoneError:
            self._read = False


def _as_data(receipt: Receipt) -> dict[str, Any]:
    from newswire.capture import Captured

    what = receipt.what
    place = {"topic": receipt.ref.topic, "partition": receipt.ref.partition, "offset": receipt.ref.offset}
    if isinstance(what, Captured):
        return {
            "status": "published",
            "what": what.raw.path or what.raw.url or what.key,
            "source": what.raw.source.name,
            "key": what.key,
            **place,
        }
    return {"status": "unreadable", "what": what.what, "reason": what.reason, "detail": what.detail, **place}
