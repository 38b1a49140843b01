"""A page's bytes to a tree, in bounded time and memory."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, cast

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from consumers.normalize.elements import elements
from newswire.errors import Reject

MAX_ELEMENTS: Final = 60_000
MAX_ATTRIBUTES: Final = 64
MAX_ATTRIBUTES_IN_ALL: Final = 300_000
_LONG_TAG: Final = 2 * MAX_ATTRIBUTES
_ATTRIBUTE: Final = (
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
)
_ONE_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
_TOKEN: Final = re.compile(
    rf"<(?:!--.*?(?:-->|\Z)|(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:{_ATTRIBUTE})*+)[\s/]*+(?:>|\Z))",
    re.DOTALL,
)
_RAW_NAMES: Final = ("script", "style", "textarea", "title", "xmp", "iframe", "noframes")
_RAW_TEXT: Final = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _RAW_NAMES}
_REST_OF_TAG: Final = rf"(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+[\s/]*+(?:>|\Z)"
_RAW_ELEMENTS: Final = "|".join(
    rf"(?i:{name})(?=[\s/>]|\Z){_REST_OF_TAG}[^<]*+(?:<(?!/(?i:{name})[\s/>])[^<]*+)*+" for name in _RAW_NAMES
)
_FEW_ATTRIBUTES: Final = re.compile(
    r"(?:[^<]++|<(?:/[a-zA-Z0-9]*+>|!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    rf"|(?:(?![sStTxXiInN])|(?!(?i:{'|'.join(_RAW_NAMES)})(?:[\s/>]|\Z)))[a-zA-Z][^\s/>]*+{_REST_OF_TAG}"
    rf"|(?=[sStTxXiInN])(?:{_RAW_ELEMENTS})"
    r"|(?![a-zA-Z]|!--)))*+"
)
"""The beginning of a page up to the first tag with too many attributes: most pages are none but that. As `_TOKEN`, at one go."""
_NEVER_TEXT: Final = (
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "noscript", "form", "button", "select", "dialog"
)  # fmt: skip
_NEVER_AROUND_TEXT: Final = ("svg", "math", "object", "canvas", "button", "select", "option")
_TEXTS: Final = etree.XPath("count(.//p | .//h1 | .//h2)")
_FORMATS: Final = re.compile(
    r"<(?=/?[bcefinstu])(/?)(font|b|i|u|em|strong|big|small|center|tt|nobr)(?=[\s/>])", re.IGNORECASE
)
_MOST_UNCLOSED: Final = 50
_MAY_BE_HIDDEN: Final = etree.XPath("descendant-or-self::*/@hidden/.. | descendant-or-self::*/@style/..")
"""Faster than a condition that every element is asked for."""
_LENGTH: Final = etree.XPath("string-length(normalize-space())")
_MOST_HEADINGS: Final = 3
_MOST_AROUND: Final = 5
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ONE_CLASS: Final = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml's own choice of a class by tag is made in Python, each time that an element is come upon."""
_NONCHARACTERS: Final = ("\ufffe", "\uffff")
_CONTROLS: Final = bytes((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))
_PLAIN_SPACES: Final = bytes.maketrans(b"\f", b" ")
"""A form feed is white space of a page, which lxml reads but does not let move."""
_BAD_REFERENCE: Final = re.compile(
    r"&#(?:0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]|127|6553[45]);?(?!\d)"
    r"|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]);?(?![0-9a-fA-F]))"
)


def parse_page(text: str) -> HtmlElement:
    """Return the tree of a page. `Reject` (`empty-body`, `not-an-article`) when there is none, or one beyond all measure.

    Removed before: control characters, lone surrogates, and references to them. A tag with more than `MAX_ATTRIBUTES` attributes loses
    all of them: the parser takes time in the square of their number (200 s for 100,000). What is nested deeper than 256 is cut off by
    the parser; so that elements which only format do not fill those levels, those of a kind of which more than 50 are never closed are
    taken off. A control or a graphic around most of the page's paragraphs was never closed either: it is taken off, what is in it stays.
    """
    plain, readable = _without_controls(text)
    source, bad = _BAD_REFERENCE.subn("", readable)
    if bad:  # what stood around one may be one: `&#&#0;12;`
        source = _BAD_REFERENCE.sub(" ", source)
    source = source.lstrip("\ufeff")
    if not source or source.isspace():
        raise Reject("empty-body", "the page is empty: capture it again", "/body")
    parser = HTMLParser(
        encoding="utf-8",
        huge_tree=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    source = _bounded(_closed(source))
    try:
        tree = document_fromstring(plain if source == readable else source.encode(), parser=parser)
    except etree.ParserError as error:
        raise Reject(
            "not-an-article", f"the page cannot be parsed ({error}): capture it again", "/body"
        ) from error
    # the parser makes at most three of one bracket, and no attribute takes less than two characters: most pages need no counting
    count = _count(tree, "//*") if 3 * source.count("<") + 10 > MAX_ELEMENTS else 0
    if count > MAX_ELEMENTS:
        raise Reject(
            "not-an-article", f"{count} elements, where {MAX_ELEMENTS} are the most: not one article", "/body"
        )
    attributes = _count(tree, "//@*") if len(source) > 2 * MAX_ATTRIBUTES_IN_ALL else 0
    if attributes > MAX_ATTRIBUTES_IN_ALL:
        raise Reject(
            "not-an-article",
            f"{attributes} attributes, where {MAX_ATTRIBUTES_IN_ALL} are the most: not one article",
            "/body",
        )
    _open_unclosed(tree)
    return tree


def _without_controls(text: str) -> tuple[bytes, str]:
    """Return a text that the parser takes, as bytes and as a string."""
    for noncharacter in _NONCHARACTERS:
        if noncharacter in text:
            text = text.replace(noncharacter, "")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "ignore").decode()  # without lone surrogates
        data = text.encode()
    plain = data.translate(_PLAIN_SPACES, _CONTROLS)
    return plain, text if plain == data else plain.decode()


