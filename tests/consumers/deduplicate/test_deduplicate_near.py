"""The near-duplicate layer: copies with another lead, excerpts and extensions are found; template siblings are told apart."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import timedelta

import pytest

from consumers.deduplicate.spelled import spelled
from consumers.deduplicate.words import Block, read, spans
from schemas.ids import article_id

HOUR = timedelta(hours=1)
WIRE = """SALTBY (Norvik) - A freight train carrying timber left the rails near the town of Saltby early on Tuesday, blocking the main
line between the coast and the capital for most of the day, the railway operator said.
Nobody was hurt. Eleven of the train's 26 wagons came off the track at about 4.20 a.m. and two of them slid down an embankment into a
field, where logs were scattered over an area as large as a football pitch.
"We heard a noise like thunder and then it was completely silent," said Agnes Holm, a farmer who lives beside the line and who was the
first to call the emergency services.
Passengers were taken by bus between Saltby and Ellery. A spokesman for the operator, Piet Brandt, said that one track should be open
again by Wednesday morning, but that the other was damaged over a length of 600 metres and would take until the weekend.
Investigators are looking at the axle of one of the wagons. The line was last closed for an accident in 2011, when a bridge near
Ellery was hit by a barge."""
LEAD = """Commuters faced long delays this morning: the track between the capital and the coast is closed, and nobody knows until when.
"""
DIARY = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public since
the middle of the last century, the organisers have announced. The songs were found in a notebook in the attic of a school that was
closed four years ago, written down without notes by a teacher who had them from her grandmother. A composer from the capital has now
set them for four voices. Tickets go on sale in the first week of April at the box office of the old theatre and in the ferry office."""
MARKET = """Shares in {city} closed {way} on {day}, with the {index} index ending at {points} points, {change} percent {from_} the
day before, as investors weighed earnings reports against the outlook for interest rates.
Among the biggest movers, shares of {one} {moved} {a} percent to {b} crowns, while {two} {moved2} {c} percent to {d} crowns in heavy
trading. Turnover on the exchange was {e} million crowns, compared with {f} million crowns in the session before.
The crown traded at {g} against the euro in late dealings. Brent crude for next-month delivery stood at {h} dollars a barrel."""
MONDAY = MARKET.format(
    city="Ellery", way="higher", day="Monday", index="EX 20", points="1,482.16", change="0.8", from_="above", one="Norvik Shipping",
    moved="rose", a="3.1", b="204.50", two="Saltby Foods", moved2="fell", c="1.9", d="77.25", e="312", f="287", g="11.42", h="81.30",
)  # fmt: skip
TUESDAY = MARKET.format(
    city="Ellery", way="lower", day="Tuesday", index="EX 20", points="1,469.02", change="0.9", from_="below", one="Brandt Bank",
    moved="lost", a="2.4", b="158.00", two="Holm Energy", moved2="gained", c="1.2", d="43.80", e="298", f="312", g="11.45", h="80.10",
)  # fmt: skip


def only(emits):
    (emit,) = emits
    return emit


def test_wire_copy_with_another_lead_and_headline(partition):
    partition.send("wire", WIRE, source="norvik", headline="Timber train derails near Saltby")
    emit = only(
        partition.send(
            "copy", LEAD + "\n".join(WIRE.split("\n")[1:]), after=HOUR, headline="Main line closed"
        )
    )
    assert emit.event == "duplicate"
    assert emit.data.verdict == "near"
    assert (emit.data.original.headline, emit.data.original.source.name) == (
        "Timber train derails near Saltby",
        "norvik",
    )
    assert emit.data.original.raw.offset == 0
    assert emit.data.original.url is None, "too long to be remembered: the raw record has it"
    evidence = emit.data.evidence
    assert evidence.rule == "containment"
    assert evidence.threshold <= evidence.score <= 1
    assert 0 < evidence.shingles_shared <= evidence.shingles_compared


def test_passages_stand_where_they_say_and_in_both_texts(partition):
    partition.send("wire", WIRE)
    data = only(partition.send("copy", [LEAD, DIARY + "\n" + WIRE], after=HOUR)).data
    assert data.verdict == "extends"
    sections = [(LEAD.strip().split("\n")), [line.strip() for line in (DIARY + "\n" + WIRE).split("\n")]]
    assert 1 <= len(data.evidence.passages) <= 3
    for passage in data.evidence.passages:
        _, _, section, _, line = passage.location.path.split("/")
        text = sections[int(section)][int(line)]
        assert text[passage.location.start : passage.location.end] == passage.text
        assert passage.text in WIRE


def test_an_excerpt_and_a_longer_text(partition):
    lines = WIRE.split("\n")
    partition.send("wire", WIRE)
    assert only(partition.send("part", "\n".join(lines[3:7]), after=HOUR)).data.verdict == "excerpt"
    assert only(partition.send("more", WIRE + "\n" + DIARY, after=HOUR)).data.verdict == "extends"


