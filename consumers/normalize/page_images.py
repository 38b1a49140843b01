"""The pictures of a page's article, with captions and credits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import strings
from consumers.normalize.short_text import short_text
from newswire.text.hygiene import line, title
from schemas.core.provenance import Origin
from schemas.normalized.model import Image

_MOST: Final = 20
_MOST_FIGURES: Final = 60
_LONGEST_CAPTION: Final = 1_000
_LONGEST_ADDRESS: Final = 2_048
_CREDIT_MARK: Final = re.compile(
    r"credit|copyright|source|quelle|byline|author|agency|rights|owner", re.IGNORECASE
)
_CREDIT: Final = re.compile(
    r"(?:^|(?<=[\s.])|\()((?:(?:(?:image|photo|picture|bild|foto)(?: ?credits?)?|credits?|fotos?|photograph|photographie|crédit(?: photo)?"
    r"|quelle|source|bildquelle|imagen|immagine)\s*(?::|by\b|/)|©|\(c\))\s*[^()]{2,120}?)\)?\s*$",
    re.IGNORECASE,
)
_AGENCY_CREDIT: Final = re.compile(
    r"[\s(]+([^().]{2,60}/(?:AP|AFP|Reuters|REUTERS|Getty Images|Getty|dpa|EPA|Shutterstock|PA|ANP|NTB|TT|EFE|ANSA|Xinhua)"
    r"|(?:AP|AFP|Reuters|PA) Photo[^().]{0,60})\)?\s*$"
)
_ELSEWHERE: Final = re.compile(
    r"related|recommend|teaser|promo|widget|sidebar|footer|card\b|-card|author|avatar|comment|newsletter|most-|trending|\bnav|logo|advert",
    re.IGNORECASE,
)
_NO_PICTURE: Final = re.compile(
    r"^data:|(?:blank|spacer|pixel|placeholder|1x1|transparent)\b.{0,20}\.(?:gif|png|svg)|\.svg(?:$|\?)",
    re.IGNORECASE,
)
_OF_THE_SITE: Final = re.compile(
    r"//[\w.-]*gravatar\.com/"
    r"|^(?>[^?]*?/(?:img|images?|logos?|icons?|static|assets|templates?|themes?|resources|public|global|common)/)(?:[^?]*/)?+"
    r"(?:[^/?]*[_.-])?(?:logo|icon|nameplate|favicon)s?(?:[_.-][^/?]*)?\.(?:png|jpe?g|gif|webp|ico)(?:$|\?)",
    re.IGNORECASE,
)
"""A logo among a site's own files; a picture with such a name among its uploads may be what an article is about.