def show_page(tree: HtmlElement) -> None:
    """Show, in place, what hides the page itself: the body until a script has run, or an element that the whole page stands in."""
    for element in (tree, *tree.iterchildren("body"), *_around_page(tree)):
        if _is_hidden(element):
            for name in ("hidden", "style"):
                element.attrib.pop(name, None)


def without_hidden(tree: HtmlElement) -> None:
    """Remove from the tree, in place, what is never read as text: scripts, graphics, controls, and what attribute or style hides.

    A form that the whole page stands in is no control (ASP.NET has such pages): it is opened, not dropped. Call `show_page` before.
    """
    for form in [each for each in _around_page(tree) if each.tag == "form"]:
        form.drop_tag()
    for element in list(tree.iter(*_NEVER_TEXT)):
        _drop(element)
    for element in [each for each in elements(_MAY_BE_HIDDEN, tree, MAX_ELEMENTS) if _is_hidden(each)]:
        _drop(element)


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def _around_page(tree: HtmlElement) -> list[HtmlElement]:
    """Return the forms and hidden elements that the page stands in: a top heading is in them, and half of the body's letters."""
    body = tree.find("body")
    if body is None:
        return []
    found: dict[HtmlElement, None] = {}
    for heading in islice(tree.iter("h1"), _MOST_HEADINGS):
        around = (each for each in heading.iterancestors() if each.tag == "form" or _is_hidden(each))
        found |= dict.fromkeys(islice(around, _MOST_AROUND))
    most = _letters(body) if found else 0
    return [element for element in found if 2 * _letters(element) >= most]


def _letters(element: HtmlElement) -> int:
    found = _LENGTH(element)
    assert isinstance(found, float)
    return int(found)


def _closed(source: str) -> str:
    unclosed: dict[str, int] = {}
    for tag in _FORMATS.finditer(source):
        name = tag[2].lower()
        unclosed[name] = unclosed.get(name, 0) + (-1 if tag[1] else 1)
    names = [name for name, count in unclosed.items() if count > _MOST_UNCLOSED]
    return (
        re.sub(rf"</?(?:{'|'.join(names)})(?:[\s/][^<>]*)?>", "", source, flags=re.IGNORECASE)
        if names
        else source
    )


def _open_unclosed(tree: HtmlElement) -> None:
    whole: float | None = None
    left = _MOST_UNCLOSED
    for element in list(tree.iter(*_NEVER_AROUND_TEXT)):
        if next(element.iter("p", "h1", "h2"), None) is None:
            continue
        left -= 1
        if left < 0:
            return
        whole = cast("float", _TEXTS(tree)) if whole is None else whole
        if 2 * cast("float", _TEXTS(element)) > whole and element.getparent() is not None:
            element.drop_tag()


def _count(tree: HtmlElement, path: str) -> int:
    found = tree.xpath(f"count({path})")
    assert isinstance(found, float)
    return int(found)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _bounded(source: str) -> str:
    """Follow the page as an HTML tokenizer does, so that quotes and raw text hide nothing, and strip tags with too many attributes."""
    few = _FEW_ATTRIBUTES.match(source)
    if few is not None and few.end() == len(source):
        return source
    parts: list[str] = []
    copied = at = 0
    while token := _TOKEN.search(source, at):
        at = token.end()
        name = token["name"]
        if name is None:
            continue
        attributes = token["attributes"]
        if (
            len(attributes) > _LONG_TAG
            and sum(1 for _ in _ONE_ATTRIBUTE.finditer(attributes)) > MAX_ATTRIBUTES
        ):
            parts += (source[copied : token.start()], f"<{name}>")
            copied = at
        raw = _RAW_TEXT.get(name.lower())
        if raw:
            end = raw.search(source, at)
            at = end.start() if end else len(source)
    return "".join((*parts, source[copied:])) if parts else source
