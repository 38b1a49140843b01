"""Versions in other languages: what a page, a header and a line of a text say of them, and what they do not."""

from __future__ import annotations

import pytest
from cases import REF

from consumers.normalize import Normalize
from consumers.normalize.link_header import header_versions
from consumers.normalize.translation_credits import translation_credit
from newswire.event import Event
from newswire.state.memory import MemoryState
from newswire.text.canonicalize import canonicalize
from schemas.ids import article_id
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw

OWN = "https://www.harbour.example/en/2024/02/lock-gates-stay-shut"
TEXT = """<p>The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand.</p>
<p>“Nobody has asked us for the key,” said Ada Quill, who has kept the lock book for 14 years.</p>"""


def normalized(head: str, url: str = OWN, language: str = "en") -> Normalized:
    title = "Lock gates stay shut"
    page = f"<html lang={language}><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{TEXT}</body></html>"
    raw = Raw.model_validate(
        {
            "source": {"name": "desk", "kind": "files"},
            "captured_at": "2024-02-01T12:00:00Z",
            "media_type": "text/html",
            "body": page,
            "url": url,
        }
    )
    (emitted,) = Normalize().handle(
        Event("raw", "1", url, raw.to_data(), REF, 1_706_788_800_000), MemoryState()
    )
    assert isinstance(emitted.data, Normalized)
    return emitted.data


def link(language: str, address: str) -> str:
    return f'<link rel="alternate" hreflang="{language}" href="{address}">'


def test_the_id_is_that_of_the_other_page_under_its_own_address() -> None:
    other = "http://www.harbour.example/de/2024/02/schleusentore-bleiben-zu?utm_source=hreflang#top"
    (named,) = normalized(link("de", other)).translations or ()
    there = normalized(link("en", OWN), other, "de")
    assert (named.article_id, named.url) == (there.article_id, there.url)
    assert [each.article_id for each in there.translations or ()] == [article_id(url=canonicalize(OWN))]


def test_ten_thousand_links_are_bounded_and_quick() -> None:
    languages = ("de", "fr", "es", "it", "nl", "pl", "pt")
    head = "".join(
        link(languages[n % 7], f"https://other{n}.example/every-article-{n:05d}") for n in range(10_000)
    )
    article = normalized(head)
    assert len(article.translations or ()) == 40
    assert len(article.provenance["translations"].raw or "") <= 500


def test_one_address_for_many_languages_is_none_of_them() -> None:
    assert normalized("".join(link(each, "/int/article-99323") for each in ("de", "fr"))).translations is None
    (one,) = (
        normalized("".join(link(each, "/int/article-99323") for each in ("de-AT", "de-CH"))).translations
        or ()
    )
    assert one.language == "de-AT"


@pytest.mark.parametrize(
    "head",
    [
        link("x-default", "/de/2024/02/schleusentore-bleiben-zu"),
        link("de", OWN + "?fbclid=1"),
        link("de", "/"),
        link("de", "/de/"),
        link("de", "https://de.harbour.example/?x=1"),
        link("de", "/de/lokales"),
        link("de", "mailto:desk@harbour.example"),
        link("de", "https://harbour.example/" + "a" * 3_000),
        link("deutschland", "/de/2024/02/schleusentore-bleiben-zu"),
        '<link rel="stylesheet" hreflang="de" href="/de/2024/02/schleusentore-bleiben-zu">',
        '<meta property="og:locale:alternate" content="de_DE">',
    ],
)
def test_what_names_no_version(head: str) -> None:
    assert normalized(head).translations is None


def test_sections_count_where_the_article_looks_like_one_itself() -> None:
    (named,) = (
        normalized(link("de", "/de/schleusen"), "https://www.harbour.example/en/locks").translations or ()
    )
    assert named.url == "https://harbour.example/de/schleusen"


