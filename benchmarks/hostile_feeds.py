"""Feeds that are meant to break a reader, each with the addresses of the good items that must come out of it."""

from __future__ import annotations

import json
from collections.abc import Callable

GOOD = "http://e.example/good"
_GOOD_ITEM = f"<item><title>good</title><link>{GOOD}</link></item>"
_MANY = 200_000


def rss(inner: str, before: str = "") -> bytes:
    text = f"{before}<rss version='2.0'><channel><title>c</title>{inner}</channel></rss>"
    return text.encode("utf-8", "surrogatepass")


def json_feed(items: str) -> bytes:
    return f'{{"version":"https://jsonfeed.org/version/1.1","title":"c","items":[{items}]}}'.encode()


def many() -> bytes:
    item = "<item><title>T{0}</title><link>http://e.example/{0}</link><guid>g{0}</guid><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item>"  # noqa: E501
    return rss("".join(item.format(number) for number in range(_MANY)) + _GOOD_ITEM)


def many_json() -> bytes:
    item = '{{"id":"{0}","url":"http://e.example/{0}","title":"T"}},'
    return json_feed("".join(item.format(n) for n in range(_MANY)) + _good_json())


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return rss(
        f"<item><title>&a11;</title></item>{_GOOD_ITEM}", f'<!DOCTYPE rss [<!ENTITY a0 "lol">{entities}]>'
    )


def _good_json() -> str:
    return json.dumps({"id": "good", "url": GOOD, "title": "good"})


