"""Rules of single sites, where a general one would be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from newswire.addresses.parts import Pair, Parts, Rule


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of one host's parameters."""

    only: frozenset[str] | None = None
    """Where the path matches, only these choose what there is to read."""
    path: str = ""
    """Beginning of the paths that `only` is of."""
    never: frozenset[str] = frozenset()
    """Parameters that are trackers here, though not elsewhere."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SITES: Final = {
    "x.com": Site(never=_names("s t ref_src cn cxt")),
    "facebook.com": Site(never=_names("rdid fref hc_ref hc_location ref refid notif_t notif_id acontext eid _rdr _rdc paipv eav locale2 "
    "app")),
    "instagram.com": Site(never=_names("hl taken-by img_index")),
    "reddit.com": Site(never=_names("rdt st sh share_id context_ref")),
    "medium.com": Site(never=_names("source sk_ref gi responsesopen")),
    "linkedin.com": Site(never=_names("originalsubdomain trk refid")),
    "nytimes.com": Site(
        never=_names(
            "_r action algo algorithm assettype auth block campaign_id clicksource contentcollection contentplacement emc fallback gwh "
            "gwt hp imp_id "
            "impression_id instance_id login module nl partner pgtype pool referringsource region req_id rref rss searchresultposition "
            "segment_id "
            "smid smtyp surface te unlocked_article_code user_id variant version isgift"
        )
    ),
    "theguardian.com": Site(never=_names("cmp dcr")),
    "washingtonpost.com": Site(never=_names("tid hpid nid noredirect utm hootpostid __ref pwapi_token")),
    "wsj.com": Site(never=_names("mod st reflink tesla ns siteid page_mod")),
    "marketwatch.com": Site(never=_names("mod st reflink siteid")),
    "barrons.com": Site(never=_names("mod st reflink siteid")),
    "bloomberg.com": Site(never=_names("srnd sref leadsource cmpid embedded-checkout")),
    "ft.com": Site(never=_names("sharetype segmentid")),
    "reuters.com": Site(never=_names("feedtype feedname rpc taid edition-redirect")),
    "bbc.com": Site(never=_names("ocid ns_mchannel intlink_from_url link_location xtor pinned_post_locator pinned_post_asset_id "
    "pinned_post_type")),
    "msn.com": Site(never=_names("ocid cvid ei pc li form")),
    "dailymail.co.uk": Site(never=_names("ito ico ns_mchannel")),
    "metro.co.uk": Site(never=_names("ito ico ns_mchannel")),
    "dw.com": Site(never=_names("maca")),
    "forbes.com": Site(never=_names("sh ss")),
    "cbsnews.com": Site(never=_names("ftag intcid")),
    "google.com": Site(only=_names("q"), path="/search"),
    "news.google.com": Site(never=_names("hl gl ceid oc")),
}  # fmt: skip
"""By host in canonical form; an entry also holds for the hosts under it."""

_YOUTUBE: Final = re.compile(r"/(?:shorts|embed|v|live|e)/([A-Za-z0-9_-]{11})$")
_YOUTU_BE: Final = re.compile(r"/([A-Za-z0-9_-]{11})$")
_EDITION: Final = re.compile(r"^/cnn(?=/(?:19|20)\d\d/)")


def _paths(parts: Parts) -> None:
    rewrite = _REWRITES.get(parts.host)
    if rewrite is not None:
        rewrite(parts)


def _parameters(parts: Parts) -> None:
    if not parts.pairs:
        return
    site = SITES.get(parts.host) or SITES.get(parts.host.partition(".")[2])
    if site is None:
        if parts.path.endswith(".html"):  # a blog of Blogger, under any host
            parts.pairs = [each for each in parts.pairs if each.raw not in ("m=1", "m=0")]
        return
    if site.only is not None and parts.path.startswith(site.path):
        parts.pairs = [each for each in parts.pairs if each.name in site.only]
    parts.pairs = [each for each in parts.pairs if each.name not in site.never]


def _video(parts: Parts) -> None:
    found = (_YOUTU_BE if parts.host == "youtu.be" else _YOUTUBE).match(parts.path)
    if found:
        parts.host, parts.path = "youtube.com", "/watch"
        parts.pairs = [Pair("v", found[1], f"v={found[1]}")]
    elif parts.path == "/watch" and any(each.name == "v" for each in parts.pairs):
        parts.pairs = [each for each in parts.pairs if each.name == "v"][:1]


def _edition(parts: Parts) -> None:
    parts.path = _EDITION.sub("", parts.path)


def _preview(parts: Parts) -> None:
    if parts.path.startswith("/s/"):
        parts.path = parts.path[2:]


_REWRITES: Final[dict[str, Callable[[Parts], None]]] = {
    "youtube.com": _video,
    "youtu.be": _video,
    "cnn.com": _edition,
    "t.me": _preview,
}

PATH_RULES: Final = (
    Rule(
        name="site-paths",
        step="path",
        what="A video of YouTube is `youtube.com/watch?v=ID`; CNN's AMP pages are under their day, Telegram's previews under their "
        "channel.",
        why="They are one page under several forms of one site. Ids keep their case.",
        same=(
            ("https://youtu.be/aBcDeFgHiJk?t=10", "https://youtube.com/watch?v=aBcDeFgHiJk"),
            (
                "https://m.youtube.com/watch?v=aBcDeFgHiJk&list=PL1&index=2",
                "https://youtube.com/watch?v=aBcDeFgHiJk",
            ),
            ("https://www.youtube.com/shorts/aBcDeFgHiJk", "https://youtube.com/watch?v=aBcDeFgHiJk"),
            ("https://amp.cnn.com/cnn/2020/01/02/a/b/index.html", "https://cnn.com/2020/01/02/a/b"),
            ("https://t.me/s/quay/5", "https://t.me/quay/5"),
        ),
        apart=(("https://youtu.be/aBcDeFgHiJk", "https://youtu.be/abcdefghijk"),),
        apply=_paths,
    ),
)
QUERY_RULES: Final = (
    Rule(
        name="sites",
        step="query",
        what="Parameters that are trackers on one site only are dropped there (list below); so is `m=1` on blogs of Blogger.",
        why="What the name of a parameter means is a site's affair.",
        same=(
            ("https://twitter.com/a/status/1?s=20&t=xyz", "https://x.com/a/status/1"),
            ("https://www.nytimes.com/2020/01/02/b.html?_r=0&action=click", "https://nytimes.com/2020/01/02/b.html"),
            ("https://a.example/2020/01/b.html?m=1", "https://a.example/2020/01/b.html"),
        ),
        apart=(("https://a.example/news?m=1", "https://a.example/news?m=2"),),
        apply=_parameters,
    ),
)  # fmt: skip
