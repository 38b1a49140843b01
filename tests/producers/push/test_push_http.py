"""What the push server answers, over real connections."""

from __future__ import annotations

import base64
import gzip
import json
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx2
import pytest
from push_server import SOON, serving
from structlog.testing import capture_logs
from wire import everything

from newswire.errors import UsageError
from newswire.intake.contract import Accepted, Submission, UnavailableError
from newswire.log.memory import MemoryLog
from producers.push import PushSource
from producers.push.limits import Limits
from producers.push.rate import Rates
from producers.push.senders import Sender, Senders, read_senders

URL = "https://herald.example/a"
ARTICLE = {"url": URL, "headline": "Ferries again", "text": "The ferries sail again."}


def problem(answer: httpx2.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"urn:newswire:problem:{kind}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


def test_one_article_is_answered_with_its_receipt(site: Any) -> None:
    answer = site.post(ARTICLE)
    assert answer.status_code == 202, answer.text
    [receipt] = answer.json()["receipts"]
    assert answer.json()["repeated"] is False
    [record] = site.log.read(receipt["topic"], receipt["partition"], receipt["offset"], receipt["offset"] + 1)
    assert record.key.decode() == receipt["key"] == URL
    [raw] = site.raws()
    assert raw["source"] == {"name": "herald", "kind": "push"}
    assert (raw["url"], raw["body"], raw["media_type"]) == (URL, ARTICLE["text"], "text/plain")
    assert raw["item"]["headline"] == "Ferries again"


def test_the_server_says_where_it_listens(desk: Any) -> None:
    with capture_logs() as logs, serving(desk, None) as port:
        pass
    assert [line["url"] for line in logs if line["event"] == "listens"] == [
        f"http://127.0.0.1:{port}/v1/articles"
    ]


def test_many_articles_are_answered_in_their_order(site: Any) -> None:
    many = [{**ARTICLE, "url": f"{URL}/{n}"} for n in range(20)]
    answer = site.post(many)
    assert [receipt["key"] for receipt in answer.json()["receipts"]] == [each["url"] for each in many]
    for receipt in answer.json()["receipts"]:
        [record] = site.log.read(
            receipt["topic"], receipt["partition"], receipt["offset"], receipt["offset"] + 1
        )
        assert record.key.decode() == receipt["key"]


def test_a_page_keeps_its_bytes_and_charset(site: Any) -> None:
    page = "<html><title>Fähre</title><p>Straße".encode("windows-1252")
    answer = site.client.post(
        "/v1/articles",
        params={"url": URL, "embargoed_until": "2031-01-01T00:00:00Z", "language": "de"},
        content=page,
        headers={"authorization": f"Bearer {site.token}", "content-type": "text/html; charset=windows-1252"},
    )
    assert answer.status_code == 202, answer.text
    [raw] = site.raws()
    assert base64.b64decode(raw["body"]) == page
    assert (raw["charset"], raw["media_type"], raw["url"]) == ("windows-1252", "text/html", URL)
    assert raw["rights"]["embargoed_until"] == "2031-01-01T00:00:00Z"
    assert raw["item"]["language"] == "de"


def test_text_without_identity_is_known_by_what_it_says(site: Any) -> None:
    for body in (b"One.", b"One.", b"Two."):
        assert site.post(body, content_type="text/plain").status_code == 202
    keys = [record.key for record in everything(site.log, "raw")]
    assert len(keys) == 3
    assert len(set(keys)) == 2


NINJS = {
    "uri": "urn:herald:1",
    "version": "2",
    "versioncreated": "2024-02-01T12:00:00Z",
    "pubstatus": "usable",
    "headline": "Ferries again",
    "body_text": "The ferries sail again.",
}


def test_an_agencys_items_are_read_as_what_they_are(site: Any) -> None:
    ninjs = "application/vnd.iptc.ninjs+json"
    one = site.post(NINJS, content_type=ninjs)
    assert one.status_code == 202, one.text
    [raw] = site.raws()
    assert (raw["source"]["kind"], raw["media_type"], raw["guid"]) == ("wires", ninjs, NINJS["uri"])
    assert json.loads(raw["body"]) == NINJS
    many = site.post([NINJS, {**NINJS, "uri": "urn:herald:2"}], content_type=ninjs)
    assert [receipt["key"] for receipt in many.json()["receipts"]] == [
        "herald:urn:herald:1",
        "herald:urn:herald:2",
    ]
    found = problem(site.post([NINJS, {"odd": 1}], content_type=ninjs), 422, "invalid-article")
    assert found["errors"][0]["detail"].startswith("item 2: ")
    problem(site.post([NINJS] * 501, content_type=ninjs), 413, "too-large")
    problem(
        site.post(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", content_type="text/xml"),
        422,
        "invalid-article",
    )
    assert site.count() == 3


def test_gzip_is_unpacked(site: Any) -> None:
    packed = gzip.compress(json.dumps(ARTICLE).encode()) + gzip.compress(b" ")
    assert site.post(packed, **{"content-encoding": "gzip"}).status_code == 202
    assert site.raws()[0]["body"] == ARTICLE["text"]


@pytest.mark.parametrize(
    ("record", "pointer", "says"),
    [
        ({**ARTICLE, "headline": ["a"]}, "/headline", "must be a string"),
        ({**ARTICLE, "headline": 1}, "/headline", "must be a string, is a number"),
        ({**ARTICLE, "headline": {"name": "a"}}, "/headline", "must be a string, is an object"),
        ({**ARTICLE, "guid": True}, "/guid", "is true or false"),
        ({**ARTICLE, "published": 1.5}, "/published", "whole number"),
        ({**ARTICLE, "author": ["a", 2]}, "/author/1", "a number"),
        ({**ARTICLE, "authors": {"first": "a"}}, "/authors", "array of them"),
        ({**ARTICLE, "language": 7}, "/language", "must be a string"),
        ({**ARTICLE, "text": 7}, "/text", "must be a string"),
        ({"url": URL, "headline": "a", "text": False}, "/text", "must be a string"),
        ({"url": URL, "headline": "a", "html": []}, "/html", "must be a string"),
        ({"headline": 1}, "/headline", "must be a string"),
        ({"headline": "a"}, "/text", "is missing"),
        ({"url": URL, "headline": "a", "bodyHtml": ""}, "/bodyHtml", "is missing"),
        ({}, "/text", "is missing"),
        ({**ARTICLE, "text": " \n"}, "/text", "is missing"),
        ({"headline": "Kill", "status": "canceled"}, "/url", "withdraw"),
        ({**ARTICLE, "embargo": "tomorrow"}, "/embargo", "RFC 3339"),
        ({**ARTICLE, "embargo": ""}, "/embargo", "is empty"),
        ({**ARTICLE, "embargoed_until": " "}, "/embargoed_until", "is empty"),
        ({**ARTICLE, "pubStatus": ""}, "/pubStatus", "is empty"),
        ({**ARTICLE, "embargoed_untill": "2031-01-01T00:00:00Z"}, "/embargoed_untill", "embargoed_until"),
        ({**ARTICLE, "pubStatus": "odd"}, "/pubStatus", "canceled"),
        ({**ARTICLE, "source": "gazette"}, "/source", "not yours"),
        ({**ARTICLE, "url": "https://other.example/a"}, "/url", "herald.example"),
        ({**ARTICLE, "url": "https://me:hunter2@herald.example/a"}, "/url", "password"),
        ({**ARTICLE, "url": "ftp://herald.example/a"}, "/url", "http"),
        ({**ARTICLE, "url": "https://herald.example.evil.example/a"}, "/url", "herald.example"),
        ({**ARTICLE, "html": "<p>x"}, "/html", "twice"),
        ({"media_type": "text/plain", "source": {"name": "herald"}, "body": ""}, "/source/kind", "required"),
        ("text", "", "object"),
        ({**ARTICLE, "text": "a" * (8 * 1024 * 1024 + 1)}, "", "8 MiB"),
    ],
)
def test_what_is_wrong_with_an_article_is_said_at_its_place_and_none_is_published(
    site: Any, record: Any, pointer: str, says: str
) -> None:
    [fault] = problem(site.post(json.dumps(record).encode()), 422, "invalid-article")["errors"]
    assert fault["pointer"] == pointer
    assert says in fault["detail"]
    found = problem(site.post([ARTICLE, record]), 422, "invalid-article")
    assert [each["pointer"] for each in found["errors"]] == [f"/1{pointer}"]
    assert site.count() == 0


@pytest.mark.parametrize(
    ("content", "headers", "status", "kind"),
    [
        (b"{", {}, 400, "invalid-json"),
        (b'{"headline": NaN}', {}, 400, "invalid-json"),
        (b"[" * 100_000, {}, 400, "invalid-json"),
        (b"[]", {}, 422, "invalid-article"),
        (b"{}", {"content-type": ""}, 415, "unsupported-media-type"),
        (b"{}", {"content-type": "application/pdf"}, 415, "unsupported-media-type"),
        (b"{}", {"content-type": "application/json; charset=latin-1"}, 415, "unsupported-media-type"),
        (b"{}", {"content-encoding": "br"}, 415, "unsupported-media-type"),
        (b"{}", {"content-encoding": "gzip"}, 400, "invalid-encoding"),
        (gzip.compress(b"{}", mtime=0)[:-4], {"content-encoding": "gzip"}, 400, "invalid-encoding"),
        (gzip.compress(bytes(200_000_000), mtime=0), {"content-encoding": "gzip"}, 413, "too-large"),
        (b" " * (16 * 1024 * 1024 + 1), {}, 413, "too-large"),
        (json.dumps([{}] * 501).encode(), {}, 413, "too-large"),
        (json.dumps(ARTICLE).encode(), {"idempotency-key": "with space"}, 400, "bad-request"),
        (json.dumps(ARTICLE).encode(), {"idempotency-key": "k" * 256}, 400, "bad-request"),
        (b"", {"content-type": "text/plain"}, 422, "invalid-article"),
        (b"%PDF-1.7", {"content-type": "text/plain"}, 422, "invalid-article"),
    ],
)
def test_what_cannot_be_read_is_refused(
    site: Any, content: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    assert problem(site.post(content, **headers), status, kind)["errors"]
    assert site.count() == 0


def test_ids_and_times_may_be_numbers_and_authors_objects(site: Any) -> None:
    record = {
        "id": 12,
        "published": 1706745600,
        "authors": [{"name": "Ada Ruiz"}, "B"],
        "text": "t",
        "extra": 1,
    }
    assert site.post(record).status_code == 202
    [raw] = site.raws()
    assert (raw["guid"], raw["item"]["published"]) == ("12", "1706745600")
    assert raw["item"]["authors"] == ["Ada Ruiz", "B"]


@pytest.mark.parametrize("name", [{"url": URL}, {"guid": "g1"}])
def test_a_withdrawal_needs_no_text(site: Any, name: dict[str, str]) -> None:
    assert site.post({**name, "status": "canceled"}).status_code == 202
    assert site.raws()[0]["rights"]["status"] == "canceled"


def test_json_that_is_broken_is_named_by_line_and_column(site: Any) -> None:
    [fault] = problem(site.post(b'{"url":\n "x",, "text": "y"}'), 400, "invalid-json")["errors"]
    assert (fault["line"], fault["column"]) == (2, 6)
    packed = gzip.compress(bytes(17 * 1024 * 1024))
    [fault] = problem(site.post(packed, **{"content-encoding": "gzip"}), 413, "too-large")["errors"]
    assert fault["limit"] == 16 * 1024 * 1024
    [fault] = problem(site.post([{}] * 501), 413, "too-large")["errors"]
    assert fault["limit"] == 500


def test_half_a_surrogate_pair_costs_a_character_and_no_more(site: Any) -> None:
    body = (
        rb'[{"url": "https://herald.example/1", "headline": "A \ud800 b", "text": "\\ud800 \ud83d\ude00 c"}]'
    )
    assert site.post(body).status_code == 202
    [raw] = site.raws()
    assert (raw["item"]["headline"], raw["body"]) == ("A \ufffd b", "\\ud800 \U0001f600 c")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "herald", "https://", "//h.example/a"],
)
def test_a_link_is_of_http_or_https(site: Any, url: str) -> None:
    found = problem(site.post([ARTICLE, {**ARTICLE, "url": url}]), 422, "invalid-article")
    assert [each["pointer"] for each in found["errors"]] == ["/1/url"]
    headers = {"authorization": f"Bearer {site.token}", "content-type": "text/html"}
    answer = site.client.post("/v1/articles", params={"url": url}, content=b"<p>x", headers=headers)
    assert problem(answer, 422, "invalid-article")["errors"][0]["parameter"] == "url"
    assert site.count() == 0


def test_a_date_in_any_words_is_kept_as_it_is_written(site: Any) -> None:
    assert site.post({**ARTICLE, "published": "soon"}).status_code == 202
    assert site.raws()[0]["item"]["published"] == "soon"


def test_a_parameter_that_is_not_known_is_refused_by_its_name(site: Any) -> None:
    headers = {"authorization": f"Bearer {site.token}", "content-type": "text/html"}
    answer = site.client.post("/v1/articles?embargo=2031-01-01", content=b"<p>x", headers=headers)
    assert problem(answer, 400, "bad-request")["errors"][0]["parameter"] == "embargo"
    twice = "embargoed_until=2031-01-01T00:00:00Z&embargoed_until=2021-01-01T00:00:00Z"
    answer = site.client.post(f"/v1/articles?{twice}", content=b"<p>x", headers=headers)
    [fault] = problem(answer, 400, "bad-request")["errors"]
    assert (fault["parameter"], fault["detail"]) == (
        "embargoed_until",
        "is there 2 times: leave the others out",
    )
    answer = site.client.post("/v1/articles?embargoed_until=soon", content=b"<p>x", headers=headers)
    assert problem(answer, 422, "invalid-article")["errors"][0]["parameter"] == "embargoed_until"


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", "Basic aGVyYWxkOng=", "Bearer " + "x" * 600, "Bearer \xff"],
)
def test_a_token_that_is_not_known_is_refused(site: Any, authorization: str) -> None:
    answer = site.client.post(
        "/v1/articles",
        json=ARTICLE,
        headers={"authorization": authorization.encode("latin-1")},
    )
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert site.count() == 0