CASES: dict[str, Callable[[], bytes]] = {
    "200,000 items": many,
    "200,000 items, truncated": lambda: many()[:-20],
    "200,000 items, JSON": many_json,
    "200,000 empty items": lambda: rss("<item/>" * _MANY + _GOOD_ITEM),
    "entity bomb": bomb,
    "quadratic entity": lambda: rss(f"<item><title>{'&a;' * 100_000}</title></item>{_GOOD_ITEM}", f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'),  # noqa: E501
    "external entity": lambda: rss(f"<item><title>&x;</title></item>{_GOOD_ITEM}", '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "external subset": lambda: rss(_GOOD_ITEM, '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "60,000 attributes": lambda: rss("<item " + " ".join(f"a{n}='1'" for n in range(60_000)) + f"><title>t</title></item>{_GOOD_ITEM}"),
    "60,000 times one attribute": lambda: rss("<item " + "a='1' " * 60_000 + f"><title>t</title></item>{_GOOD_ITEM}"),
    "100,000 namespaces": lambda: rss("".join(f"<n{n}:x xmlns:n{n}='http://u.example/{n}'/>" for n in range(100_000)) + _GOOD_ITEM),
    "deep elements": lambda: rss(f"<item><description>{'<div>' * 100_000}x{'</div>' * 100_000}</description></item>{_GOOD_ITEM}"),
    "deep elements, left open": lambda: rss(f"<item><description>{'<div>' * 100_000}x</description></item>{_GOOD_ITEM}"),
    "deep HTML": lambda: rss(f"<item><description>{'&lt;div&gt;' * 100_000}x</description></item>{_GOOD_ITEM}"),
    "fairly deep HTML, often": lambda: rss(f"<item><description>{'&lt;div&gt;' * 149}x</description></item>" * 5_000 + _GOOD_ITEM),
    "HTML with many attributes": lambda: rss(f"<item><description>&lt;p {'a ' * 9_000}&gt;</description></item>" * 300 + _GOOD_ITEM),
    "20 MB of HTML": lambda: rss(f"<item><description>{'&lt;p&gt;hello ' * 1_500_000}</description></item>{_GOOD_ITEM}"),
    "100,000 odd dates": lambda: rss("".join(f"<item><pubDate>{n} foo bar 20{n % 100:02} 10:00 xyz</pubDate></item>" for n in range(100_000)) + _GOOD_ITEM),  # noqa: E501
    "300,000 links": lambda: rss(f"<item>{'<link>javascript:x</link>' * 300_000}</item>{_GOOD_ITEM}"),
    "comments left open": lambda: rss("<!--" * 500_000 + _GOOD_ITEM),
    "CDATA left open": lambda: rss("<item><title><![CDATA[x</title></item>" + _GOOD_ITEM),
    "CDATA left open, often": lambda: rss("<item><title><![CDATA[" * 50_000 + "</title></item>" + _GOOD_ITEM),
    "quotes left open": lambda: rss("<item a='\"" * 300_000 + _GOOD_ITEM),
    "ampersands": lambda: rss(f"<item><title>{'&' * 3_000_000}</title></item>{_GOOD_ITEM}"),
    "angle brackets": lambda: rss(f"<item><title>{'<' * 3_000_000}</title></item>{_GOOD_ITEM}"),
    "NUL and controls": lambda: rss(f"<item><title>a\x00b\x08c</title></item>{_GOOD_ITEM}"),
    "surrogates": lambda: rss(f"<item><title>ä\ud800&#xD800;</title></item>{_GOOD_ITEM}"),
    "impossible references": lambda: rss(f"<item><title>&#0;&#x1F;&#99999999;&#xFFFFFF;</title></item>{_GOOD_ITEM}"),
    "invalid UTF-8": lambda: rss(_GOOD_ITEM).replace(b"<title>c", b"<title>\xc3\x28\xff\xfe"),
    "trailing junk": lambda: rss(_GOOD_ITEM) + b"<script>x</script> & < junk <rss>",
    "junk before": lambda: b"<br />\n<b>Warning</b>: in line 3\n" + rss(_GOOD_ITEM, "<?xml version='1.0'?>"),
    "truncated in a tag": lambda: rss(f"{_GOOD_ITEM}<item><title>x</title><li")[:-16],
    "a megabyte of junk before": lambda: b"<p>x" * 250_000 + rss(_GOOD_ITEM),
    "channels in channels": lambda: b"<rss>" + b"<channel>" * 100_000 + _GOOD_ITEM.encode() + b"</channel>" * 100_000 + b"</rss>",
    "wrong charset declared": lambda: rss(f"<item><title>grüße</title></item>{_GOOD_ITEM}", "<?xml version='1.0' encoding='utf-16'?>"),
    "charset that is none": lambda: rss(_GOOD_ITEM, "<?xml version='1.0' encoding='zlib'?>"),
    "charset of quadratic time": lambda: rss(f"<item><title>{'ü' * 100_000}</title></item>{_GOOD_ITEM}", "<?xml version='1.0' encoding='punycode'?>"),  # noqa: E501
    "missing end tags": lambda: rss(f"<item><title>a<link>http://e.example/a<item><title>b{_GOOD_ITEM}"),
    "undeclared prefixes": lambda: rss(f"<item><dc:creator>x</dc:creator><media:group><x:y></media:group></item>{_GOOD_ITEM}"),
    "wrong types, JSON": lambda: json_feed('5,null,[],"x",{"id":1,"url":[1],"title":{"a":1},"content_html":5,"tags":"x","authors":7,"attachments":{}},' + _good_json()),  # noqa: E501
    "truncated, JSON": lambda: json_feed(_good_json() + ',{"id":"2","ur')[:-2],
    "trailing junk, JSON": lambda: json_feed(_good_json() + ",") + b" trail }",
    "deep values, JSON": lambda: json_feed(f'{{"id":"1","x":{"[" * 100_000 + "]" * 100_000}}},' + _good_json()),
    "deep values left open, JSON": lambda: json_feed(_good_json() + ',{"id":"1","x":' + '{"a":' * 100_000)[:-2],
    "lone surrogate, JSON": lambda: json_feed('{"id":"1","title":"\\ud800 x"},' + _good_json()),
    "NUL, JSON": lambda: json_feed('{"id":"1","title":"a\x00b\nc"},' + _good_json()),
}  # fmt: skip
