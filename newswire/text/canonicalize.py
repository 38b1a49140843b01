"""One address for one article, so that its copies under other addresses are the same record."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote_plus

import can_ada

MAX_URL_CHARACTERS: Final = 2048

TRACKERS: Final = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ymclid", "twclid", "ttclid", "igshid",
        "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "hsctatracking", "vero_id", "vero_conv",
        "oly_anon_id", "oly_enc_id", "wickedid", "rb_clickid", "s_cid", "ncid", "cmpid", "__twitter_impression", "spm", "xtor",
        "ito", "phpsessid", "jsessionid", "aspsessionid", "sessionid", "guccounter", "guce_referrer", "guce_referrer_sig",
        "ref_src", "ref_url", "smid", "smtyp", "soc_src", "soc_trk", "at_medium", "at_campaign", "at_custom1", "at_custom2",
        "at_custom3", "at_custom4", "__tn__", "share_id", "sharesource", "feature_share", "wt_mc", "wt_zmc", "amp_js_v",
        "amp_gsa", "usqp",
    }
)  # fmt: skip
"""Parameters that say how a reader came, never what there is to read. Compared without case."""
TRACKER_PREFIXES: Final = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "at_recipient_")
"""Beginnings of such parameters' names."""
_SCHEME: Final = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_DOUBLED_SCHEME: Final = re.compile(r"^(?:https?:/*)+(?=https?:)", re.IGNORECASE)
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*", re.IGNORECASE)


def canonicalize(url: str, base: str | None = None) -> str:
    """Return the canonical form of a web address. The form is idempotent. ValueError says why an address is none.

    `http://http://…` counts as written once, an address that begins with `//` and has no base as `https`.
    The address is parsed as a browser does (WHATWG URL Standard), against `base` where it is relative, and then:

    - scheme `https`: an article is the same under `http`. An address with a port of its own keeps its scheme.
    - host in lower case, internationalised names as punycode, without a final dot; default ports dropped.
    - path as it is, case and all; an empty one is `/`; session ids after `;` are dropped.
    - parameters of `TRACKERS` and `TRACKER_PREFIXES` are dropped; all others stay, in their order, byte for byte.
    - the fragment is dropped unless it routes (`#!…`).

    Refused: other schemes than http and https, user names and passwords, more than `MAX_URL_CHARACTERS`.
    """
    text = _DOUBLED_SCHEME.sub("", unicodedata.normalize("NFC", url.strip()))
    if text.startswith("//") and not base:
        text = f"https:{text}"
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError(f"{scheme[1].lower()} addresses are none of an article: {text[:80]!r}")
    try:
        parsed = can_ada.parse(base) + text if base else can_ada.parse(text)
    except ValueError as error:
        raise ValueError(f"not an address that a browser would open: {text[:80]!r}") from error
    if parsed.protocol not in ("http:", "https:"):
        raise ValueError(f"{parsed.protocol} addresses are none of an article: {text[:80]!r}")
    if parsed.username or parsed.password:
        raise ValueError("an address with a user name or password in it is not for publication")
    host = parsed.hostname.rstrip(".")
    if not host:
        raise ValueError(f"no host in {text[:80]!r}")
    canonical = (
        f"{parsed.protocol if parsed.port else 'https:'}//{host}{f':{parsed.port}' if parsed.port else ''}"
        f"{_SESSION_IN_PATH.sub('', parsed.pathname) or '/'}{_query(parsed.search)}{_fragment(parsed.hash)}"
    )
    if len(canonical) > MAX_URL_CHARACTERS:
        raise ValueError(f"longer than {MAX_URL_CHARACTERS} characters: {canonical[:80]!r}…")
    return canonical


def _query(search: str) -> str:
    kept = [pair for pair in search.removeprefix("?").split("&") if pair and not _is_tracker(pair)]
    return f"?{'&'.join(kept)}" if kept else ""


def _is_tracker(pair: str) -> bool:
    name = unquote_plus(pair.partition("=")[0]).lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def _fragment(fragment: str) -> str:
    return fragment if fragment.startswith("#!") else ""