def test_a_webhook_signed_with_any_of_the_secrets_is_taken_and_a_replay_publishes_nothing(site: Any) -> None:
    body = json.dumps({"guid": "g1", "headline": "h", "text": "t"}).encode()
    for n, secret in enumerate(site.secrets):
        headers = site.signed(secret, body, message_id=f"msg_{n}")
        first = site.client.post("/v1/articles", content=body, headers=headers)
        assert (first.status_code, first.json()["repeated"]) == (202, False)
        replay = site.client.post("/v1/articles", content=body, headers=headers)
        assert (replay.status_code, replay.json()["repeated"]) == (202, True)
        assert replay.json()["receipts"] == first.json()["receipts"]
    assert site.count() == 2
    assert site.raws()[0]["source"]["name"] == "agency"


def test_a_webhook_with_several_signatures_needs_one_that_is_right(site: Any) -> None:
    body = b'{"guid": "g1", "headline": "h", "text": "t"}'
    headers = site.signed(site.secrets[0], body)
    headers["webhook-signature"] = f"v1a,xyz v1,bm90IGl0 v1,%%% {headers['webhook-signature']}"
    assert site.client.post("/v1/articles", content=body, headers=headers).status_code == 202


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": "msg.1"},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "99999999999999999999"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1," + "A" * 44},
        {"webhook-signature": "v1"},
        {"webhook-id": None},
        {"webhook-signature": None},
    ],
)
def test_a_webhook_that_was_changed_is_refused(site: Any, change: dict[str, str | None]) -> None:
    body = b'{"guid": "g1", "headline": "h", "text": "t"}'
    headers = {**site.signed(site.secrets[0], body), **change}
    given = {name: value for name, value in headers.items() if value is not None}
    problem(site.client.post("/v1/articles", content=body, headers=given), 401, "unauthorized")
    assert site.count() == 0


