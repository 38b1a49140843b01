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
    # A title and a surname that come before the full name may be somebody else's.
    (["President Biden said it.", "Joe Biden left."], [("person", "Joe Biden", [])]),
    (["President Biden said it.", "President Joe Biden left."], [("person", "Joe Biden", ["Biden"])]),
    (
        ["President Biden spoke. Biden left. Jill Biden came. Mrs Biden spoke."],
        [("person", "Jill Biden", [])],
    ),
    (["Mr Trump spoke. Ivanka Trump was there. Mr Trump left."], [("person", "Ivanka Trump", [])]),
    (["Starmer to speak", "Keir Starmer spoke."], [("person", "Keir Starmer", ["Starmer"])]),
    # A title of the other gender, or for the one that is told by a pronoun.
    (["John Bolton spoke. Ms Bolton left."], [("person", "John Bolton", [])]),
    (["Ann Bolton spoke. Lord Bolton left. Mr Bolton, too."], [("person", "Ann Bolton", [])]),
    (
        ["Keir Starmer spoke. Sir Keir left. Lady Starmer came. Mr Starmer smiled."],
        [("person", "Keir Starmer", ["Sir Keir", "Mr Starmer"])],
    ),
    (["Quill Bolton spoke. Mr Bolton left. Mrs Bolton came."], []),
    (["Zorblat Quux, 45, said he was hurt. Mrs Quux left."], [("person", "Zorblat Quux", [])]),
    (["Zorblat Quux, 45, was hurt. Mrs Quux left."], [("person", "Zorblat Quux", ["Mrs Quux"])]),
    (["Mr Quux and Mrs Quux left."], []),
    (["Mr Quux left. Quux smiled."], [("person", "Quux", ["Mr Quux"])]),
    (["John Bolton spoke. Bolton said she was hurt."], [("person", "John Bolton", [])]),
    (["John Bolton spoke. Bolton said he was hurt."], [("person", "John Bolton", ["Bolton"])]),
    (
        ["John Bolton met Ann Miller. Bolton said she was hurt."],
        [("person", "John Bolton", ["Bolton"]), ("person", "Ann Miller", [])],
    ),
    # Mr and Dr of one name are two people.
    (["Alan Smith spoke. Dr Smith left. Mr Smith came. Smith smiled."], [("person", "Alan Smith", [])]),
    (
        ["Dr Alan Smith spoke. Dr Smith left. Mr Smith came."],
        [("person", "Alan Smith", ["Dr Alan Smith", "Dr Smith"])],
    ),
    (["Alan Smith spoke. Dr Smith left."], [("person", "Alan Smith", ["Dr Smith"])]),
    # One surname for two.
    (["Ann and Bob Carter ran. Ms Carter fell. Carter fell."], [("person", "Bob Carter", [])]),
    (["Ann, Tom and Bob Carter ran. Mr Carter fell."], [("person", "Bob Carter", [])]),
    (["Ann and Bob Carter ran. Mr Carter fell."], [("person", "Bob Carter", ["Mr Carter"])]),
    (["Bob Carter ran. Mr and Mrs Carter fell. Carter rose."], [("person", "Bob Carter", [])]),
    (
        ["The pope met Francis Coppola. Pope Francis smiled. Francis left."],
        [("person", "Francis Coppola", [])],
    ),
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
        ("de", "Dr. Anna Müller kam. Frau Müller ging.", {"Anna Müller"}),
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
