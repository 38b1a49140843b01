"""Addresses that only lead to another, or keep a copy of it: which hosts, and where the other address stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

TEXT: Final = "*"
"""As a parameter: the whole query is the address."""


@dataclass(frozen=True, slots=True)
class Redirector:
    """A host whose addresses hold another in a parameter."""

    hosts: str
    """Separated by spaces, without `www.`; `*.` before one stands for all hosts under it."""
    parameters: str
    """Names, the most believed first; `*` is the query as a whole."""
    path: re.Pattern[str] = field(default=re.compile(""))
    """What the path begins with."""


def _of(hosts: str, parameters: str, path: str = "") -> Redirector:
    return Redirector(hosts, parameters, re.compile(path))


GOOGLE: Final = re.compile(r"(?:(?:www|news|m|images|encrypted)\.)?google\.(?:com?\.)?[a-z]{2,3}$")
REDIRECTORS: Final = (
    _of("google.*", "q url", "/(?:url|interstitial)$"),
    _of("google.*", "url", "/news/url$"),
    _of("google.*", "imgrefurl", "/imgres$"),
    _of("consent.google.com consent.youtube.com", "continue"),
    _of("googleadservices.com", "adurl", "/pagead/aclk"),
    _of("youtube.com", "q", "/redirect$"),
    _of("l.facebook.com lm.facebook.com m.facebook.com facebook.com", "u", "/(?:l|flx/warn/?)(?:\\.php)?$"),
    _of("l.instagram.com l.threads.com l.threads.net l.messenger.com l.wl.co", "u"),
    _of("t.umblr.com", "z", "/redirect$"),
    _of("out.reddit.com", "url"),
    _of("vk.com m.vk.com away.vk.com vk.ru", "to", "/away\\.php$"),
    _of("steamcommunity.com", "url u", "/linkfilter"),
    _of("linkedin.com", "url", "/(?:redir/redirect|safety/go|authwall|redir/general-malware-page)"),
    _of("medium.com", "url", "/r/?$"),
    _of("getpocket.com", "url", "/redirect$"),
    _of("flipboard.com", "url", "/redirect$"),
    _of("disq.us", "url", "/url$"),
    _of("slack-redir.net", "url", "/link$"),
    _of("t.me", "url", "/iv$"),
    _of("duckduckgo.com", "uddg", "/l/?$"),
    _of("bing.com", "url", "/news/apiclick\\.aspx$"),
    _of("href.li anonym.to nullrefer.com dereferer.org hidereferrer.com anon.to", TEXT),
    _of("exit.sc gate.sc", "url"),
    _of("*.safelinks.protection.outlook.com statics.teams.cdn.office.net", "url"),
    _of("linkprotect.cudasvc.com", "a", "/url$"),
    _of("clicktime.symantec.com", "u"),
    _of("link.zhihu.com link.csdn.net link.juejin.cn", "target"),
    _of("jianshu.com", "url", "/go-wild$"),
    _of("weibo.cn weibo.com", "u toasturl", "/sinaurl"),
    _of("c.pc.qq.com", "pfurl url", "/middlem\\.html"),
    _of("go.skimresources.com", "url"),
    _of("redirect.viglink.com", "u"),
    _of("click.linksynergy.com", "murl", "/deeplink"),
    _of("awin1.com", "ued p", "/cread\\.php"),
    _of("shareasale.com", "urllink", "/r\\.cfm"),
    _of(
        "facebook.com m.facebook.com",
        "u href link",
        "/(?:sharer(?:/sharer)?\\.php|sharer/?|share\\.php|dialog/(?:share|feed|send))$",
    ),
    _of("twitter.com x.com mobile.twitter.com", "url", "/(?:intent/(?:tweet|post)|share)$"),
    _of("linkedin.com", "url", "/(?:shareArticle|sharing/share-offsite|cws/share)"),
    _of("reddit.com", "url", "/submit"),
    _of("t.me telegram.me", "url", "/share(?:/url)?$"),
    _of("vk.com vk.ru", "url", "/share\\.php$"),
    _of("tumblr.com", "url canonicalurl", "/(?:share|widgets/share)"),
    _of("pinterest.com", "url", "/pin/create"),
    _of("getpocket.com", "url", "/(?:edit|save)"),
    _of("share.flipboard.com", "url", "/bookmarklet"),
    _of("social-plugins.line.me", "url", "/lineit/share"),
    _of("news.ycombinator.com", "u", "/submitlink$"),
    _of("webcitation.org", "url", "/query"),
    _of("12ft.io", "q", "/proxy"),
)
"""Hosts that send readers on, or ask them to share it."""

OUTWARD: Final = re.compile(
    r"/(?:redirect(?:or|ion)?|redir|away|click(?:thru|through|out)?|goto|exit|leave|leaving|linkout|link-out|outbound|outgoing|jump|rd|track(?:ing)?"
    r"|out)(?:\.(?:php|aspx?|html?|cgi|jsp))?/?$",
    re.IGNORECASE,
)
"""Ends of paths by which any host sends readers on, when one of `OUTWARD_PARAMETERS` holds a whole address."""
OUTWARD_PARAMETERS: Final = (
    "url",
    "u",
    "to",
    "target",
    "dest",
    "destination",
    "redirect",
    "redirect_url",
    "redirecturl",
    "goto",
    "link",
    "href",
)

COPIES: Final = {
    "web.archive.org wayback.archive.org archive.org": r"/(?:web|save)/(?:[0-9*]+(?:[a-z]{2}_)?/)?(.+)",
    "archive.is archive.today archive.ph archive.fo archive.li archive.vn archive.md": (
        r"/(?:(?:newest|oldest|submit|timegate|timemap)/|o/[A-Za-z0-9]+/|[0-9][0-9.\-]{3,20}/)?(https?:/.+|(?<=/)(?!o/)[^/]+\.[^/]+/.+)"
    ),
    "arquivo.pt": r"/(?:noFrame/replay|wayback)/[0-9]+(?:[a-z]{2}_)?/(.+)",
    "webarchive.org.uk": r"/wayback/(?:[a-z]+/)*[0-9]+(?:[a-z]{2}_)?/(.+)",
    "wayback.archive-it.org": r"/[a-z0-9]+/[0-9]+(?:[a-z]{2}_)?/(.+)",
    "webarchive.nationalarchives.gov.uk": r"/(?:ukgwa/)?[0-9]+(?:[a-z]{2}_)?/(.+)",
    "timetravel.mementoweb.org": r"/memento/[0-9]+/(.+)",
    "megalodon.jp": r"/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{2}/(.+)",
    "cdn.ampproject.org *.cdn.ampproject.org *.bing-amp.com": r"/[a-z]{1,3}/(s/)?([^/]+\..+)",
    "google.*": r"/amp/(s/)?([^/]+\..+)",
    "bing.com": r"/amp/(s/)?([^/]+\..+)",
    "feedproxy.google.com feeds.feedburner.com rss.feedsportal.com": r"/.*?/(https?:/.+)",
    "12ft.io removepaywall.com smry.ai r.jina.ai outline.com txtify.it": r"/(https?:/.+)",
}  # fmt: skip
"""Archives and caches: patterns of paths; the last group is the copied address, which may lack its scheme."""
MEMENTO: Final = re.compile(r"/[0-9]{14}(?:[a-z]{2}_)?/(https?:/.+)", re.IGNORECASE)
"""The same on any host: a time of 14 digits, then a whole address."""
