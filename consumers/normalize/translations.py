"""Which versions in other languages an article names, out of all that it links to: with the ids that those have here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from consumers.hosts import parent_of_both
from consumers.normalize.choose import printable
from consumers.normalize.declared_language import primary, read_language
from consumers.normalize.extraction import Version
from consumers.normalize.language_choice import UNKNOWN
from consumers.normalize.page_address import same_site
from consumers.normalize.translation_credits import translation_credit
from newswire.addresses.looks import looks_like
from newswire.text.canonicalize import MAX_URL_CHARACTERS, canonical_or_none, canonicalize
from schemas.core.provenance import Provenance, Refused
from schemas.core.translation import Translation
from schemas.ids import article_id

MOST: Final = 40
_MOST_REFUSED: Final = 5
_CONFIDENCE: Final = {"jsonld": 0.95, "wire": 0.95}
_LINKED: Final = 0.9
_OTHER_SITE: Final = 0.6
_REGISTRIES: Final = frozenset(
    ["ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "ne", "net", "nom", "or", "org"]
)
"""What stands before a country's ending and is nobody's site: `co.uk`."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of the article that names others."""

    language: str
    """Its language (BCP 47)."""
    url: str | None
    """Its canonical address."""
    others: Sequence[str]
    """Other addresses that it gives, as written."""
    source: str
    """Name of its source: items of its wire are known by that and their ids."""
    guid: str | None
    """The source's own id of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an article says of other languages."""

    translations: tuple[Translation, ...] | None
    """Versions of it."""
    translated_from: str | None
    """From which language it says that it was translated."""
    provenance: dict[str, Provenance]
    """Where each of the two comes from."""


def translations(versions: Sequence[Version], lines: Iterable[str], own: Own) -> Told:
    """Return the versions in other languages, each once and at most 40, and the language that the article was translated from.

    `lines` are those in which a credit for the translation may stand.
    None are: the article itself under any of its addresses; its own language in another region; `x-default`; front pages, and sections
    where the article's own address is not one's; what is linked to as several languages at once, so that it is in none of them for sure.
    """
    weighed = _Weighed(own)
    weighed.add(versions)
    found = weighed.taken()
    why: dict[str, Provenance] = {}
    source = _source(versions, lines, own)
    if source is not None:
        language, provenance = source
        why["translated_from"] = provenance
        found = _with_original(found, language)
    refused = tuple(weighed.refused)
    if found:
        origin = next(each.origin for each in versions if each.found_in == found[0].found_in)
        raw = "; ".join(f"{each.language or '?'} {each.url or each.guid}" for each in found)
        why["translations"] = Provenance(
            origin=origin, raw=printable(raw), confidence=found[0].confidence, refused=refused
        )
    elif refused:
        why["translations"] = Provenance(origin=refused[0].origin, confidence=0, refused=refused)
    return Told(tuple(found) or None, source[0] if source else None, why)


class _Weighed:
    """Versions, by the ids of the articles."""

    def __init__(self, own: Own) -> None:
        self.own = own
        self.refused: list[Refused] = []
        self._urls: set[str | None] = {own.url}
        self._found: dict[str, Translation] = {}
        self._several: set[str] = set()

    def add(self, versions: Sequence[Version]) -> None:
        """Take versions, or note why not."""
        if versions:
            self._urls.update(map(canonical_or_none, self.own.others))
        for version in versions:
            self._add(version)

    def _add(self, version: Version) -> None:
        own = self.own
        language = read_language(version.language) if version.language else None
        if language is None and (version.role == "unknown" or version.language):
            return  # `x-default`, or no language: it says nothing of a translation
        if language is not None and primary(language) == primary(own.language):
            return
        if version.guid is not None:
            guid = version.guid.strip()
            if guid and guid != own.guid and len(guid) <= MAX_URL_CHARACTERS:
                self._keep(article_id(source=own.source, guid=guid), language, None, guid, version)
            return
        if version.address is None:
            return
        try:
            url = canonicalize(version.address, version.base)
        except ValueError as error:
            self._refuse(version, str(error))
            return
        if url in self._urls:
            return
        why = self._no_article(url)
        if why is not None:
            self._refuse(version, why)
            return
        self._keep(article_id(url=url), language, url, None, version)

    def taken(self) -> list[Translation]:
        """Return what is left."""
        return [each for id_, each in self._found.items() if id_ not in self._several][:MOST]

    def _keep(
        self, id_: str, language: str | None, url: str | None, guid: str | None, version: Version
    ) -> None:
        before = self._found.get(id_)
        if before is None:
            self._found[id_] = Translation(
                article_id=id_,
                language=language,
                url=url,
                guid=guid,
                role=version.role,
                found_in=version.found_in,
                confidence=self._confidence(url, version),
            )
        elif before.language is None and language:
            self._found[id_] = before.model_copy(update={"language": language})
        elif before.language and language and primary(before.language) != primary(language):
            if id_ not in self._several:
                self._refuse(version, "one address for several languages")
            self._several.add(id_)

    def _no_article(self, url: str) -> str | None:
        """Return why an address cannot be a version of the article, or None."""
        looks = looks_like(url)
        if looks == "home" or (looks == "unknown" and urlsplit(url).path == "/"):
            return "the home page"
        own = self.own.url
        return (
            "a section of the site" if looks == "section" and own and looks_like(own) == "article" else None
        )

    def _confidence(self, url: str | None, version: Version) -> float:
        own = self.own.url
        if url is not None and not (own and _one_site(url, own)):
            return _OTHER_SITE
        return _CONFIDENCE.get(version.found_in, _LINKED)

    def _refuse(self, version: Version, why: str) -> None:
        if len(self.refused) < _MOST_REFUSED:
            value = printable(version.address or version.guid or "")
            self.refused.append(Refused(value=value, origin=version.origin, why=why))


def _one_site(one: str, other: str) -> bool:
    """Return whether two addresses are of one site: `fr.paper.example` and `paper.example`, or two beside each other."""
    if same_site(one, other):
        return True
    parent = parent_of_both(urlsplit(one).netloc, urlsplit(other).netloc)
    return parent is not None and parent.partition(".")[0] not in _REGISTRIES


def _source(versions: Sequence[Version], lines: Iterable[str], own: Own) -> tuple[str, Provenance] | None:
    """Return the language that an article was translated from, and what says so; `und` where it is only said that it was."""
    for version in versions:
        language = read_language(version.language or "")
        if version.role == "original" and language and primary(language) != primary(own.language):
            confidence = _CONFIDENCE.get(version.found_in, _LINKED)
            return language, Provenance(
                origin=version.origin, raw=printable(version.language or ""), confidence=confidence
            )
    credit = translation_credit(lines, primary(own.language))
    if credit is None or credit.language == primary(own.language):
        return None
    raw = printable(credit.raw)
    return credit.language or UNKNOWN, Provenance(
        origin="text", raw=raw, confidence=0.9 if credit.language else 0.7
    )


def _with_original(found: list[Translation], language: str) -> list[Translation]:
    """Return the versions, with that as the original which is the only one in the language that the article was translated from."""
    same = [each for each in found if each.language and primary(each.language) == primary(language)]
    if len(same) != 1 or same[0].role != "unknown":
        return found
    return [each.model_copy(update={"role": "original"}) if each is same[0] else each for each in found]
