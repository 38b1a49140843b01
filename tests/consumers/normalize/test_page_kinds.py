"""Pages that are no articles, in many languages; and articles about the same things, which are none of them."""

from __future__ import annotations

import pytest

from consumers.normalize.extract import extract
from consumers.normalize.offer_words import is_wall
from newswire.errors import Reject

URL = "https://tarnmail.example/news/2024/lock-gates-stuck"
TEXT = "".join(
    f"<p>The wardens of the lower lock said on day {day} that the gates would stay shut until the silt was cleared.</p>"
    for day in range(6)
)
LINKS = "".join(
    f'<li><a href="/{n}">Headline number {n} about the lower lock of the Tarn</a></li>' for n in range(45)
)


def reason(title: str, body: str = "", head: str = "", url: str = URL) -> str | None:
    page = f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{'Lorem ipsum ' * 20}</p>{body}</body></html>"
    try:
        extract(page, url)
    except Reject as reject:
        return reject.reason
    return None


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404", "Page not found", "Page not found - tarnmail.example", "Oops! That page can’t be found.",
        "This article is no longer available", "Seite nicht gefunden", "Der Artikel ist nicht mehr verfügbar", "Page introuvable",
        "Cette page n’existe plus", "Página no encontrada", "La noticia no existe", "Página não encontrada", "Pagina non trovata",
        "Pagina niet gevonden", "Sidan hittades inte", "Siden blev ikke fundet", "Sivua ei löydy", "Strona nie została znaleziona",
        "Stránka nenalezena", "Az oldal nem található", "Sayfa bulunamadı", "Halaman tidak ditemukan", "Страница не найдена",
        "Сторінку не знайдено", "ページが見つかりません", "페이지를 찾을 수 없습니다", "页面不存在", "الصفحة غير موجودة",
    ],
)  # fmt: skip
def test_what_says_that_there_is_nothing(title: str) -> None:
    assert reason(title) == "soft-404"
    # Templates call every page an article, also this one; they do not say when it was published.
    assert reason(title, head='<meta property="og:type" content="article">') == "soft-404"
    assert reason(title, head='<meta property="article:published_time" content="2024-02-01">') is None


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: a leaf of the lock book is missing", "404 Media opens an office on the Tarn, and nobody knows why it is there",
        "Article 404 removed from the constitution of Valdria", "Not found guilty: Ada Quill walks free",
        "Story not over for the lock keeper", "Seite an Seite: zwei Schleusen",
    ],
)  # fmt: skip
def test_what_only_begins_like_it_is_an_article(title: str) -> None:
    assert reason(title, TEXT) is None


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Just a moment...", "Verifying you are human. This may take a few seconds."),
        ("Attention Required! | Cloudflare", "Please complete the security check."),
        ("Access denied", "You have been blocked. Incident ID: 1"),
        ("Einen Moment, bitte", "Bitte bestätigen Sie, dass Sie kein Roboter sind."),
        ("Un instant…", "Confirmez que vous n’êtes pas un robot."),
        ("Un momento…", "Confirma que no eres un robot; no soy un robot."),
        ("Один момент", "Подтвердите, что вы не робот."),
        ("请稍候…", "请确认您不是机器人。"),
    ],
)
def test_what_asks_whether_a_human_reads(title: str, sentence: str) -> None:
    assert reason(title, f"<p>{sentence}</p>") == "bot-challenge"
    assert reason(title, TEXT * 4) is None  # a title alone is none


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Your privacy choices", "We and our 812 partners use cookies for personalised ads. Manage choices or accept all."),
        ("Datenschutz-Einstellungen", "Mit Ihrer Einwilligung nutzen wir und unsere Partner Cookies für personalisierte Werbung."),
        ("Avant de continuer", "Avec votre consentement, nos partenaires et nous utilisons des cookies à des fins de publicité."),
        ("Antes de continuar", "Nosotros y nuestros socios usamos cookies con su consentimiento para mostrar publicidad."),
        ("Prima di continuare", "Con il tuo consenso noi e i nostri partner usiamo i cookie per la pubblicità."),
        ("Privacy-instellingen", "Met uw toestemming gebruiken wij en onze partners cookies voor advertenties."),
        ("Innan du fortsätter", "Med ditt samtycke använder vi och våra partners cookies för annonser."),
    ],
)  # fmt: skip
def test_what_asks_for_consent(title: str, sentence: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{f'<p>{sentence}</p>' * 3}</body></html>"
    with pytest.raises(Reject) as rejected:
        extract(page, URL)
    assert rejected.value.reason == "consent-page"
    assert reason(title, TEXT * 2) is None


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("Search results for lock", "https://tarnmail.example/search?q=lock", "search-page"),
        ("Suchergebnisse für Schleuse", "https://tarnmail.example/suche?suche=x", "search-page"),
        ("Résultats de recherche", "https://tarnmail.example/recherche/?q=x", "search-page"),
        ("Search for missing boat goes on", "https://tarnmail.example/news/search-goes-on", None),
        ("The Tarn Mail", "https://tarnmail.example/", "section-page"),
        ("The Tarn Mail", "https://tarnmail.example/en/", "section-page"),
        ("Ten stories of the year", "https://tarnmail.example/news/ten-stories", None),
    ],
)
def test_lists_are_told_by_address_and_links(title: str, url: str, expected: str | None) -> None:
    assert reason(title, f"<ul>{LINKS}</ul>", url=url) == expected


