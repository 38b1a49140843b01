"""Which format a file is in: by its name, or by how it begins."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, Literal

Format = Literal["text", "html", "json", "jsonl"]

BY_SUFFIX: Final[dict[str, Format]] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_HTML_START: Final = re.compile(
    rb"<(?:!doctype\s+html|\?xml\b|!--|(?:html|head|body|meta|title|article|main|section|div|h1|p|script)\b)",
    re.IGNORECASE,
)
_BOM: Final = b"\xef\xbb\xbf"


def format_of(name: str) -> Format | None:
    """Return the format that a file's name says, also before `.gz`; None for any other name."""
    path = PurePath(name.lower())
    if path.suffix == ".gz":
        path = path.with_suffix("")
    return BY_SUFFIX.get(path.suffix)


def sniff(start: bytes) -> Format:
    """Return the format of content that begins with `start` (a kilobyte is enough). JSON of one record counts as `jsonl`."""
    start = start.removeprefix(_BOM).lstrip()
    if start.startswith(b"{") or re.match(rb"\[\s*[{\]]", start):
        return "jsonl"
    return "html" if _HTML_START.match(start) else "text"
