"""Clients that are slow, endless or many: cut off, and the others are served."""

from __future__ import annotations

import select
import socket
from dataclasses import replace
from typing import Any

import pytest
from push_server import PATIENT
from waiting import PATIENCE, until

from producers.push.limits import Limits

PLACES = 4
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture
def limits() -> Limits:
    """Those of a server that is quick to lose patience."""
    return Limits(
        header_seconds=0.5, body_seconds=0.5, passed_over_seconds=2.0, idle_seconds=1, requests=PLACES
    )


def talk(port: int, *pieces: bytes, pause: float = 0.05) -> bytes:
    """Send the pieces with pauses between them, until something is answered; return all that is answered until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        heard = b""
        try:
            for piece in pieces:
                client.sendall(piece)
                if select.select([client], [], [], pause)[0]:
                    break
            while piece := client.recv(65536):
                heard += piece
        except (BrokenPipeError, ConnectionResetError):
            pass  # what was heard until then counts
        return heard


def answered(port: int, *pieces: bytes, pause: float = 0.05) -> bytes:
    """As `talk`, again when nothing is heard: what is still sent to a server that has answered and closed takes the answer away."""
    return until(lambda: talk(port, *pieces, pause=pause), "an answer")


def head(site: Any, *more: str) -> bytes:
    lines = [
        "POST /v1/articles HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        f"authorization: Bearer {site.token}",
    ]
    return "\r\n".join([*lines, *more, "", ""]).encode()


def test_headers_that_never_end_are_cut_off(site: Any) -> None:
    assert talk(site.port, *[b"POST /v1/articles HTTP/1.1\r\n", *[b"x-a: b\r\n"] * 40]) == b""


def test_a_connection_that_says_nothing_is_closed(site: Any) -> None:
    assert talk(site.port) == b""


def test_headers_that_are_too_long_are_refused(site: Any) -> None:
    answer = talk(site.port, b"POST /v1/articles HTTP/1.1\r\nx: " + b"a" * 200_000)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def test_a_request_that_is_no_http_is_answered_with_a_problem(site: Any) -> None:
    answer = answered(site.port, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"urn:newswire:problem:bad-request" in answer


@pytest.mark.parametrize("framing", ["content-length: 100000", "transfer-encoding: chunked"])
def test_a_body_that_does_not_come_in_time_is_cut_off(site: Any, framing: str) -> None:
    piece = b"1\r\n \r\n" if "chunked" in framing else b" "
    answer = answered(site.port, head(site, framing), *[piece] * 30)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"urn:newswire:problem:too-slow" in answer
    assert site.count() == 0


def test_a_body_that_does_not_end_is_cut_off_at_its_limit(site: Any) -> None:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    answer = answered(site.port, head(site, "transfer-encoding: chunked"), *[chunk] * 40, pause=0)
    assert answer.startswith(b"HTTP/1.1 413 ")
    answer = answered(site.port, head(site, "content-length: 99999999999"))
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_is_too_large_and_never_ends_is_cut_off_for_good(site: Any) -> None:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    answer = talk(site.port, head(site, "transfer-encoding: chunked"), *[chunk] * 400, pause=0)
    # It may only find the connection closed while it still sends.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("limits", [PATIENT])
@pytest.mark.parametrize("mib", [17, 40])
def test_who_sends_too_much_in_one_go_can_read_the_answer(site: Any, mib: int) -> None:
    """As most clients do: all of the body first, then the answer."""
    body = b'{"guid": "g", "headline": "h", "text": "' + b"x" * (mib << 20) + b'"}'
    for _ in range(3):
        answer = site.post(body)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:newswire:problem:too-large"
    assert site.count() == 0


def test_who_asks_before_sending_too_much_is_told_at_once(site: Any) -> None:
    answer = answered(site.port, head(site, "content-length: 20000000", "expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("limits", [replace(PATIENT, body_seconds=0.5, requests=PLACES)])
def test_while_slow_clients_hold_all_places_others_are_told_to_come_again_and_then_served(site: Any) -> None:
    slow = [socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) for _ in range(PLACES)]
    for each in slow:
        each.sendall(head(site, "content-length: 10", "expect: 100-continue"))
        # Asked for its body: it has its place.
        assert each.recv(len(CONTINUE), socket.MSG_WAITALL) == CONTINUE
    answer = site.post({"guid": "g", "headline": "h", "text": "t"})
    # On a busy machine they may have been cut off by then: this one found a place.
    assert answer.status_code in (202, 503)
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) >= 1
    for each in slow:
        assert each.recv(20).startswith(b"HTTP/1.1 408")
        each.close()
    assert site.post({"guid": "g", "headline": "h", "text": "t"}).status_code == 202
