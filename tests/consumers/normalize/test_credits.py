"""Lines that say who wrote a text: which leave it, what they say, and what looks like one and stays."""

from __future__ import annotations

import pytest

from consumers.normalize.agency import credited_agency
from consumers.normalize.agency_choice import choose_agency
from consumers.normalize.agency_names import known_agency
from consumers.normalize.credits import read_credits
from consumers.normalize.date_line import date_line
from consumers.normalize.extraction import Extraction
from schemas.normalized.model import Section

BODY = ("The gates stay shut.", "A boat waits outside.")


def read(*paragraphs: str) -> tuple[tuple[str, ...], list[str], list[str], str | None]:
    """Return the text that is left, who is taken as author, what is only told of, and the agency."""
    found = read_credits((Section(paragraphs=paragraphs),))
    return (
        tuple(text for section in found.sections for text in section.paragraphs),
        [each.value for each in found.authors if not each.refused],
        [each.value for each in found.authors if each.refused],
        found.agency.value if found.agency else None,
    )


@pytest.mark.parametrize(
    ("line", "names", "agency"),
    [
        ("Reporting by Ada Quill; Editing by Bo Reed", ["Ada Quill"], None),
        ("(Reporting by Ada Quill and Cy Dunn in Lower Tarn; Editing by Bo Reed)", ["Ada Quill"], None),
        ("Additional reporting by Bo Reed", [], None),
        ("Additional reporting from PA", [], "PA"),
        ("Additional reporting by Tasnim News Agency", [], "Tasnim"),
        ("Additional reporting by Tasnim Reed", [], None),
        (
            "Quill reported from Lower Tarn. Associated Press writer Bo Reed contributed to this report.",
            [],
            "AP",
        ),
        ("With files from The Canadian Press", [], "CP"),
        ("With inputs from agencies", [], None),
        ("Mit Material von dpa", [], "dpa"),
        ("Com informações da Reuters", [], "Reuters"),
        ("Quelle: tarn.example, ada/dpa", [], "dpa"),
        ("ada/dpa", [], "dpa"),
        ("© 2024 AFP", [], "AFP"),
        ("(AP)", [], "AP"),
        ("— Reuters", [], "Reuters"),
        ("— With files from The Canadian Press", [], "CP"),
        ("This report by The Canadian Press was first published March 5, 2024.", [], "CP"),
        (
            "(This story has not been edited by our staff and is auto-generated from a syndicated feed - PTI)",
            [],
            "PTI",
        ),
        ("Our Standards: The Thomson Reuters Trust Principles.", [], "Reuters"),
        ("(Avec AFP)", [], "AFP"),
        ("Le Tarn avec AFP", [], "AFP"),
        ("With AP and Reuters", [], "AP"),
        ("(sda/afp)", [], "sda"),
        ("(TT-Reuters)", [], "TT"),
        ("(©NTB)", [], "NTB"),
        ("dpa:240305-99-123456/3", [], "dpa"),
        ("© dpa-AFX | Abb.: Tarn Port", [], "dpa"),
        ("© AFP/sda", [], "AFP"),
        # whose a picture is says nothing of the text
        ("Foto: dpa", [], None),
        ("© dpa/Ada Quill", [], None),
        ("© AFP 2024 / BO REED", [], None),
        ("© Reuters. FILE PHOTO: The lock at dawn", [], None),
        ("(Photo: Reuters)", [], None),
        ("Bild: dpa", [], None),
        ("REUTERS/Ada Quill", [], None),
        ("AP Photo/Bo Reed", [], None),
        ("Фото: РИА Новости", [], None),
    ],
)
def test_a_credit_at_the_end_is_no_text(line: str, names: list[str], agency: str | None) -> None:
    left, authors, _, of = read(*BODY, line)
    assert left == BODY
    assert of == agency
    assert authors[: len(names)] == names


