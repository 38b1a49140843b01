"""Which hosts only lead to pages of others."""

from __future__ import annotations

from typing import Final

from newswire.addresses.wrappers import COPIES, GOOGLE, REDIRECTORS

_SHORT: Final = (
    "bit.ly j.mp t.co ow.ly buff.ly goo.gl tinyurl.com is.gd v.gd dlvr.it ift.tt trib.al fb.me lnkd.in wp.me apple.news flip.it "
    "shar.es zpr.io rb.gy cutt.ly t.ly po.st soo.gd s.id tiny.cc bl.ink snip.ly rebrand.ly mailchi.mp eepurl.com perma.cc ghostarchive.org "
    "amzn.to g.co reut.rs nyti.ms wapo.st bbc.in cnn.it politi.co econ.st on.wsj.com gu.com n.pr ab.co spon.de sz.de "
    "faz.to tmsnrt.rs bloom.bg ti.me huff.to on.ft.com abcn.ws cbsn.ws nbcnews.to hubs.ly hubs.la feeds.feedblitz.com feedpress.me "
    "tracking.feedpress.it feeds.feedburner.com feedproxy.google.com rss.feedsportal.com news.google.com"
)
_HOSTS: Final = frozenset(
    host.removeprefix("*.")
    for hosts in (_SHORT, *COPIES, *(each.hosts for each in REDIRECTORS))
    for host in hosts.split()
    if "google.*" not in host
)
_ALSO_READ: Final = "medium.com linkedin.com youtube.com vk.com vk.ru facebook.com t.me bing.com weibo.com"
_READ_THEMSELVES: Final = frozenset(_ALSO_READ.split())
"""Hosts with redirectors beside pages of their own."""


_FIRST: Final = "rss rssfeeds feed feeds feedproxy click clicks link links trk tracking redirect redir out"
_LABELS: Final = frozenset(_FIRST.split())
"""First labels of hosts that send readers of feeds and newsletters on."""


def leads_elsewhere(host: str) -> bool:
    """Return whether a host, in canonical form, has no articles of its own: short links, redirectors, archives and caches."""
    if host in _READ_THEMSELVES:
        return False
    if host.partition(".")[0] in _LABELS and host.count(".") > 1:
        return True
    return host in _HOSTS or host.partition(".")[2] in _HOSTS - _READ_THEMSELVES or bool(GOOGLE.match(host))
