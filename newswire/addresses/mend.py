"""Repairs of an address that was copied or printed badly, before a browser's parser sees it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from newswire.addresses.parts import Rule

_QUOTED: Final = re.compile(r"""^[\s<"'“”«»]+|[\s<>"“”«»]+$""")
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Characters without width; not the two joiners, which Persian and Indic words need."""
_READER_SCHEME: Final = re.compile(r"^(?:feed:(?://)?(?=https?:)|view-source:)", re.IGNORECASE)
_FEED_SCHEME: Final = re.compile(r"^feed://", re.IGNORECASE)
_DOUBLED_SCHEME: Final = re.compile(r"^(?:https?(?::+/*|//+))+(?=https?(?::|//))", re.IGNORECASE)
_BROKEN_SCHEME: Final = re.compile(r"^(https?)(?::[:/]*|//[:/]*)(?=[^/:])", re.IGNORECASE)
_MISTYPED_SCHEME: Final = re.compile(r"^(?:ttp|htp|htpp|htttp|httpp|hhttp)(?=s?:/)", re.IGNORECASE)
_SPACED_SCHEME: Final = re.compile(r"^(https?)\s*:\s*//?\s*(?=\S)", re.IGNORECASE)
_NO_SCHEME: Final = re.compile(r"^(?::/{1,2}|//)(?=[^/\s])")
_BARE_HOST: Final = re.compile(
    r"^(?:[^\s/?#:@\\.]+\.)+(?!(?:html?|xhtml|php|aspx?|jsp|txt|xml|json|pdf|jpe?g|png|gif)\b)[a-z]{2,24}\.?(?::\d+)?[/?]",
    re.IGNORECASE,
)
_WWW: Final = re.compile(r"^www\.[^\s/?#:@\\]+\.[a-z]{2,24}", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)
_ENTITY_FIRST: Final = re.compile(r"\?(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)


def mend(text: str, *, relative: bool) -> str:
    """Return an address as it was meant. `relative`: it may be relative to a page, so that nothing is added before it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _QUOTED.sub("", text)
    if text[:5].lower() in ("feed:", "view-"):
        text = _FEED_SCHEME.sub("http://", _READER_SCHEME.sub("", text))
    if not text[:8].lower().startswith(("http://", "https://")):
        text = _MISTYPED_SCHEME.sub("http", text)
    if any(map(str.isspace, text[4:10])):
        text = _SPACED_SCHEME.sub(r"\1://", text)
    if text[:4].lower() == "http":
        text = _DOUBLED_SCHEME.sub("", text.replace("\\", "/", 3) if "\\" in text[:9] else text)
        if not text[:8].lower().startswith(("http://", "https://")):
            text = _BROKEN_SCHEME.sub(r"\1://", text)
    elif not relative:
        if text[:1] in ("/", ":"):
            text = _NO_SCHEME.sub("https://", text, count=1)
        elif _BARE_HOST.match(text) or _WWW.match(text):
            text = f"https://{text}"
    if ";" in text:
        text = _ENTITY_FIRST.sub("?", _ENTITY.sub("&", text))
    return text


RULES: Final = (
    Rule(
        name="scheme-mended",
        step="text",
        what="A scheme that is written twice, with a wrong number of slashes or colons, or not at all is taken as meant; a host needs a "
        "dot.",
        why="Feeds and pages print such addresses, and every reader knows what was meant. A word with an end like `.html` is no host.",
        same=(
            ("http://http://a.example/news/1", "https://a.example/news/1"),
            ("http:/a.example/news/1", "https://a.example/news/1"),
            ("http//a.example/news/1", "https://a.example/news/1"),
            ("http:://a.example/news/1", "https://a.example/news/1"),
            ("//a.example/news/1", "https://a.example/news/1"),
            ("://a.example/news/1", "https://a.example/news/1"),
            ("ttps://a.example/news/1", "https://a.example/news/1"),
            ("https: // a.example/news/1", "https://a.example/news/1"),
            ("https:\\\\a.example\\news\\1", "https://a.example/news/1"),
            ("www.a.example/news/1", "https://a.example/news/1"),
            ("feed:https://a.example/news/1", "https://a.example/news/1"),
        ),
    ),
    Rule(
        name="copied-badly",
        step="text",
        what="Space, quotes and angle brackets around an address and characters without width are dropped, `&amp;` is `&`; all is NFC.",
        why="They come from the text that the address stood in: none of them can stand at an end of an address, or before a parameter's "
        "name.",
        same=(
            (' <https://a.example/news/1> \n', "https://a.example/news/1"),
            ('https://a.example/news/1"', "https://a.example/news/1"),
            ("https://a.example/news/\u200b1\ufeff", "https://a.example/news/1"),
            ("https://a.example/news?id=2&amp;utm_source=x", "https://a.example/news?id=2"),
            ("https://a.example/news?a=1&#038;b=2", "https://a.example/news?a=1&b=2"),
        ),
    ),
)  # fmt: skip
