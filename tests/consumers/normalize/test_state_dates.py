"""When an article was published, by the object that a state has of it: which keys and values are believed. The cases have whole pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.normalize.script_state.dates import stated_dates

AT = "2024-02-01T10:00:00Z"
PUBLISHED = """
published publishedAt published_at publishedDate PublishedDate published-on publishedDateTime publishedepoch publishDate
publish_time publicationDate publication_date_utc pubDate pub_timestamp datePublished date_published dateOfPublication
first_published firstPublishedAt first_publish_date firstPublicationDate originally_published_at originalPublishDate
webPublicationDate articlePublishDate contentDatePublished date_gmt post_date_gmt deployDt pblshDt fechaPublicacion
data_publicacao dataPubblicazione publicatieDatum publishedAt({"zone":"UTC"})
"""
MODIFIED = """
modified modifiedAt modified_gmt dateModified dateContentModified lastModified last-modified lastModifiedDate modDate
modificationDate updated updateDate lastUpdated last_updated_date lastUpdate dateUpdated dateOfLastUpdate lastEdited
reDeployDt pageModified
"""
OTHER = """
date time timestamp createdAt created_date updatedAt updated_at contentUpdatedAt _updated _publishedAt lastPublishedAt
republishDate publishedUntil unpublishDate plannedPublishDate expirationDate releaseDate issueDate displayDate indexedAt
publisher publication publicationId publishedAtVerbal publishDateStr videoPublishedTime parentPublishDate
significantUpdateTill
"""


def fields(node: dict[Any, Any]) -> list[tuple[str, str]]:
    return [(each.field, each.value) for each in stated_dates("state", node)]


@pytest.mark.parametrize("key", PUBLISHED.split())
def test_keys_that_mean_the_publication(key: str) -> None:
    assert fields({key: AT}) == [("published_at", AT)]


@pytest.mark.parametrize("key", MODIFIED.split())
def test_keys_that_mean_the_last_change(key: str) -> None:
    assert fields({key: AT}) == [("modified_at", AT)]


@pytest.mark.parametrize("key", OTHER.split())
def test_keys_that_mean_something_else_or_may_do(key: str) -> None:
    assert fields({key: AT}) == []


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (1706781600, "1706781600"),
        (1706781600000, "1706781600000"),
        (1706781600.5, "1706781600.5"),
        ("2024.02.01 19:00", "2024.02.01 19:00"),
        (f" {AT} ", AT),
        ({"$date": 1706781600000}, "1706781600000"),
        ({"_seconds": 1706781600, "_nanoseconds": 0}, "1706781600"),
        ({"__typename": "Time", "iso": AT}, AT),
        ({"iso": "2024-02-01 10:00"}, None),  # the zone may be beside it
        ({"date": "2024-02-01 10:00:00.000000", "timezone": "UTC"}, None),
        (True, None),
        (1, None),
        ("", None),
        ("yes", None),
        ("just now", None),
        (None, None),
        ([AT], None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00.000Z", None),
        (f"{AT}{' ' * 100}{AT}", None),
    ],
)
def test_values_that_are_dates(value: Any, read: str | None) -> None:
    assert fields({"published": value}) == ([("published_at", read)] if read else [])


def test_the_offset_that_a_key_tells_is_the_dates() -> None:
    (date,) = stated_dates("state", {"date_gmt": "2024-02-01T10:00:00"})
    assert (date.raw, date.value) == ("state: date_gmt: 2024-02-01T10:00:00", "2024-02-01T10:00:00Z")
    assert fields({"date_gmt": "2024-02-01T11:00:00+01:00"}) == [
        ("published_at", "2024-02-01T11:00:00+01:00")
    ]


def test_the_first_publication_comes_before_others_and_what_says_more_before_what_says_less() -> None:
    node = {
        "publishedDate": "2024-02-03",
        "publishTime": "2024-02-03 10:00",
        "publishedAt": "2024-02-03T09:00:00Z",
        "firstPublished": "2024-02-01",
        "pubDate": "2024-02-03T09:00:00Z",
    }
    assert [value for _, value in fields(node)] == ["2024-02-01", "2024-02-03T09:00:00Z", "2024-02-03 10:00"]


def test_objects_within_an_article_count_where_they_are_about_it() -> None:
    assert fields({"dates": {"published": AT}}) == [("published_at", AT)]
    assert fields({"metadata": {"firstPublished": AT}, "seo": {"dateModified": AT}}) == [
        ("published_at", AT),
        ("modified_at", AT),
    ]
    assert (
        fields(
            {
                "image": {"publishedAt": AT},
                "metaImage": {"publishedAt": AT},
                "header_video": {"publishedAt": AT},
            }
        )
        == []
    )
    assert fields({"metadata": {"image": {"published": AT}}}) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(AT),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["published", "dates", "iso", "x", ""]) | st.text(), inner)
        ),
    ).filter(lambda value: isinstance(value, dict))
)
def test_any_object_is_read(node: dict[Any, Any]) -> None:
    assert all(each.value for each in stated_dates("state", node))
