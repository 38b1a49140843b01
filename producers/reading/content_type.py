"""What a `Content-Type` header says (RFC 9110, 8.3), read as browsers do."""

from __future__ import annotations

import re
from typing import Final

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_LONGEST_CHARSET: Final = 60


def read_content_type(header: str) -> tuple[str, str | None]:
    """Return media type and charset, in lower case. The type is empty where the header has none that is well formed (`html`).

    Of several headers, which come joined by commas, the last well-formed one counts; where it says no charset, that of an earlier
    one of the same type (WHATWG Fetch, "extract a MIME type").
    """
    media_type, charset = "", None
    for value in header.lower().split(","):
        essence, *parameters = (part.strip() for part in value.split(";"))
        if essence != media_type and _MEDIA_TYPE.fullmatch(essence):
            media_type, charset = essence, None
        charset = _charset(parameters) or charset
    return media_type, charset


def _charset(parameters: list[str]) -> str:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "charset":
            return value.strip().strip("\"'").strip()[:_LONGEST_CHARSET]
    return ""