@pytest.mark.parametrize("seconds", [-301, 330])
def test_a_webhook_of_another_time_is_refused(site: Any, seconds: int) -> None:
    headers = site.signed(site.secrets[0], b"{}", at=time.time() + seconds)
    found = problem(site.client.post("/v1/articles", content=b"{}", headers=headers), 401, "unauthorized")
    assert "clock" in found["detail"]


def test_a_webhook_with_another_body_or_secret_is_refused(site: Any) -> None:
    headers = site.signed(site.secrets[0], b"{}")
    problem(site.client.post("/v1/articles", content=b"{} ", headers=headers), 401, "unauthorized")
    headers = site.signed(site.strange, b"{}")
    problem(site.client.post("/v1/articles", content=b"{}", headers=headers), 401, "unauthorized")


def test_a_webhook_cannot_be_replayed_under_a_key(site: Any) -> None:
    body = b'{"guid": "g1", "headline": "h", "text": "t"}'
    headers = site.signed(site.secrets[0], body)
    found = site.client.post("/v1/articles", content=body, headers={**headers, "idempotency-key": "other"})
    problem(found, 400, "bad-request")
    same = site.client.post("/v1/articles", content=body, headers={**headers, "idempotency-key": '"msg_1"'})
    assert same.status_code == 202