@pytest.mark.parametrize(
    "line",
    [
        "She had reported by noon that the gates were shut.",
        "Quill said the silt contributed to the flood.",
        "The source of the river is far away.",
        "And/or nobody.",
        "By Monday the boat was gone.",
        "Ada Quill, who keeps the lock book.",
        "An ani is a bird. AP is a name for a plan.",
        "She went with AP.1",
        "Pictures by night are an art, as the lock shows.",
        "This story is about a wire across the river.",
    ],
)
def test_what_only_looks_like_a_credit_stays(line: str) -> None:
    assert read(*BODY, line) == ((*BODY, line), [], [], None)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("Von Ada Quill und Bo Reed", ["Ada Quill", "Bo Reed"]),
        ("By The Tarn News", []),
        ("Posted by Ada Quill on 5 March 2024", ["Ada Quill"]),
        ("Published by Ada Quill, 5 March 2024", ["Ada Quill"]),
        ("By Ada Quill, Tarn News | 5 March 2024", ["Ada Quill"]),
        ("Words by Ada Quill, photos by Bo Reed", ["Ada Quill"]),
        ("Di Ada Quill", ["Ada Quill"]),
        ("（記者王小明／台北報導）", ["王小明"]),
        ("文/张三", ["张三"]),
        ("홍길동 기자", ["홍길동"]),
        ("Posted by the river on 5 March 2024", None),
        ("기자 회견이 열렸다", None),
        ("By Monday the gates were open again", None),
        ("By the river", None),
        ("Von Lower Tarn aus gesehen.", None),
    ],
)
def test_a_first_line_is_a_byline_when_it_is_nothing_but_names(line: str, names: list[str] | None) -> None:
    left, authors, _, _ = read(line, *BODY)
    assert left == (BODY if names is not None else (line, *BODY))
    assert authors == (names or [])
    assert read(BODY[0], line, *BODY)[0] == (
        (BODY[0], *BODY) if names is not None else (BODY[0], line, *BODY)
    )


@pytest.mark.processor_seconds(20)  # going through all ways to part the dashes took years
@pytest.mark.parametrize("rule", ["-", " ,", "| on "])
def test_a_byline_with_a_long_rule_behind_it_is_read_at_once(rule: str) -> None:
    left, *_ = read("By Ada Quill " + (rule * 50)[:100] + "x", *BODY)
    assert left[-2:] == BODY


def test_a_reporter_signs_at_the_end_in_korea() -> None:
    left, authors, _, _ = read(*BODY, "홍길동 기자 hong@tarn.example")
    assert (left, authors) == (BODY, ["홍길동"])


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("By Ada Quill, Reuters", "Reuters"),
        ("Ada Quill of The Associated Press", "AP"),
        ("Ada Quill (Reuters)", "Reuters"),
        ("Ada Quill, AP Sports Writer", "AP"),
        ("Par Ada Quill, avec AFP", "AFP"),
        ("Ada Quill and AP Dunn", None),
        ("Ada Quill, Reuters Institute", None),
        ("Ada Quill", None),
    ],
)
def test_an_agency_may_stand_beside_a_name(byline: str, agency: str | None) -> None:
    found = Extraction(sections=(Section(paragraphs=BODY),))
    found.add("authors", byline, "jsonld")
    assert choose_agency(found, None).agency.value == agency


def test_who_contributes_is_told_of_and_not_taken() -> None:
    assert read(*BODY, "Additional reporting by Bo Reed")[2] == ["Additional reporting by Bo Reed"]


def test_several_lines_go_and_one_paragraph_is_always_left() -> None:
    assert read(*BODY, "Reporting by Ada Quill", "Editing by Bo Reed", "© 2024 Reuters")[0] == BODY
    assert read("Reporting by Ada Quill; Editing by Bo Reed")[0] == (
        "Reporting by Ada Quill; Editing by Bo Reed",
    )
    assert read("By Ada Quill", "(AP)")[0] == ("(AP)",)


