"""LiveBlogPosting as microdata, in the form that it has as JSON-LD."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement

from consumers.normalize.jsonld_graph import LIVE_TYPE

_MOST: Final = 5_001  # one more than there may be, so that it is told
_PROPERTIES: Final = ("headline", "datePublished", "dateModified", "articleBody", "author", "url")


def live_microdata(tree: HtmlElement) -> dict[str, Any] | None:
    """Return the live blog that a page marks up as microdata, as a node of JSON-LD would say it; None where there is none.

    The body of an update is its markup. Its id is the property `url`, else the element's own `id`.
    """
    for blog in tree.iterfind(".//*[@itemtype]"):
        if (blog.get("itemtype") or "").rpartition("/")[2] == LIVE_TYPE:
            updates = list(
                islice(
                    (each for each in blog.iterfind(".//*[@itemprop]") if _is(each, "liveBlogUpdate")), _MOST
                )
            )
            return (
                {"@type": LIVE_TYPE, "liveBlogUpdate": [_update(each) for each in updates]}
                if updates
                else None
            )
    return None


def _update(element: HtmlElement) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in element.iterfind(".//*[@itemprop]"):
        for name in (each.get("itemprop") or "").split():
            if name in _PROPERTIES and name not in found:
                found[name] = _body(each) if name == "articleBody" else _value(each)
    if id_ := element.get("id"):
        found.setdefault("url", f"#{id_}")
    return found


def _is(element: HtmlElement, name: str) -> bool:
    return name in (element.get("itemprop") or "").split()


def _value(element: HtmlElement) -> str:
    said = element.get("content") or element.get("datetime") or element.get("href")
    return str(said) if said else " ".join(element.text_content().split())


def _body(element: HtmlElement) -> str:
    return element.get("content") or etree.tostring(
        element, encoding="unicode", method="html", with_tail=False
    )
