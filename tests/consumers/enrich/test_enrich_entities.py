"""People, organisations, places: what is named, under which name, with which other forms."""

from __future__ import annotations

from typing import Any

import pytest

CASES: list[tuple[list[str], list[tuple[str, str, list[str]]]]] = [
    (
        ["Defence Secretary Lloyd Austin spoke. Mr Austin left. Austin returned."],
        [("person", "Lloyd Austin", ["Mr Austin", "Austin"])],
    ),
    (
        ["Lloyd Austin flew to Austin, Texas."],
        [("person", "Lloyd Austin", []), ("place", "Austin", []), ("place", "Texas", [])],
    ),
    (
        ["Joe Biden and his son Hunter Biden came. Mr Biden spoke.", "Biden left."],
        [("person", "Joe Biden", []), ("person", "Hunter Biden", [])],
    ),
    (
        ["Jill Biden and Joe Biden came. Mrs Biden spoke."],
        [("person", "Jill Biden", ["Mrs Biden"]), ("person", "Joe Biden", [])],
    ),
    (["President Biden said it.", "Joe Biden left."], [("person", "Joe Biden", ["Biden"])]),
    (["George W. Bush spoke; George Bush left."], [("person", "George W. Bush", ["George Bush"])]),
    (
        ["Ursula von der Leyen met Mohammed bin Salman."],
        [("person", "Ursula von der Leyen", []), ("person", "Mohammed bin Salman", [])],
    ),
    (
        ["Xi Jinping met Kim Jong-un. Mr Xi smiled."],
        [("person", "Xi Jinping", ["Mr Xi"]), ("person", "Kim Jong-un", [])],
    ),
    (["Zorblat Quux, 45, was hurt."], [("person", "Zorblat Quux", [])]),
    (["Will Britain leave? Mark my words."], [("place", "Britain", [])]),
    (["Mark Rutte said so."], [("person", "Mark Rutte", [])]),
    (["Michael Jordan plays. Jordan scored."], [("person", "Michael Jordan", ["Jordan"])]),
    (["The Stanley Cup was at the Mark Hopkins Hotel."], []),
    (["Miss World won."], []),
    (
        ["The World Health Organization (WHO) warned. The WHO said so."],
        [("organisation", "World Health Organization", ["WHO"])],
    ),
    (
        ["The Vornish Coastal Agency (VCA) warned. VCA boats left."],
        [("organisation", "Vornish Coastal Agency", ["VCA"])],
    ),
    (
        ["The Ministry of Defence and the Health Ministry agreed."],
        [("organisation", "Ministry of Defence", []), ("organisation", "Health Ministry", [])],
    ),
    (["The University of Ghent hired her."], [("organisation", "University of Ghent", [])]),
    (["The Central Bank of Turkey cut rates."], [("organisation", "Central Bank of Turkey", [])]),
    (
        ["Kataib Hezbollah, not Hezbollah, did it."],
        [("organisation", "Kataib Hezbollah", []), ("organisation", "Hezbollah", [])],
    ),
    (
        ["White National Security Council spokesperson John Kirby left."],
        [("organisation", "National Security Council", []), ("person", "John Kirby", [])],
    ),
    (
        ["Goldman Sachs and Tata Steel merged."],
        [("organisation", "Goldman Sachs", []), ("organisation", "Tata Steel", [])],
    ),
    (["Fed up with it, they left. The Fed cut rates."], [("organisation", "Fed", [])]),
    (
        ["Lake Geneva and the Gulf of Aden are far from Kent County."],
        [("place", "Lake Geneva", []), ("place", "Gulf of Aden", []), ("place", "Kent County", [])],
    ),
    (
        ["He flew from London to Belfast, Edinburgh and Cardiff."],
        [("place", name, []) for name in ("London", "Belfast", "Edinburgh", "Cardiff")],
    ),
    (["They met in The Hague, then in Amsterdam."], [("place", "The Hague", []), ("place", "Amsterdam", [])]),
    (["He left Kyiv, which was written Kiev."], [("place", "Kyiv", ["Kiev"])]),
    (["She lives in Smallville, Kansas."], [("place", "Smallville", []), ("place", "Kansas", [])]),
    (
        ["The United States, or US, and the U.S. Navy."],
        [("place", "United States", ["US"]), ("organisation", "U.S. Navy", [])],
    ),
    (
        ["Iran-backed groups and the Russia-Ukraine war."],
        [("place", "Iran", []), ("place", "Russia", []), ("place", "Ukraine", [])],
    ),
    (["The St. Louis Cardinals won at home."], []),
    (["PANIC IN FRANCE AS JOHN SMITH LEAVES"], []),
    (["On Monday and in May nothing happened."], []),
]