def test_addresses_that_are_none_are_no_error() -> None:
    node = '<script type="application/ld+json">{"@type": "CollectionPage", "url": "http://[x"}</script>'
    assert reason("Lock gates stuck", TEXT, node, url="http://[") is None


@pytest.mark.parametrize(
    "title",
    [
        "410 migrants rescued off Valdria", "404 people stranded by the flood", "404: how an error page became art",
        "Story of the missing boat was deleted", "URL shortener of the Tarn no longer available", "Page and Plant not found guilty",
        "Sorry, the wardens have found a way", "La página de Quill no existe en X", "Story unavailable", "Este artículo 155 no existe",
        "Just a moment: the rise of the pause", "Please wait: queues at the lock hit a record", "Robot or human? The future of care",
        "Un momento histórico para la esclusa", "Einen Moment für die Ewigkeit", "Captcha is dead", "Access denied",
        "Age of consent law passes", "Your privacy", "Before you continue", "Cookie recipe wins a prize", "Willkommen bei der Schleuse",
        "Search for the missing boat", "Suche nach vermissten Schiffern", "Results for the first quarter",
    ],
)  # fmt: skip
def test_running_text_is_an_article_whatever_its_title_says(title: str) -> None:
    form = '<form><p>Confirm you are not a robot.</p><div class="g-recaptcha"></div></form><p>We and our partners use cookies.</p>'
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT}{form}<ul>{LINKS}</ul></body></html>"
    for url in (URL, "https://tarnmail.example/?story=99&s=world", "https://tarnmail.example/world"):
        assert extract(page, url).kind == "article"


def test_a_script_without_stops_has_running_text_too() -> None:
    text = "<p>เจ้าหน้าที่ประตูน้ำกล่าวเมื่อวันจันทร์ว่า ประตูจะยังคงปิดอยู่จนกว่าจะกำจัดตะกอนออกด้วยมือ และเรือสองลำกำลังรออยู่</p>"
    page = f"<html><head><title>ประตูน้ำติดขัด</title></head><body><h1>ประตูน้ำติดขัด</h1>{text * 3}<ul>{LINKS}</ul></body></html>"
    assert extract(page, "https://tarnmail.example/world").kind == "article"


def test_formatting_that_is_never_closed_hides_no_text() -> None:
    for tag in ("font", "b", "center"):
        page = f"<html><body>{f'<{tag}>' * 300}<h1>Lock gates stuck</h1>{TEXT}</body></html>"
        assert len(list(extract(page, URL).text())) == 6


@pytest.mark.parametrize("tag", ["select", "svg", "button", "object", "canvas"])
def test_a_control_with_little_of_the_page_in_it_stays_out(tag: str) -> None:
    page = f"<html><body><h1>Lock gates stuck</h1><{tag}><p>Edition of the Tarn, for those who read it.</p></{tag}>{TEXT}</body></html>"
    assert not any("Edition" in text for text in extract(page, URL).text())


def test_somebody_who_is_quoted_about_cookies_is_no_publisher() -> None:
    quotes = (
        "<p>“My cookies tell advertisers more about me than my sister knows,” said Ada Quill, who studies consent on the Tarn.</p>"
        "<p>Advertising networks read the cookies of nine in ten people who never gave consent, the study of the harbour found.</p>"
    )
    page = f"<html><body><h1>Your privacy</h1>{quotes}</body></html>"
    assert extract(page, "https://tarnmail.example/news/consent-study").kind == "article"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Sign up or log in to continue reading.", True),
        ("Please register to read the rest of this article for free.", True),
        ("Create an account to continue with this story.", True),
        ("Children can register at the library to keep up their reading this summer.", False),
        ("He had to log in to the lock's system to view what it had of the gates, the story goes.", False),
    ],
)
def test_who_is_asked_to_register_for_something_else_is_at_no_wall(text: str, is_one: bool) -> None:
    assert is_wall(text) is is_one


@pytest.mark.parametrize(
    ("headline", "text", "rest"),
    [
        (
            "하류 수문 고장",
            "하류 수문이 월요일 고장 나 배 두 척이 기다리고 있다.",
            "시의회는 삼월에 준설 비용을 듣기로 했고, 관리인은 열쇠를 받은 적이 없다고 했다.",
        ),
        (
            "निचला फाटक बंद",
            "निचला फाटक सोमवार को बंद हो गया और दो नावें बाहर खड़ी हैं।",
            "नगर सभा मार्च में सुनेगी कि सफाई पर कितना खर्च होगा और पैसा कौन देगा।",
        ),
        (
            "Gate shut",
            "The gate is shut.",
            "The council is to hear in March what it costs to have the silt out for a week.",
        ),
    ],
)
def test_a_flash_in_short_words_is_what_its_summary_says(headline: str, text: str, rest: str) -> None:
    head = (
        f'<title>{headline}</title><meta name="description" content="{text} {rest}">'
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}"}}</script>'
    )
    page = f"<html><head>{head}</head><body><article><h1>{headline}</h1><p>{text}</p></article></body></html>"
    assert list(extract(page, URL).text()) == [text]
