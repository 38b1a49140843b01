"""Logins in addresses: they are nobody's to publish."""

from __future__ import annotations

import re
from typing import Final

_WHOLE: Final = re.compile(r"^([\x00-\x20]*(?:(?:https?|ftp):[/\\]*|[/\\]{2}))[^/\\?#]*@", re.IGNORECASE)
"""An address as the WHATWG URL Standard reads it: any number of slashes, also none or the wrong ones; the last @ ends the login."""
_WITHIN: Final = re.compile(r"((?:https?|ftp):[/\\]*)[^/\\?# ]{0,1024}@", re.IGNORECASE)
"""One in a text, which goes on after a space. Bounded, so that no text takes more than linear time."""
_MASKED: Final = r"\1…@"


def without_logins(text: str) -> str:
    """Return a text in which `…` stands for the user name and password of each address; such an address is refused as before."""
    if "@" not in text:
        return text
    return _WITHIN.sub(_MASKED, _WHOLE.sub(_MASKED, text, count=1))