def test_the_story_after_the_flash_is_published(partition):
    flash, rest = WIRE.split("\n", maxsplit=1)
    partition.send("flash", flash)
    assert only(partition.send("story", flash + DIARY + rest + MONDAY, after=HOUR)).event == "unique"


def test_copies_are_linked_to_the_first_not_to_each_other(partition):
    first = only(partition.send("a", WIRE)).key
    for name in "bcd":
        emit = only(partition.send(name, f"({name.upper()}) " + WIRE, after=HOUR))
        assert emit.data.original.article_id == first


def test_one_corrected_number_is_still_a_copy(partition):
    partition.send("wire", WIRE)
    assert (
        only(partition.send("copy", WIRE.replace("600 metres", "900 metres"), after=HOUR)).data.verdict
        == "near"
    )


def test_market_reports_of_one_template_are_published_and_marked(partition):
    monday = only(partition.send("monday", MONDAY))
    tuesday = only(partition.send("tuesday", TUESDAY, after=24 * HOUR))
    assert (tuesday.event, tuesday.data.revision.change) == ("unique", "new")
    (related,) = tuesday.data.related
    assert (related.article_id, related.relation) == (monday.key, "same-template")
    copy = only(partition.send("copy", "From our stock exchange desk.\n" + TUESDAY, after=HOUR))
    assert copy.data.original.article_id == tuesday.key


def test_the_same_text_about_others_is_no_copy(partition):
    partition.send("a", WIRE)
    other = WIRE
    for name, swap in {
        "Saltby": "Varberg",
        "Norvik": "Estrel",
        "Agnes Holm": "Ulla Rask",
        "Ellery": "Kalvo",
        "Piet Brandt": "Jon Dahl",
    }.items():
        other = other.replace(name, swap)
    emit = only(partition.send("b", other, after=HOUR))
    assert (emit.event, emit.data.related[0].relation) == ("unique", "same-template")


ARREST = """Police in the county arrested {} on Monday after a long chase. The suspect was brought to {}, where {} questioned him for hours.
The car, which had been stolen in spring, was found in a ditch beside the old mill, and {} towed it away. A spokeswoman said that {} had
seen the driver run into the wood, and that dogs found him there asleep under a fir tree."""


def test_a_name_goes_on_behind_the_dot_of_an_initial_or_a_title(partition):
    """Where the dot ended the sentence, the surname began one and was no name: these two named nobody but Monday."""
    one = ARREST.format("Mr. Tolland", "St. Ives", "Sgt. Holm", "J. Vik Ltd", "A. B. Okoro")
    other = ARREST.format("Mr. Brandt", "St. Agnes", "Sgt. Lund", "P. Moe Ltd", "I. Aaland")
    partition.send("one", one)
    sibling = only(partition.send("other", other, source="post"))
    assert sibling.event == "unique"
    assert [each.relation for each in sibling.data.related] == ["same-template"]
    plain = only(partition.send("copy", one.replace("A. B. Okoro", "A.B. Okoro"), source="tribune"))
    assert (plain.event, plain.data.verdict) == ("duplicate", "near")


BUS = {
    "en": """Police in the county said on Friday that {} people were injured and {} killed when a bus left the road near the old mill. The
driver, who was not named, was taken to hospital. The road was closed for {} hours while cranes lifted the bus out of the ditch.""",
    "de": """Die Polizei im Landkreis teilte am Freitag mit, dass {} Menschen verletzt und {} getötet wurden, als ein Bus nahe der alten
Mühle von der Straße abkam. Der Fahrer wurde ins Krankenhaus gebracht. Die Straße war {} Stunden lang zu, während Kräne den Bus hoben.""",
}


@pytest.mark.parametrize(
    ("language", "words", "digits", "others"),
    [
        ("en", ("seven", "two", "four"), ("7", "2", "4"), ("thirteen", "five", "nine")),
        ("de", ("siebenundzwanzig", "zwei", "vier"), ("27", "2", "4"), ("dreizehn", "fünf", "neun")),
    ],
)
def test_numbers_in_words_are_numbers(partition, language, words, digits, others):
    partition.send("one", BUS[language].format(*words), language=language)
    sibling = only(partition.send("other", BUS[language].format(*others), language=language))
    assert sibling.event == "unique"
    assert [each.relation for each in sibling.data.related] == ["same-template"]
    for name, numbers in (("words", words), ("digits", digits)):
        copy = only(
            partition.send(
                name, BUS[language].format(*numbers), language=language, source="post", headline=name
            )
        )
        assert (copy.event, copy.data.original.article_id) == (
            "duplicate",
            article_id(url="https://news.example/one"),
        )


