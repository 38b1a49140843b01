"""The canonical form of rule version 1 of normalize. What was purged under it must stay so."""

from __future__ import annotations

import can_ada

from newswire.addresses import trackers
from newswire.addresses.mend import mend


def earlier_form(url: str) -> str:
    """Return the earlier form of an address. ValueError where it is none.

    Less was taken to be the same: `www.`, slashes at the end, the order of parameters and all that leads to another address stayed.
    """
    try:
        parsed = can_ada.parse(mend(url, relative=False))
    except TypeError as error:
        raise ValueError(f"a lone surrogate is in {url[:80]!r}") from error
    kept = [pair for pair in parsed.search[1:].split("&") if pair and not _is_tracker(pair)]
    scheme, port = (parsed.protocol, f":{parsed.port}") if parsed.port else ("https:", "")
    search = f"?{'&'.join(kept)}" if kept else ""
    fragment = parsed.hash if parsed.hash.startswith("#!") else ""
    return f"{scheme}//{parsed.hostname.rstrip('.')}{port}{parsed.pathname or '/'}{search}{fragment}"


def _is_tracker(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in trackers.NAMES or name.startswith(trackers.PREFIXES)