def test_the_same_key_again_is_answered_with_the_same_receipt(site: Any) -> None:
    first = site.post(ARTICLE, idempotency_key='"k-1"')
    again = site.post(ARTICLE, idempotency_key="k-1")
    assert again.status_code == 202
    assert again.json() == {**first.json(), "repeated": True}
    found = problem(site.post({**ARTICLE, "text": "other"}, idempotency_key="k-1"), 409, "key-reused")
    assert found["errors"][0]["header"] == "Idempotency-Key"
    assert site.count() == 1


def test_other_addresses_and_methods_are_problems_too(site: Any) -> None:
    problem(site.client.get("/nothing"), 404, "not-found")
    answer = site.client.put("/v1/articles")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


def test_health_says_whether_articles_are_taken(site: Any) -> None:
    assert (site.client.get("/healthz").status_code, site.client.get("/healthz").json()) == (
        200,
        {"status": "ok"},
    )


class Away:
    """A desk whose broker is away, or never answers."""

    ready = False

    def __init__(self, error: UnavailableError | None) -> None:
        self.error = error
        self.given: list[Future[Accepted]] = []

    def submit(self, submission: Submission) -> Future[Accepted]:
        if self.error is not None:
            raise self.error
        self.given.append(Future())
        return self.given[-1]