def test_numbers_in_words_that_agree_hide_none_in_digits_that_differ(partition):
    text = """The company sold {} ships to {} buyers in two of its three yards. Four of seven docks are empty, six of nine cranes
stand still, and eight hundred people have gone home for ten days, said the chairman, who has led it for eleven years."""
    partition.send("one", text.format(31, 14))
    assert only(partition.send("other", text.format(58, 22))).event == "unique"


def test_which_words_are_numbers():
    german, french = spelled("de-AT"), spelled("fr")
    assert (
        german.numbers[german.places(hashes("Fünfundzwanzig einundneunzig zwoelf"))].tolist()
        == hashes("25 91 12").tolist()
    )
    assert (french.places(hashes("un six dix seize")) >= 0).tolist() == [False, True, True, True]
    assert (spelled("und").places(hashes("two deux")) >= 0).tolist() == [False, False]
    assert (spelled("en").places(hashes("deux one zero")) >= 0).tolist() == [False, False, False]


def hashes(text):
    return read([Block("/x", text)]).hashes


def test_other_articles_are_new(partition):
    for name, text in {"a": WIRE, "b": DIARY, "c": MONDAY}.items():
        emit = only(partition.send(name, text))
        assert (emit.event, emit.data.related) == ("unique", ())


def test_short_and_empty_texts_are_never_copies(partition):
    for day, name in enumerate("abc"):
        emit = only(partition.send(name, "", headline="Morning briefing", at=partition.now + day * 24 * HOUR))
        assert emit.event == "unique"
    for name in "def":
        assert only(partition.send(name, "See the video.", headline="Watch")).event == "unique"


def test_equal_content_under_another_id_is_an_exact_copy(partition):
    partition.send("a", "Eight words are enough for an exact copy.")
    data = only(partition.send("b", "Eight words are enough for an exact copy.", after=HOUR)).data
    assert (data.verdict, data.evidence.rule) == ("exact", "content-hash")
    assert data.original.article_id != data.article_id


def test_summary_counts_where_there_is_no_body(partition):
    partition.send("a", "", summary=WIRE)
    data = only(partition.send("b", "", summary=WIRE + " Editing by the night desk.", after=HOUR)).data
    assert data.verdict == "near"
    assert {passage.location.path for passage in data.evidence.passages} == {"/summary"}


def test_a_copy_that_becomes_a_text_of_its_own_is_published(partition):
    partition.send("a", WIRE)
    assert only(partition.send("b", LEAD + WIRE, after=HOUR)).data.verdict == "near"
    assert only(partition.send("b", LEAD + WIRE, after=HOUR)).data.verdict == "exact"
    data = only(partition.send("b", DIARY, after=HOUR)).data
    assert (data.revision.number, data.revision.change) == (1, "new")
    assert data.first_seen_at < data.captured_at


def test_a_revision_of_a_known_article_is_no_copy(partition):
    partition.send("a", WIRE)
    partition.send("b", DIARY)
    data = only(partition.send("b", WIRE, after=HOUR)).data
    assert (data.revision.change, data.revision.relation) == ("revised", "rewrite")


def test_copies_are_found_of_the_present_revision(partition):
    partition.send("a", WIRE)
    partition.send("a", DIARY, after=HOUR)
    assert only(partition.send("b", WIRE, after=HOUR)).event == "unique"
    assert only(partition.send("d", DIARY, after=HOUR)).data.verdict == "exact"


def test_the_window_ends_and_slides(partition):
    partition.send("a", WIRE)
    assert only(partition.send("b", LEAD + WIRE, after=71 * HOUR)).event == "duplicate"
    assert only(partition.send("c", LEAD + WIRE + LEAD, after=71 * HOUR)).event == "duplicate", (
        "b kept it in the window"
    )
    assert only(partition.send("d", LEAD + WIRE + LEAD + LEAD, after=73 * HOUR)).event == "unique"


def test_scripts_without_spaces(partition):
    text = (
        "気象庁によると、台風は二十三日の夜に沿岸部へ近づく見込みで、鉄道各社は始発から運転を見合わせると発表した。"
        "港では漁船を陸に上げる作業が続き、市は避難所を開く準備を進めている。住民は早めの行動を求められている。"
    )
    partition.send("a", text, language="ja")
    data = only(partition.send("b", "速報です。" + text, language="ja", after=HOUR)).data
    assert data.verdict == "near"


BUDGET = """The budget of the island council foresees 12,500 crowns for the school boat and 1.5 million for the quay, Agnes Holm said.
At 14:05 the members voted: 11 for it, 2,340 signatures of islanders against. The loan of 3,000,000 crowns runs for 25 years.
The treasurer, Piet Brandt, warned that 1,200 households would each pay 2,500 crowns more, and 640 of them could not afford it."""