Only the first such folder of an address is tried: what follows is the same for all.
"""
_TELLING_NAME: Final = 16
"""Characters of a file name that no two pictures of an article share."""
_SMALLEST: Final = 100
"""Pixels: what is less wide is an icon or a portrait of an author."""
_PIXELS: Final = re.compile(r"^\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$")


_OPENGRAPH: Final[Origin] = "opengraph"
_HTML: Final[Origin] = "html"


def add_images(
    found: Extraction,
    tree: HtmlElement,
    nodes: Iterable[tuple[Mapping[str, Any], Origin]],
    named: dict[str, list[str]],
    url: str | None,
) -> None:
    """Set the pictures: those of JSON-LD and microdata or else OpenGraph, then the figures of the article; each once, at most 20.

    A picture that is found twice takes caption, credit and size from where it has them. What has the same long file name is one picture,
    and what JSON-LD lists without a caption after the first are crops of it. Relative addresses are taken from `url`. The site's logo, by
    what JSON-LD calls the publisher's or where it lies, is none.
    """
    nodes = list(nodes)
    logos = {_same(each) for node, _ in nodes for each in strings(node.get("publisher"), "logo", "url")}

    def is_logo(image: Image) -> bool:
        return image.caption is None and bool(_OF_THE_SITE.search(image.url) or _same(image.url) in logos)

    linked = [(image, origin) for node, origin in nodes for image in _linked(node, url) if not is_logo(image)]
    linked = [*linked[:1], *(each for each in linked[1:] if each[0].caption)]
    shared = [(image, _OPENGRAPH) for image in _shared(named, url) if not is_logo(image)]
    shown = [(image, _HTML) for image in _figures(tree, url)]
    images: dict[str, tuple[Image, Origin]] = {}
    for image, origin in (*(linked or shared)[:_MOST], *shown):
        key = _same(image.url)
        if key in images:
            known, by = images[key]
            both = {**image.model_dump(exclude_none=True), **known.model_dump(exclude_none=True)}
            images[key] = Image.model_validate(both), by
        elif len(images) < _MOST:
            images[key] = image, origin
    found.images = tuple(images.values())


def _linked(node: Mapping[str, Any], url: str | None) -> Iterator[Image]:
    value = node.get("image")
    for each in (value if isinstance(value, list) else [value])[:_MOST]:
        if isinstance(each, str):
            if image := _image(each, url):
                yield image
        elif isinstance(each, dict):
            address = next(iter(strings(each.get("url") or each.get("contentUrl"), "@id", "url")), None)
            credit = next(
                (
                    text
                    for key in ("creditText", "creator", "author", "copyrightHolder", "copyrightNotice")
                    for text in strings(each.get(key), "name")
                ),
                None,
            )
            caption = next(iter(strings(each.get("caption") or each.get("description"))), None)
            if address and (
                image := _image(
                    address, url, words=(caption, credit), size=(each.get("width"), each.get("height"))
                )
            ):
                yield image


def _shared(named: dict[str, list[str]], url: str | None) -> Iterator[Image]:
    addresses = named.get("og:image") or named.get("og:image:url") or named.get("twitter:image") or []
    sizes = [next(iter(named.get(f"og:image:{side}", ())), None) for side in ("width", "height")]
    for number, address in enumerate(addresses[:_MOST]):
        image = _image(address, url, size=(sizes[0], sizes[1]) if number == 0 else (None, None))
        if image:
            yield image


def _figures(tree: HtmlElement, url: str | None) -> Iterator[Image]:
    """Yield the pictures of figures inside the first element that is marked as article, or else as main part."""
    for root in islice(chain(tree.iter("article"), tree.iter("main")), 1):
        for figure in list(root.iter("figure"))[:_MOST_FIGURES]:
            if _is_elsewhere(figure, root):
                continue
            picture = next(figure.iter("img"), None)
            image = _of_figure(figure, picture, url) if picture is not None else None
            if image and (image.width or _SMALLEST) >= _SMALLEST:
                yield image


def _of_figure(figure: HtmlElement, picture: HtmlElement, url: str | None) -> Image | None:
    address = next(
        (
            given
            for key in ("src", "data-src", "data-lazy-src", "data-original")
            if (given := picture.get(key)) and not _NO_PICTURE.search(given)
        ),
        None,
    ) or _first_of_set(picture.get("srcset") or picture.get("data-srcset") or "")
    words = next((_caption(element) for element in figure.iter("figcaption")), (None, None))
    size = picture.get("width"), picture.get("height")
    return _image(address, url, words=words, size=size) if address else None


def _caption(element: HtmlElement) -> tuple[str | None, str | None]:
    """Return the words under a picture, and of them what names who made it: an element marked so, or the end of the text."""
    whole = line(short_text(element, _LONGEST_CAPTION))
    for part in element.iterdescendants("span", "small", "cite", "p", "div", "em", "footer"):
        credit = line(short_text(part, _LONGEST_CAPTION))
        if credit and credit != whole and _CREDIT_MARK.search(part.get("class") or ""):
            return whole.replace(credit, "", 1).strip(" |·-–—") or None, credit
    if _CREDIT_MARK.search(element.get("class") or "") and "caption" not in (element.get("class") or ""):
        return None, whole or None
    end = _CREDIT.search(whole) or _AGENCY_CREDIT.search(whole)
    if end:
        return whole[: end.start()].strip(" |·-–—(") or None, end[1].strip(" )")
    return whole or None, None


def _image(
    address: str,
    base: str | None,
    *,
    words: tuple[str | None, str | None] = (None, None),
    size: tuple[Any, Any] = (None, None),
) -> Image | None:
    """Return the picture at an address; None for what is none. `words` are caption and credit."""
    caption, credit = words
    try:
        absolute = urljoin(base or "", address.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or "@" in parts.netloc
        or len(absolute) > _LONGEST_ADDRESS
    ):
        return None
    if _NO_PICTURE.search(absolute) or any(
        c.isspace() or c in '"<>\\' or "\ud800" <= c <= "\udfff" for c in absolute
    ):
        return None
    return Image(
        url=absolute,
        caption=title(caption) or None if caption else None,
        credit=title(credit) or None if credit else None,
        width=_pixels(size[0]),
        height=_pixels(size[1]),
    )


def _pixels(value: Any) -> int | None:
    digits = _PIXELS.match(str(value)) if isinstance(value, (str, int, float)) else None
    return int(digits[1]) or None if digits else None


def _first_of_set(candidates: str) -> str | None:
    first = candidates.split(",", 1)[0].split()
    return first[0] if first and not _NO_PICTURE.search(first[0]) else None


def _same(address: str) -> str:
    path = address.partition("?")[0].partition("://")[2]
    name = path.rpartition("/")[2]
    return name if len(name) >= _TELLING_NAME else path


def _is_elsewhere(figure: HtmlElement, root: HtmlElement) -> bool:
    for above in (figure, *figure.iterancestors()):
        if above is root:
            return False
        if above.tag in ("aside", "footer", "nav"):
            return True
        if _ELSEWHERE.search(above.get("class") or ""):
            return True
    return False