@pytest.mark.parametrize(("paragraphs", "expected"), CASES)
def test_entities(paragraphs: list[str], expected: list[tuple[str, str, list[str]]], read: Any) -> None:
    found = read(*paragraphs).get("entities", [])
    assert sorted((entity["type"], entity["name"], entity["aliases"]) for entity in found) == sorted(expected)


def test_a_headline_in_title_case_names_only_whom_the_text_names(read: Any) -> None:
    article = read("Prime Minister Jane Miller spoke.", headline="Jane Miller Tells Big Crowd Of London Fans")
    assert [(entity["name"], len(entity["mentions"])) for entity in article["entities"]] == [
        ("Jane Miller", 2),
        ("London", 1),
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Bundeskanzler Olaf Scholz reiste nach Frankreich. Scholz kam spät.",
            {"Olaf Scholz", "Frankreich"},
        ),
        (
            "fr",
            "Emmanuel Macron est arrivé en Allemagne. M. Macron est reparti.",
            {"Emmanuel Macron", "Allemagne"},
        ),
        (
            "es",
            "Pedro Sánchez viajó a Francia y a Estados Unidos.",
            {"Pedro Sánchez", "Francia", "Estados Unidos"},
        ),
    ],
)
def test_other_languages(language: str, text: str, expected: set[str], read: Any) -> None:
    article = read(text, language=language)
    assert {entity["name"] for entity in article["entities"]} == expected


COUNTRIES = [
    ("The drone attack in Jordan killed three.", ["JO"]),
    ("Jordan Miller scored for Jordan.", []),
    ("Michael Jordan scored. Jordan smiled.", []),
    ("He lives in Georgia, near Atlanta.", []),
    ("He lives in Georgia, near Tbilisi.", ["GE"]),
    ("He lives in Georgia.", []),
    ("Chad said nothing.", []),
    ("Troops entered Chad and Niger.", ["NE", "TD"]),
    ("Turkey prices rose; turkey is dear.", []),
    ("Turkey's parliament voted.", ["TR"]),
    ("American officials and Iranian generals.", ["IR", "US"]),
    ("The White House, the Kremlin and Downing Street agreed.", ["GB", "RU", "US"]),
    ("Following Israel’s invasion of Gaza.", ["IL", "PS"]),
    ("A man called Gaza came.", []),
    ("The Democratic Republic of the Congo and DR Congo.", ["CD"]),
    ("In the Congo it rained.", []),
    ("North Korea and South Korean soldiers.", ["KP", "KR"]),
    ("Scotland and Northern Ireland voted.", ["GB"]),
    ("He moved to New Mexico and New England.", []),
    ("Papua New Guinea and Guinea-Bissau.", ["GW", "PG"]),
    ("Denzel Washington and Paris Hilton arrived.", []),
    ("Washington’s support and Beijing’s answer.", ["CN", "US"]),
    ("They told us: US troops left.", ["US"]),
]


@pytest.mark.parametrize(("text", "expected"), COUNTRIES)
def test_countries(text: str, expected: list[str], read: Any) -> None:
    assert sorted(country["code"] for country in read(text).get("countries", [])) == expected


def test_countries_are_counted_by_name_people_and_seat_of_power(read: Any) -> None:
    article = read("The US and American troops. The Pentagon agreed. France did not.")
    assert article["countries"] == [{"code": "US", "mentions": 3}, {"code": "FR", "mentions": 1}]
