"""Versions in other languages are published, marked by what the article itself says, wherever the others are."""

from __future__ import annotations

from schemas.ids import article_id

ENGLISH = """The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand.
Nobody has asked us for the key, said Ada Quill, who has kept the lock book for 14 years and lives beside the canal.
A boat with gravel waits outside, and two more are expected before the weekend, the harbour office said."""
GERMAN = """Die Wärter der unteren Schleuse sagten am Montag, die Tore blieben geschlossen, bis der Schlick von Hand entfernt worden sei.
Niemand hat uns nach dem Schlüssel gefragt, sagte Ada Quill, die seit 14 Jahren das Schleusenbuch führt und am Kanal wohnt.
Ein Boot mit Kies wartet vor den Toren, zwei weitere werden nach Angaben des Hafenamtes noch vor dem Wochenende erwartet."""


def named(name: str, language: str, **fields: object) -> dict[str, object]:
    url = f"https://news.example/{name}"
    return {
        "article_id": article_id(url=url),
        "language": language,
        "url": url,
        "role": "unknown",
        "found_in": "hreflang",
        "confidence": 0.9,
    } | fields


def marks(emit):
    return [(each.relation, each.article_id, each.score, each.found_in) for each in emit.data.related]


def test_each_is_related_to_the_other_and_both_are_published(partition):
    (english,) = partition.send("en", ENGLISH, translations=(named("de", "de"),))
    (german,) = partition.send(
        "de", GERMAN, language="de", translations=(named("en", "en", role="original", confidence=0.6),)
    )
    assert (english.event, german.event) == ("unique", "unique")
    assert marks(english) == [("translation-suspected", german.key, 0.9, "hreflang")]
    assert marks(german) == [("translation-suspected", english.key, 0.6, "hreflang")]
    assert german.data.translations[0].role == "original"


def test_the_answer_is_the_same_in_one_partition_and_in_two(partition, new_partition):
    sent = (("en", ENGLISH, "en", "de"), ("de", GERMAN, "de", "en"))
    together = [
        partition.send(name, text, language=language, translations=(named(other, other),))[0].data.related
        for name, text, language, other in sent
    ]
    for order in (sent, sent[::-1]):
        apart = {
            name: new_partition()
            .send(name, text, language=language, translations=(named(other, other),))[0]
            .data.related
            for name, text, language, other in order
        }
        assert [apart["en"], apart["de"]] == together


def test_an_article_is_no_version_of_itself_under_the_address_it_had_before(partition):
    partition.send("old", ENGLISH, guid="g1")
    (moved,) = partition.send(
        "new",
        ENGLISH + "\nThe gates were last shut in 1998.",
        guid="g1",
        translations=(named("old", "de"), named("de", "de")),
    )
    assert moved.data.revision.captured_as == article_id(url="https://news.example/new")
    assert [each.article_id for each in moved.data.related] == [article_id(url="https://news.example/de")]


def test_template_siblings_stand_beside_translations(partition):
    partition.send("monday", ENGLISH.replace("Monday", "Tuesday 3 March").replace("14", "15"), headline="One")
    text = (
        ENGLISH.replace("14 years", "87 years")
        .replace("Ada Quill", "Jo Ek")
        .replace("two", "600")
        .replace("Monday", "Friday 9 June")
    )
    (emit,) = partition.send("friday", text, translations=(named("de", "de"),))
    assert marks(emit)[-1][:2] == ("translation-suspected", article_id(url="https://news.example/de"))


def test_a_withdrawal_names_no_versions(partition):
    partition.send("en", ENGLISH, translations=(named("de", "de"),), translated_from="de")
    (gone,) = partition.send("en", status="canceled", translations=(named("de", "de"),), translated_from="de")
    assert gone.data.revision.change == "withdrawn"
    assert (gone.data.translations, gone.data.translated_from, gone.data.related) == (None, None, ())