def test_other_sites_are_believed_less() -> None:
    found = normalized(
        link("de", "https://hafen.co.uk/2024/02/schleusentore-bleiben-zu")
        + link("fr", "https://fr.harbour.example/2024/02/les-portes-restent-fermees"),
        "https://harbour.co.uk/2024/02/lock-gates-stay-shut",
    )
    assert [each.confidence for each in found.translations or ()] == [0.6, 0.6]
    beside = normalized(
        link("fr", "https://fr.harbour.example/2024/02/les-portes-restent-fermees"),
        "https://en.harbour.example/2024/02/lock-gates-stay-shut",
    )
    assert [each.confidence for each in beside.translations or ()] == [0.9]


@pytest.mark.parametrize(
    ("value", "languages"),
    [
        ('<https://x.example/de/a>; rel="alternate"; hreflang="de"', ["de"]),
        ("</de/a>;rel=alternate;hreflang=de,</fr/a>; hreflang=fr; rel=alternate", ["de", "fr"]),
        ('<https://x.example/a,b;c>; title="x; rel=alternate, y"; rel=alternate; hreflang=sv', ["sv"]),
        ("<https://x.example/de/a>; rel=canonical; hreflang=de", []),
        ("https://x.example/de/a; rel=alternate; hreflang=de", []),
        ("<" * 100_000, []),
        ("<a>;" * 50_000, []),
        ('<a>; rel="' * 20_000, []),
        ("<a>" + "; x" * 50_000, []),
    ],
)
def test_link_headers(value: str, languages: list[str]) -> None:
    assert [each.language for each in header_versions(value, OWN)] == languages


@pytest.mark.parametrize(
    ("language", "line", "source"),
    [
        ("en", "Translated from the German by Ada Quill", "de"),
        ("en", "Reporting by Ada Quill; Translated by Jo Ek; Editing by Mo Li", None),
        ("en", "This article was originally published in Spanish.", "es"),
        ("en", "(Translated from the original Portuguese)", "pt"),
        ("de", "Aus dem Englischen von Ada Quill", "en"),
        ("de", "Übersetzung und Bearbeitung: NPA Deutschland", None),
        ("en", "Translated and edited from French by Ada Quill", "fr"),
        ("de", "Dieser Text wurde maschinell aus dem Französischen übersetzt.", "fr"),
        ("fr", "Traduit de l’anglais par Ada Quill", "en"),
        ("fr", "Traduction : Ada Quill", None),
        ("es", "Traducido por Ada Quill", None),
        ("es", "Traducción del alemán de Ada Quill", "de"),
        ("pt", "Traduzido do inglês por Ada Quill", "en"),
        ("it", "Traduzione dall'inglese di Ada Quill", "en"),
        ("nl", "Vertaald uit het Engels door Ada Quill", "en"),
        ("ru", "Перевод с английского Ады Квилл", "en"),
        ("uk", "Переклад з англійської: Ада Квілл", "en"),
        ("pl", "Tłumaczenie z języka angielskiego: Ada Quill", "en"),
        ("tr", "İngilizceden çeviren: Ada Quill", "en"),
        ("zh", "译自英文", "en"),
        ("ja", "英語から翻訳", "en"),
        ("ar", "ترجمة عن الإنجليزية", "en"),
    ],
)
def test_credits_for_a_translation(language: str, line: str, source: str | None) -> None:
    credit = translation_credit(["The gates stay shut.", line], language)
    assert credit is not None
    assert (credit.language, credit.raw) == (source, line)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Translation by machines is getting better, he said."),
        ("en", "The book was translated from the German by Ada Quill."),
        ("en", "Translated into English, the sign says: closed."),
        ("de", "Aus dem Norden von Hamburg kommt die Band."),
        ("de", "Aus dem Haus von Ada Quill"),
        ("fr", "Traduit devant le tribunal"),
        ("xx", "Translated from the German by Ada Quill"),
        ("en", "Translated from the German by " + "Ada " * 10_000),
    ],
)
def test_sentences_about_translations_are_no_credits(language: str, line: str) -> None:
    assert translation_credit([line], language) is None
