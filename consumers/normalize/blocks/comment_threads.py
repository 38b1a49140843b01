"""Which elements hold what readers wrote, by their own class, id or role."""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

_NAME: Final = re.compile(
    r"(?:^|[\s_=-])(?:(?:user|reader|article|post|story)?-?_?comments|comment-?_?(?:s?-?_?list|section|thread|area|stream|feed)|disqus(?:-?_?thread)?"
    r"|kommentare|kommentarer|commentaires|comentarios|comentários|commenti|reacties|komentarze|komentáře|yorumlar)"
    r"(?:-?_?(?:list|section|area|thread|container|wrapper|wrap|box|block|content|body))?(?:$|\s)",
    re.IGNORECASE,
)
_STATE: Final = re.compile(
    r"(?:^|\s)(?:has|no|with|without|show|hide|open|allow|enable)-?_?comments(?:$|\s)", re.IGNORECASE
)
"""`no-comments`, as themes write on what holds the article."""
_IN_NAMES: Final = ("omm", "oment", "disqus", "reacties", "yorumlar")
"""One of them is in every name: most elements have none, which is told quickly."""
_ARTICLE: Final = frozenset(("html", "body", "main"))


def called_comments(key: tuple[str, str, str, str]) -> bool:
    """Return whether an element, by tag, class, id and other names, is called a thread of comments."""
    tag, css, name, other = key
    if tag in _ARTICLE or not (css or name or other):
        return False
    written = f"{css}\n{name}\n{other}".lower()
    if written.isascii() and not any(map(written.__contains__, _IN_NAMES)):
        return False
    return any(map(_NAME.search, (css, name, other))) and not _STATE.search(css)


def holds_article(element: HtmlElement) -> bool:
    """Return whether a top heading is in an element, or what is marked as the text of the article."""
    return any(each.tag == "h1" or "articleBody" in (each.get("itemprop") or "") for each in element.iter())
