"""What a publisher reserves, as seen at capture: robots meta and X-Robots-Tag, TDMRep (W3C, May 2024), ai.txt.

TDMRep speaks through a file, a header and a meta element, of which the most specific counts. The others can only reserve: one `noai`
is enough. Nothing is enforced here: the signals travel with the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, Literal

from protego import Protego
from pydantic_core import from_json

_HEAD_BYTES: Final = 256 * 1024  # of a page: a meta element further down is not looked for
_MOST_RULES: Final = 1000
_VALUED: Final = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_RESERVING: Final = frozenset({"noai", "disallowaitraining"})


@dataclass(frozen=True, slots=True)
class Reservation:
    """One TDMRep statement."""

    reserved: bool
    """`tdm-reservation` is 1."""
    policy: str | None = None
    """`tdm-policy`: where terms can be read."""


@dataclass(frozen=True, slots=True)
class SeenRights:
    """What was seen with one address."""

    text_and_data_mining: Literal["allowed", "reserved"] | None = None
    """As in the contract's `Rights`; None where nobody said anything."""
    policy: str | None = None
    """Address of the publisher's terms for text and data mining, as given."""
    directives: tuple[str, ...] = ()
    """Robots directives of page and headers that speak to us, lower case: `noindex`, `noarchive`, `noai` …"""
    signals: tuple[str, ...] = ()
    """Where an opt-out or permission was seen: `tdmrep.json`, `tdm-reservation header`, `x-robots-tag: noai` …"""


def combine(
    *,
    file: Reservation | None,
    header: Reservation | None,
    meta: Reservation | None,
    tags: Iterable[str],
    metas: Iterable[str],
    ai_txt_allows: bool | None,
) -> SeenRights:
    """Return what all of it says together."""
    signals = [
        f"{name} {'reserves' if statement.reserved else 'allows'}"
        for name, statement in (
            ("tdmrep.json", file),
            ("tdm-reservation header", header),
            ("tdm-reservation meta", meta),
        )
        if statement is not None
    ]
    tags, metas = tuple(dict.fromkeys(tags)), tuple(dict.fromkeys(metas))
    opt_outs = [f"x-robots-tag: {tag}" for tag in tags if tag in _RESERVING]
    opt_outs += [f"meta robots: {tag}" for tag in metas if tag in _RESERVING]
    if ai_txt_allows is False:
        opt_outs.append("ai.txt disallows")
    said = meta or header or file
    mining: Literal["allowed", "reserved"] | None = None
    if opt_outs or (said is not None and said.reserved):
        mining = "reserved"
    elif said is not None:
        mining = "allowed"
    return SeenRights(
        mining,
        said.policy if said is not None else None,
        tuple(dict.fromkeys(tags + metas)),
        tuple(signals + opt_outs),
    )


def robots_tags(values: Sequence[str], agent: str) -> list[str]:
    """Return the directives of X-Robots-Tag headers that speak to everybody or to the agent.

    A value may begin with a product token and a colon; it then speaks to that one only, up to the end of the header.
    """
    found: list[str] = []
    for value in values:
        to = ""
        for part in value[:2000].lower().split(","):
            name, colon, rest = part.strip().partition(":")
            if colon and name.strip() not in _VALUED:
                to, directive = name.strip(), rest.strip()
            else:
                directive = part.strip()
            if directive and to in ("", "*", agent.lower()):
                found.append(directive)
    return found


def reservation(value: str | None, policy: str | None) -> Reservation | None:
    """Return the statement of a `tdm-reservation` of header or meta; None for other values than 0 and 1, which mean nothing."""
    value = (value or "").strip()
    if value not in ("0", "1"):
        return None
    return Reservation(value == "1", policy.strip() if policy and policy.strip() else None)


def page_statements(body: bytes, agent: str) -> tuple[list[str], Reservation | None]:
    """Return the robots directives and the TDMRep statement of an HTML page's head."""
    reader = _MetaReader(agent.lower())
    reader.feed(body[:_HEAD_BYTES].decode("utf-8", "replace"))
    return reader.directives, reservation(reader.tdm.get("tdm-reservation"), reader.tdm.get("tdm-policy"))


class _MetaReader(HTMLParser):
    def __init__(self, agent: str) -> None:
        super().__init__(convert_charrefs=True)
        self._agent = agent
        self._over = False
        self.directives: list[str] = []
        self.tdm: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._over = self._over or tag == "body"
        if tag != "meta" or self._over:
            return
        values = {name: value or "" for name, value in reversed(attrs)}
        name, content = values.get("name", "").strip().lower(), values.get("content", "")[:2000]
        if name in ("robots", self._agent):
            self.directives += [part.strip().lower() for part in content.split(",") if part.strip()]
        elif name in ("tdm-reservation", "tdm-policy"):
            self.tdm.setdefault(name, content)


def file_statement(document: bytes, path: str) -> Reservation | None:
    """Return what a /.well-known/tdmrep.json says of a path: that of the first rule whose `location` matches it.

    `*` stands for any characters and `$` at the end for the end, as in robots.txt. What is no such document says nothing.
    """
    try:
        rules = from_json(document, allow_inf_nan=False)
    except ValueError:
        return None
    if not isinstance(rules, list):
        return None
    for rule in rules[:_MOST_RULES]:
        if not isinstance(rule, dict) or not isinstance(rule.get("location"), str):
            continue
        if not _matches(rule["location"], path):
            continue
        reserved, policy = rule.get("tdm-reservation"), rule.get("tdm-policy")
        if reserved in (0, 1, "0", "1"):
            return Reservation(int(reserved) == 1, policy if isinstance(policy, str) else None)
    return None


def _matches(location: str, path: str) -> bool:
    """Whether a location stands for the path, in time linear in both, however many stars there are."""
    whole = location.endswith("$")
    parts = re.split(r"\*+", location.removesuffix("$"))
    if not path.startswith(parts[0]):
        return False
    if len(parts) == 1:
        return path == parts[0] if whole else True
    at = len(parts[0])
    for part in parts[1:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if whole:
        return len(path) - len(parts[-1]) >= at and path.endswith(parts[-1])
    return path.find(parts[-1], at) >= 0


def ai_txt_allows(text: str, url: str, agent: str) -> bool | None:
    """Return what an ai.txt (rules written as in robots.txt) says of an address; None where it has no rule for anybody."""
    rules = Protego.parse(text)
    if not re.search(r"^\s*(dis)?allow\s*:", text, re.IGNORECASE | re.MULTILINE):
        return None
    return rules.can_fetch(url, agent)
