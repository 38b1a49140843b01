"""Commands that need no broker, and how commands end."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import psutil
import pytest
from jsonschema import Draft202012Validator
from waiting import PATIENCE, until

from newswire import topology
from newswire.cli.ending import EXIT_STATUSES
from newswire.errors import NewswireError


def test_the_flow(lonely) -> None:
    shown = lonely.text("topology")
    flow = lonely.lines("topology", "--json")
    assert [row["stage"] for row in flow] == [stage.name for stage in topology.STAGES]
    for row in flow:
        assert row["reads"] in shown
        assert f"`{row['reads']}`" in lonely.text("topology", "--markdown")


def test_the_contract(lonely, tmp_path: Path) -> None:
    events = {row["event"] for row in lonely.lines("schemas", "list", "-J")}
    assert {topic.event for topic in topology.TOPICS} < events
    schema = json.loads(lonely.text("schemas", "show", "article"))
    Draft202012Validator(schema).validate(json.loads(lonely.text("schemas", "show", "article", "--example")))
    written = lonely.text("schemas", "export", tmp_path / "contract").splitlines()
    assert json.loads(Path(written[0]).read_text()) is not None
    assert "no event is called 'artcle'" in lonely.error("schemas", "show", "artcle", status=2)


def test_settings_are_shown_and_secrets_are_not(lonely) -> None:
    lonely.environment["NEWSWIRE_SASL_PASSWORD"] = "do-not-tell"
    try:
        shown = lonely.text("config", "show")
    finally:
        del lonely.environment["NEWSWIRE_SASL_PASSWORD"]
    assert "NEWSWIRE_SASL_PASSWORD" in shown
    assert "do-not-tell" not in shown


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["tail"], 2, "Missing argument"),
        (["tial"], 2, "Did you mean 'tail'"),
        (["tail", "articles", "-o", "middle"], 2, "-o middle says nothing"),
        (["tail", "articles", "-o", "stored"], 2, "--group"),
        (["run", "shuffle"], 2, "no stage is called 'shuffle'"),
        (["up", "--brokers", "2"], 2, "1 or 3"),
        (["demo", "--seeds", "/nowhere"], 2, "there is no /nowhere"),
        (["rejected", "retry"], 2, "name the letters"),
        (["produce", "files", "."], 4, "no broker runs here"),
        (["ledger"], 4, "newswire up"),
        (["broker", "status"], 4, "no broker runs on"),
        (["broker", "stop"], 4, "no broker runs on"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_and_the_status_tells_it(lonely, arguments, status, said) -> None:
    done = lonely.run(*arguments, status=status)
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.stdout == b""


def test_a_wrong_setting_is_named(lonely) -> None:
    lonely.environment["NEWSWIRE_PARTITIONS"] = "many"
    try:
        assert "NEWSWIRE_PARTITIONS" in lonely.error("config", "show", status=2)
    finally:
        del lonely.environment["NEWSWIRE_PARTITIONS"]


def test_doctor_names_a_broker_that_does_not_answer(lonely) -> None:
    findings = lonely.lines("doctor", "-J", "-b", "127.0.0.1:1", status=1)
    (broker,) = [finding for finding in findings if finding["level"] == "fail"]
    assert broker["what"] == "broker"
    assert "127.0.0.1:1" in broker["shown"]
    assert broker["todo"]


def test_doctor_finds_nothing_wrong_with_a_machine_without_a_broker(lonely) -> None:
    assert "none runs on the data folder" in lonely.text("doctor")


def test_every_exit_status_of_an_error_is_documented() -> None:
    documented = {status for status, _ in EXIT_STATUSES}
    found = [NewswireError]
    for error in found:
        found += error.__subclasses__()
        assert error.exit_code in documented


@pytest.mark.broker
def test_an_interrupted_command_ends_with_130(cli) -> None:
    cli.run("topics", "create")
    process = cli.start("produce", "files", "-", stdin=-1, stdout=-1, stderr=-1)
    process.stdin.write(b'{"source": "x", "guid": "1", "headline": "H", "text": "A text of some words."}\n')
    process.stdin.flush()
    # The receipt says that it runs, and it waits for more.
    assert json.loads(process.stdout.readline())["status"] == "published"
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert b"1 published" in process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


@pytest.mark.broker
def test_asked_to_end_what_goes_on_is_done_and_what_has_an_end_is_not(cli, tmp_path) -> None:
    """Whoever runs a batch must not take an archive for read that was left in the middle."""
    cli.run("topics", "create")
    (tmp_path / "in").mkdir()
    for command, status in ((("warc", "-"), 130), (("wires", str(tmp_path / "in")), 0)):
        process = cli.start("produce", *command, stdin=-1, stdout=-1, stderr=-1)
        while b"caught up" not in (line := process.stderr.readline()):
            assert line, "it ended"
        process.send_signal(signal.SIGTERM)
        process.stdin.close()
        assert process.wait(PATIENCE) == status
        process.stdout.close()
        process.stderr.close()


@pytest.mark.broker
def test_following_ends_in_order_when_asked(cli) -> None:
    cli.run("topics", "create")
    cli.run("produce", "files", "-", stdin=b"Headline\nA text of some words.\n")
    for number in (signal.SIGINT, signal.SIGTERM):
        process = cli.start("tail", "raw", stdout=-1)
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        process.stdout.close()


@pytest.mark.broker
def test_a_reader_that_goes_away_is_no_error(cli) -> None:
    cli.run("topics", "create")
    cli.run("produce", "files", "-", stdin=b"Headline\nA text of some words.\n")
    process = cli.start("tail", "raw", "-J", stdout=-1, stderr=-1)
    assert process.stdout.readline()
    process.stdout.close()
    until(
        lambda: process.poll() is not None,
        "the end of who has no reader",
        meanwhile=lambda: cli.run("produce", "files", "-", stdin=b"Headline\nA text of some words.\n"),
    )
    assert process.returncode == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.broker
@pytest.mark.timeout(240)
def test_a_killed_up_leaves_nothing_behind(cli) -> None:
    process = cli.start("up", stderr=-1)
    try:
        while b"up; Ctrl-C" not in (line := process.stderr.readline()):
            assert line, "it ended"
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) == 5
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    _, alive = psutil.wait_procs(children, timeout=PATIENCE)
    assert alive == []


@pytest.mark.broker
@pytest.mark.timeout(240)
def test_up_ends_when_who_started_it_has_ended(cli) -> None:
    # Process 1 is not what started it: as when that had ended before it could be looked at.
    process = cli.start("up", "--end-with", "1", stderr=-1)
    _, said = process.communicate(timeout=200)
    assert process.returncode in {0, -signal.SIGTERM}, said.decode()