def test_posts_of_a_live_blog_keep_their_lines() -> None:
    post = Section(
        post_id="1", heading="Shut", paragraphs=("By Ada Quill", "It is shut.", "Reporting by Ada Quill")
    )
    assert read_credits((post,)).sections == (post,)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("LOWER TARN, March 5 (Reuters) - The gates", "Reuters"),
        ("Lower Tarn (dpa/ada) - Die Tore", "dpa"),
        ("Madrid, 3 may (EFE).- Las puertas", "EFE"),
        ("МОСКВА, 29 июня. /ТАСС/. Ворота закрыты", "TASS"),
        ("新华社北京4月24日电 水门关闭", "Xinhua"),
        ("(서울=연합뉴스) 기자 = 수문이", "Yonhap"),
        ("[서울=뉴시스]김아다 기자 = 수문이", "Newsis"),
        ("【ロンドン共同】水門は", "Kyodo"),
        ("［ロンドン 5日 ロイター］ - 水門は", "Reuters"),
        ("中新社北京3月5日电 水门关闭", "China News Service"),
        ("（中央社記者甲台北5日電）水門關閉", "CNA"),
        ("МОСКВА, 5 мар - РИА Новости. Ворота закрыты", "RIA Novosti"),
        ("Москва. 5 марта. INTERFAX.RU - Ворота закрыты", "Interfax"),
        ("بيروت (أ ف ب) - البوابات مغلقة", "AFP"),
        ("New Delhi, Mar 5 (PTI) The gates", "PTI"),
        ("Stockholm (TT) Portarna", "TT"),
        ("Lower Tarn. (dpa) Die Tore", "dpa"),
        ("Silt/Tarn (dpa). Die Tore", "dpa"),
        ("Buenos Aires, 5 mar (Télam) Las puertas", "Télam"),
        ("LOWER TARN (AP) _ The gates", "AP"),
        ("London, Mar 5 (efe-epa).- The gates", "EFE"),
        ("The American Psychological Association (APA) President spoke", None),
        ("The Associated Press (AP) Stylebook is new", None),
        ("Quill, whom the agency (AP) Board knows", None),
        ("Lower Tarn (Silt) The gates", None),
        ("The gates / the weir are shut. /so/ it is", None),
    ],
)
def test_datelines_of_other_countries(text: str, agency: str | None) -> None:
    found = credited_agency([text, "More."])
    assert (found.agency if found else None) == agency


def test_short_names_of_agencies_are_written_as_such() -> None:
    assert [known_agency(name) for name in ("ANI", "Ani", "dpa", "AP", "ap", "reuters")] == [
        "ANI", None, "dpa", "AP", None, "Reuters",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Published: 5 March 2024 | Updated: 6 March 2024, 10:15 GMT", None),
        ("Updated 3:15 PM EST, March 5, 2024", None),
        ("2024-03-05 14:30 来源：新华社", "新华社"),
        ("Veröffentlicht am 5. März 2024 um 14:30 Uhr", None),
    ],
)
def test_a_line_of_dates_is_no_text(text: str, source: str | None) -> None:
    assert date_line(text) == (source,)


@pytest.mark.parametrize(
    "text",
    [
        "5 March 2024",
        "Published by the harbour office on 5 March 2024",
        "The gates were shut at 10:15 on 5 March 2024.",
        "Updated",
        "",
    ],
)
def test_what_only_has_a_date_in_it_is_text(text: str) -> None:
    assert date_line(text) is None


def test_credits_before_appeals_and_beside_the_text_count() -> None:
    left, authors, _, agency = read(
        *BODY, "Reporting by Ada Quill", "— AP", "___", "Follow AP’s coverage of locks at ap.example"
    )
    assert (left, authors, agency) == (
        (*BODY, "Follow AP’s coverage of locks at ap.example"),
        ["Ada Quill"],
        "AP",
    )
    found = read_credits((Section(paragraphs=BODY),), ("— Reuters", "Read more of AP"))
    assert found.agency is not None
    assert found.agency.value == "Reuters"
