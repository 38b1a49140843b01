"""The `Link` header of an answer (RFC 8288), as far as it names the same in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from consumers.normalize.extraction import Version
from consumers.normalize.page_versions import MOST

_LONGEST: Final = 64 * 1024
_LINK: Final = re.compile(
    r"""<([^<>]{1,4096})>((?:\s{0,8};\s{0,8}[\w!#$&+\-.^`|~*]{1,40}(?:\s{0,8}=\s{0,8}(?:"[^"]{0,400}"|[^\s",;]{0,400}))?){0,20})"""
)
_PARAMETER: Final = re.compile(
    r""";\s{0,8}([\w*-]{1,40})\s{0,8}=\s{0,8}(?:"([^"]{0,400})"|([^\s",;]{0,400}))"""
)


def header_versions(value: str, base: str | None) -> Iterator[Version]:
    """Yield the versions that a header's value names; what is not well formed is passed over."""
    for number, link in enumerate(_LINK.finditer(value[:_LONGEST])):
        if number >= MOST:
            return
        said: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(link[2]):
            said.setdefault(name.lower(), quoted or plain)
        if "alternate" in said.get("rel", "").lower().split() and said.get("hreflang"):
            yield Version(said["hreflang"], link[1].strip(), "http-link", "declared", base=base)