def test_while_the_broker_is_away_the_answer_is_503_and_when_to_come_again(
    senders: Senders, senders_file: tuple[Path, str]
) -> None:
    with serving(Away(UnavailableError("away", 1.5)), senders) as port:  # type: ignore[arg-type]
        where = f"http://127.0.0.1:{port}"
        answer = httpx2.post(
            f"{where}/v1/articles", json=ARTICLE, headers={"authorization": f"Bearer {senders_file[1]}"}
        )
        problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "2"
        health = httpx2.get(f"{where}/healthz")
        assert (health.status_code, health.json()) == (503, {"status": "unavailable"})


def test_a_broker_that_does_not_answer_is_not_waited_for_longer_than_agreed(
    senders: Senders, senders_file: tuple[Path, str]
) -> None:
    desk = Away(None)
    with serving(desk, senders, Limits(answer_seconds=0.2)) as port:  # type: ignore[arg-type]
        answer = httpx2.post(
            f"http://127.0.0.1:{port}/v1/articles",
            json=ARTICLE,
            headers={"authorization": f"Bearer {senders_file[1]}"},
        )
        problem(answer, 503, "unavailable")
    # Not taken by the writer yet: so it must never be.
    assert desk.given[0].cancelled()


def test_a_sender_that_asks_too_often_is_told_when_to_come_again(
    log: MemoryLog, desk: Any, tmp_path: Path
) -> None:
    from producers.push.senders import new_token

    token, checksum = new_token()
    path = tmp_path / "senders.toml"
    path.write_text(f'[senders.slow]\ntokens = ["{checksum}"]\nrate = 0.5\n')
    with serving(desk, read_senders(path)) as port:
        answers = [
            httpx2.post(
                f"http://127.0.0.1:{port}/v1/articles",
                json=ARTICLE,
                headers={"authorization": f"Bearer {token}"},
                timeout=SOON,
            )
            for _ in range(2)
        ]
    assert answers[0].status_code == 202
    problem(answers[1], 429, "too-many-requests")
    assert 1 <= int(answers[1].headers["retry-after"]) <= 2


