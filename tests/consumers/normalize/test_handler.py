"""The stage as the loop sees it: identity, partition, lineage, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.normalize import Normalize
from newswire.errors import Reject
from newswire.event import Emit, Event
from newswire.state.memory import MemoryState
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import RecordRef
from schemas.normalized.model import Normalized
from schemas.purge.model import Purge
from schemas.raw.model import Raw
from schemas.validation import writer

NOON = 1_706_788_800_000
TEXT = "The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand, and the rain."
GERMAN = "Die Schleusenwärter sagten am Montag, dass die Tore geschlossen bleiben, bis der Schlamm von Hand entfernt ist und es aufklart."


def event(offset: int = 0, **fields: Any) -> Event:
    payload = {
        "source": {"name": "desk", "kind": "files"}, "captured_at": utc_from_ms(NOON), "media_type": "text/plain", "body": TEXT,
        "item": {"headline": "Gates stuck"},
    } | fields  # fmt: skip
    ref = RecordRef(topic="news.raw.v1", partition=2, offset=offset)
    return Event("raw", f"id-{offset}", "key", Raw.from_data(payload).to_data(), ref, NOON)


def handle(record: Event, state: MemoryState | None = None) -> tuple[Emit, Normalized]:
    emitted: Iterable[Emit] = Normalize().handle(record, MemoryState() if state is None else state)
    (one,) = emitted
    assert isinstance(one.data, Normalized)
    return one, one.data


def test_what_is_emitted() -> None:
    emit, article = handle(event(41, url="https://a.example/1"))
    assert (emit.event, emit.key, emit.language) == ("normalized", article.article_id, "en")
    assert article.lineage.was_derived_from == RecordRef(topic="news.raw.v1", partition=2, offset=41)
    (activity,) = article.lineage.was_generated_by
    assert (activity.stage, activity.rule_version, activity.used.offset) == (
        "normalize",
        Normalize.rule_version,
        41,
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            {"url": "https://a.example/1"},
            {"url": "http://a.example/1?utm_source=x#y", "item": {"headline": "Other"}},
            True,
        ),
        ({"url": "https://a.example/1"}, {"url": "https://a.example/2"}, False),
        ({"url": "https://a.example/1", "guid": "g"}, {"url": "https://a.example/2", "guid": "g"}, False),
        ({"guid": "g"}, {"guid": "g", "item": {"headline": "Other"}}, True),
        ({"guid": "g"}, {"guid": "g", "source": {"name": "other", "kind": "files"}}, False),
        ({"guid": " "}, {"guid": ""}, True),
        ({}, {"body": TEXT + " More.", "path": "elsewhere.txt"}, True),
        (
            {"item": {"headline": "Gates stuck: Live"}},
            {"item": {"headline": "Gates stuck – as it happened"}},
            True,
        ),
        (
            {"item": {"headline": "Briefing", "published": "2024-02-01"}},
            {"item": {"headline": "Briefing", "published": "2024-01-31"}},
            False,
        ),
        (
            {"item": {"headline": "Briefing", "published": "2024-02-01"}},
            {"item": {"headline": "Briefing", "published": "2024-02-01T09:00:00Z"}},
            True,
        ),
    ],
)
def test_identity(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    ids = {handle(event(**fields))[1].article_id for fields in (one, other)}
    assert (len(ids) == 1) is same


def test_revisions_stay_in_the_partition_of_the_first_capture() -> None:
    state = MemoryState()
    first, _ = handle(event(url="https://a.example/1"), state)
    second, article = handle(event(url="https://a.example/1", body=GERMAN), state)
    withdrawn, _ = handle(event(url="https://a.example/1", body="", rights={"status": "canceled"}), state)
    other, _ = handle(event(url="https://a.example/2", body=GERMAN), state)
    assert [first.language, second.language, withdrawn.language, other.language] == ["en", "en", "en", "de"]
    assert article.language == "de"


def test_the_region_of_a_language_does_not_part_duplicates() -> None:
    for declared in ("en", "en-GB", "en_US"):
        emit, _ = handle(event(item={"headline": "Gates stuck", "language": declared}))
        assert emit.language == "en"


def test_equal_content_has_an_equal_hash_and_other_content_another() -> None:
    def content(**fields: Any) -> str:
        return handle(event(**fields))[1].content_hash

    same = [
        {},
        {"url": "https://a.example/1"},
        {"body": f"\ufeff{TEXT}\r\n"},
        {"body": TEXT.replace(" ", "\xa0")},
        {"source": {"name": "x", "kind": "files"}},
    ]
    assert len({content(**fields) for fields in same}) == 1
    other = [
        {},
        {"body": TEXT + " More."},
        {"item": {"headline": "Gates open"}},
        {"item": {"headline": "Gates stuck", "summary": "S"}},
        {"body": f"{TEXT}\n\n{TEXT}"},
    ]
    assert len({content(**fields) for fields in other}) == len(other)


def test_the_same_input_gives_the_same_bytes() -> None:
    for record in (
        event(),
        event(media_type="text/html", body=f"<title>Gates stuck</title><p>{TEXT}</p><p>{GERMAN}</p>"),
        event(body=GERMAN),
    ):
        outputs = {handle(record)[1].model_dump_json() for _ in range(3)}
        assert len(outputs) == 1


def test_a_reject_leaves_no_state() -> None:
    state = MemoryState()
    with pytest.raises(Reject):
        handle(event(body=""), state)
    assert state.data == {}


@pytest.mark.parametrize(
    ("fields", "reason", "path"),
    [
        ({"body": " \n "}, "empty-body", "/body"),
        ({"body": "12 34 --"}, "not-an-article", "/body"),
        ({"body": "line\n" * 30_000}, "not-an-article", "/body"),
        ({"media_type": "image/png"}, "unsupported-media-type", "/media_type"),
        ({"body": "no base64!", "body_encoding": "base64"}, "undecodable", "/body"),
        ({"body": "gYGBAQIDBAUG" * 40, "body_encoding": "base64"}, "undecodable", "/body"),
        ({"item": {}, "body": TEXT}, "no-headline", "/item/headline"),
        ({"item": {"headline": "<b></b>"}}, "no-headline", "/item/headline"),
        ({"item": {"headline": "x" * 600}}, "no-headline", "/item/headline"),
        ({"rights": {"status": "canceled"}, "body": ""}, "withdrawal-without-identity", "/url"),
    ],
)
def test_rejections(fields: dict[str, Any], reason: str, path: str) -> None:
    with pytest.raises(Reject) as rejected:
        handle(event(**fields))
    assert (rejected.value.reason, rejected.value.path) == (reason, path)
    assert len(rejected.value.detail) > 20


TEXT_FIELD = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    | st.sampled_from(
        [
            "2024-02-01",
            "en",
            "LIVE: x",
            "(AP) — X",
            "https://a.example/?utm_x=1",
            "By A and B",
            "<b>x</b>",
            "&amp;lt;i&gt;",
            "\u202ex",
            "\0",
        ]
    )
)
BODIES = st.lists(
    st.sampled_from(
        [
            TEXT,
            GERMAN,
            "A heading",
            " date 2024-02-01 X: Live",
            "<p>",
            "<h1>x</h1>",
            "<title>",
            "— AP",
            "\n",
            "\n\n",
            "\0",
            "\ufeff",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    max_size=12,
).map("\n".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=BODIES,
    media_type=st.sampled_from(["text/plain", "text/plain", "text/html"]),
    url=TEXT_FIELD,
    guid=TEXT_FIELD,
    charset=TEXT_FIELD,
    item=st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(
                ("headline", "summary", "published", "modified", "language", "section"), TEXT_FIELD
            ),
            **{name: st.lists(TEXT_FIELD.filter(bool), max_size=3) for name in ("authors", "keywords")},
        },
    ),
    status=st.sampled_from(["usable", "usable", "canceled"]),
)
def test_any_record_becomes_a_valid_event_or_a_rejection(status: str, **fields: Any) -> None:
    given_event = event(rights={"status": status}, **fields)
    try:
        emit, article = handle(given_event)
    except Reject:
        return
    writer("normalized").check(article.to_data())
    assert emit.key == article.article_id
    shown = [
        article.headline,
        article.summary or "",
        *article.authors,
        *(p for s in article.sections for p in s.paragraphs),
    ]
    assert not any(c < " " for text in shown for c in text)


def dated(offset: int, when: str, *, url: int | None = None, source: str = "desk") -> Event:
    return event(
        offset,
        url=f"https://a.example/{offset if url is None else url}",
        source={"name": source, "kind": "files", "publisher": "The Desk"},
        item={"headline": "Gates stuck", "published": when},
    )


def test_a_source_that_gives_one_date_for_everything_is_noted() -> None:
    state = MemoryState()
    notes = [handle(dated(n, "2024-01-31T10:00:07Z"), state)[1] for n in range(10)]
    assert [each.date_notes for each in notes] == [None] * 7 + [("frozen",)] * 3
    assert notes[-1].published_at == notes[0].published_at
    assert [each.provenance["published_at"].confidence for each in notes[6:8]] == [1.0, 0.3]
    assert handle(dated(20, "2024-01-31T10:00:07Z", source="other"), state)[1].date_notes is None
    assert handle(dated(21, "2024-01-31T10:00:08Z"), state)[1].date_notes is None
    assert handle(dated(22, "2024-01-31T10:00:07Z"), state)[1].date_notes is None  # the row was broken


def test_days_midnights_and_captures_of_one_article_are_no_frozen_dates() -> None:
    state = MemoryState()
    for n in range(10):
        assert handle(dated(n, "2024-01-31"), state)[1].date_notes is None
        assert handle(dated(n + 20, "2024-01-31T00:00:00+01:00"), state)[1].date_notes is None
        assert handle(dated(n + 40, "2024-01-31T10:00:07Z", url=1), state)[1].date_notes is None


def test_what_is_remembered_of_a_source_s_dates_goes_with_its_publisher() -> None:
    state = MemoryState()
    handle(dated(1, "2024-01-31T10:00:07Z"), state)
    assert state.get("dates:desk")
    purge = Purge(
        purge_id="0123456789ab",
        at=utc_from_ms(NOON),
        kind="publisher",
        name="The Desk",
        reason="opt-out",
        requested_by="desk",
    )
    assert "dates:desk" in Normalize().remembers(purge, state)


@pytest.mark.parametrize(("length", "kept"), [(2048, 2048), (2049, 2048), (200_000, 2048)])
def test_a_long_name_of_an_outlet_is_cut(length: int, kept: int) -> None:
    state = MemoryState()
    source = {"name": "desk", "kind": "files", "publisher": "Ж" * length}
    published = {"headline": "Gates stuck", "published": "2024-01-31T10:00:07Z"}
    name = handle(event(1, source=source, item=published), state)[1].source.publisher
    assert name is not None
    assert (len(name), name.endswith("…")) == (kept, length > kept)
    assert sum(map(len, state.data.values())) < 20_000, "nor is more of it remembered"


def test_a_long_text_is_never_cut() -> None:
    text = "Шлюз закрыт, сказали в понедельник. " * 2_000
    (section,) = handle(event(1, body=text))[1].sections
    assert section.paragraphs == (text.strip(),)
    assert len(text.encode()) > 100_000


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("2024-01-31T10:00:07+05:30", "+05:30"),
        ("Wed, 31 Jan 2024 10:00:07 -0330", "-03:30"),
        ("Wed, 31 Jan 2024 10:00:07 EST", "-05:00"),
        ("2024-01-31T10:00:07Z", "+00:00"),
        ("2024-01-31T10:00:07", None),
        ("2024-01-31", None),
    ],
)
def test_the_offset_in_which_a_time_is_written_is_kept(written: str, offset: str | None) -> None:
    assert handle(dated(1, written))[1].published_offset == offset