@pytest.mark.parametrize(
    "other",
    [
        BUDGET.replace(",000", " 000")
        .replace(",500", " 500")
        .replace(",340", " 340")
        .replace(",200", " 200"),
        BUDGET.replace(",000", ".000").replace(",500", ".500").replace(",340", ".340").replace("1.5", "1,5"),
        BUDGET.replace(",000", "000").replace(",500", "500").replace(",340", "340").replace("14:05", "14.05"),
        BUDGET.translate({ord("0") + number: 0x660 + number for number in range(10)}),
        BUDGET.translate(
            {ord("0") + number: 0x660 + number for number in range(10)} | {ord(","): "٬"}
        ).replace("١.٥", "١٫٥"),
        BUDGET.replace(",000", "’000")
        .replace(",500", "'500")
        .replace(",340", "’340")
        .replace(",200", "’200"),
    ],
    ids=["spaces", "points", "nothing", "Arabic digits", "Arabic signs", "apostrophes"],
)
def test_how_numbers_are_written_makes_no_other_ones(partition, other):
    partition.send("a", BUDGET)
    emit = only(partition.send("b", other, after=HOUR))
    assert emit.event == "duplicate"
    assert (emit.data.verdict, emit.data.evidence.score) == ("near", 1.0)


@pytest.mark.parametrize(
    "number",
    [
        "1 000",
        "12 500 000",
        "1 000,50",
        "1’000",
        "1٬000٫5",
        "the ’24 crop’000",
        "3 100 6",
        "2024 100 people",
        "1.5 000",
    ],
)
def test_words_stand_where_they_are(number):
    text = f"It was {number} then."
    words = read([Block("/x", text)])
    assert len(words.hashes) == len(spans(text))
    assert [text[start:end] for start, end in spans(text)][:2] == ["It", "was"]


def test_a_wire_without_accents_has_the_same_words(partition):
    text = (
        "Željko Šarić, náčelník überlegt: después de la elección el señor Muñoz visitó la región, où l’été était déjà très sec. "
        "Ściśle mówiąc, çocuklar için yeni bir şarkı yazıldı. Đorđe i Łucja čekaju më shumë të rinj në qytetin e vogël, thotë drejtori."
    )
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    partition.send("a", text)
    emit = only(
        partition.send("b", plain.translate(str.maketrans("ĐđŁł", "DdLl")).replace("ı", "i"), after=HOUR)
    )
    assert (emit.event, emit.data.evidence.score) == ("duplicate", 1.0)


def test_capitals_throughout_name_nobody(partition):
    partition.send("a", BUDGET)
    emit = only(partition.send("b", (LEAD + BUDGET).upper(), after=HOUR))
    assert emit.event == "duplicate"


def test_one_number_among_many_names_may_be_corrected(partition):
    text = re.sub(r"\b(?!600)[0-9.]+ ", "", WIRE).replace("2011", "spring")
    assert re.findall("[0-9]+", text) == ["600"]
    partition.send("a", text)
    emit = only(partition.send("b", text.replace("600", "900"), after=HOUR))
    assert emit.event == "duplicate"


GIVEN = ("Ana", "Boris", "Celia", "Dieter", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas")
FAMILIES = (
    "Abbott",
    "Brandauer",
    "Castell",
    "Dufour",
    "Eriksen",
    "Fontane",
    "Galindo",
    "Hoffer",
    "Ivanov",
    "Jansen",
)
TOWNS = (
    "Ashdown",
    "Bexley",
    "Corrigan",
    "Danforth",
    "Elmhurst",
    "Farley",
    "Gresham",
    "Holcombe",
    "Jarrow",
    "Kendal",
    "Ludlow",
    "Morley",
)


def court(week):
    rng = random.Random(week)
    return "\n".join(
        f"{rng.choice(GIVEN)} {rng.choice(FAMILIES)}, {rng.randrange(18, 70)}, of {rng.choice(TOWNS)} Road, {rng.choice(TOWNS)}: drove a "
        f"vehicle without insurance. Fined {rng.randrange(80, 900)} crowns, a surcharge of {rng.randrange(30, 90)} crowns and costs of "
        f"{rng.randrange(40, 200)} crowns. Pleaded guilty by letter."
        for _ in range(6)
    )


def test_this_weeks_list_is_no_copy_of_last_weeks(partition):
    """The same words stand around every fact of a list: what the list says is told by all of them together."""
    for week in range(6):
        emit = only(partition.send(f"court {week}", court(week), after=HOUR))
        assert emit.event == "unique", f"week {week}"
    emit = only(partition.send("copy", "From the courts.\n" + court(3), after=HOUR))
    assert emit.event == "duplicate"
    part = "\n".join(court(4).split("\n")[1:4])
    emit = only(partition.send("part", part, after=HOUR))
    assert (emit.event, emit.data.verdict) == ("duplicate", "excerpt")