def test_a_bucket_fills_at_its_rate() -> None:
    now = [0.0]
    rates = Rates(lambda: now[0])
    sender = Sender("s", (), rate=10)
    assert [rates.take(sender) for _ in range(20)] == [0.0] * 20
    assert rates.take(sender) == pytest.approx(0.1)
    now[0] += 0.1
    assert rates.take(sender) == 0
    assert rates.take(sender) > 0
    now[0] += 1000
    assert [rates.take(sender) for _ in range(21)].count(0.0) == 20
    assert rates.take(Sender("other", (), rate=10)) == 0


def test_without_a_login_only_this_machine_may_push_and_no_web_page(desk: Any, log: MemoryLog) -> None:
    with serving(desk, None) as port:
        where = f"http://127.0.0.1:{port}/v1/articles"
        assert httpx2.post(where, json={"guid": "g", "headline": "h", "text": "t"}).status_code == 202
        for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"host": "evil.example"}):
            answer = httpx2.post(where, json={"guid": "g", "headline": "h", "text": "t"}, headers=headers)
            problem(answer, 403, "forbidden")
    assert sum(log.end_offsets("news.raw.v1").values()) == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "--senders"),
        ({"insecure_loopback": True, "host": "0.0.0.0"}, "--host"),
        ({"insecure_loopback": True, "senders": Path("x")}, "leave one out"),
        ({"insecure_loopback": True, "key": Path("x")}, "TLS"),
        ({"senders": Path("nowhere.toml")}, "nowhere.toml"),
    ],
)
def test_it_does_not_start_open_by_mistake(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        PushSource(**{"host": "127.0.0.1", "port": 1, "senders": None, **given})


CHECKSUM = f"sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "senders"),
        ("[senders]", "names no sender"),
        ("[senders.a]", "neither tokens"),
        ("[senders.a]\ntokens = ['secret-in-the-clear']", "senders.a.tokens.0"),
        ("[senders.a]\nwebhook_secrets = ['whsec_secret-in-the-clear']", "base64"),
        ("[senders.a]\nwebhook_secrets = ['whsec_c2VjcmV0']", "24 to 64 bytes"),
        ("[senders.a]\nwebhook_secret_files = ['gone']", "gone"),
        (
            "[senders.a]\ntoken = ['x']",
            "senders.a.token: there is no such setting: there are tokens, webhook",
        ),
        ("[senders.a]\ntokens = ['secret-in-the-clear']", "`newswire produce push-token NAME` makes both"),
        ("[senders.a]\nhosts = ['https://a.example/']", "senders.a.hosts.0: a host is written by its name"),
        ("[senders.a]\nrate = 0", "senders.a.rate: a rate is a number"),
        ("[sender.a]\ntokens = []", r"begins with \[senders.NAME\]"),
        (
            f"[senders.a]\ntokens = ['{CHECKSUM}']\n[senders.b]\ntokens = ['{CHECKSUM}']",
            "senders a and b have the same",
        ),
        ("[senders.'a b']\ntokens = []", "senders"),
        ("x = [", "TOML"),
    ],
)
def test_a_file_of_senders_that_is_wrong_is_refused_without_showing_a_secret(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "senders.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=says) as raised:
        read_senders(path)
    assert "secret-in-the-clear" not in str(raised.value)
    assert "c2VjcmV0" not in str(raised.value)
