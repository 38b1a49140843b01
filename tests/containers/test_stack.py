"""The real stack: brought up, fed, read from outside, hurt, and taken down. The tests tell one story, in order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from compose_stack import ROOT, Stack
from waiting import until

# Building the image and starting the stack count into the first test.
pytestmark = [pytest.mark.containers, pytest.mark.timeout(900)]

# Published after a stage was killed: one article for each, not copies of one another.
LATE = {
    "enrich": {
        "headline": "Harbour ferry resumes after the storm",
        "text": "The harbour ferry of Ellory resumed its service on Tuesday morning, the port authority said, two days "
        "after a storm had torn a landing stage from its moorings.\n\nThe first crossing left at half past six.",
        "published": "2024-03-05T09:00:00Z",
        "url": "https://ferry-news.example/harbour-ferry-resumes",
    },
    "deduplicate": {
        "headline": "Library lends telescopes for the eclipse",
        "text": "Readers in Saint Brannock may borrow a small telescope with a solar filter until the end of April. The "
        "town's library bought forty of them from its jubilee fund.\n\nA returned one is cleaned and lent again the same day.",
        "published": "2024-03-06T11:30:00Z",
        "url": "https://brannock-post.example/library-telescopes",
    },
}


def newswire(stack: Stack, *arguments: str) -> str:
    """Run the command line outside the containers, against the port that the stack opens; return its output."""
    done = subprocess.run(
        [sys.executable, "-m", "newswire", *arguments],
        cwd=ROOT,
        env={**os.environ, "KAFKA_BOOTSTRAP_SERVERS": stack.bootstrap_servers},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"newswire {' '.join(arguments)}: {done.returncode}\n{done.stderr}"
    return done.stdout


def ledger(stack: Stack) -> dict[str, Any]:
    total = json.loads(newswire(stack, "ledger", "--json"))["total"]
    assert isinstance(total, dict)
    return total


def headlines(stack: Stack) -> list[str]:
    """Read all articles from the beginning, as a subscriber outside the containers does."""
    from newswire import subscribe

    with subscribe("articles", bootstrap_servers=stack.bootstrap_servers, until_end=True) as events:
        return [event.data.headline for event in events]


def process(stack: Stack, service: str) -> dict[str, str]:
    """Return what the kernel says about a service's first process."""
    said = stack.engine.run("exec", stack.container(service), "cat", "/proc/1/status").stdout
    return {name: value.strip() for name, _, value in (line.partition(":") for line in said.splitlines())}


def test_every_service_runs_without_any_privilege(stack: Stack) -> None:
    lasting = [name for name in stack.services() if name != "topics"]
    for service in lasting:
        until(lambda name=service: stack.running(name), f"{service} runs")
        found = process(stack, service)
        assert found["Uid"].split()[0] != "0", service
        assert int(found["CapEff"], 16) == int(found["CapBnd"], 16) == 0, service
        assert found["NoNewPrivs"] == "1", service
    for service in set(lasting) - {"kafka"}:
        tried = stack.engine.run("exec", stack.container(service), "touch", "/written", check=False)
        assert "Read-only file system" in tried.stderr, service


def test_the_seeds_come_out_as_articles_that_a_subscriber_outside_reads(stack: Stack) -> None:
    def all_through() -> bool:
        total = ledger(stack)
        return total["published"] > 0 and total["held"] > 0 and not total["in_flight"]

    until(all_through, "the seeds have been through every stage", seconds=180)
    read = headlines(stack)
    total = ledger(stack)
    assert len(read) == total["published"] + total["revised"] + total["withdrawn"]
    assert total["duplicate"] > 0
    assert total["rejected"] > 0
    assert total["lost"] == total["twice"] == 0


def test_every_lasting_service_answers_prometheus(stack: Stack) -> None:
    ask = "import sys, urllib.request; print(urllib.request.urlopen(f'http://{sys.argv[1]}:9464/metrics').read().decode())"

    def answers(service: str) -> bool:
        # From another container, by name, as Prometheus would.
        done = stack.engine.run("exec", stack.container("enrich"), "python3", "-c", ask, service, check=False)
        return "process_start_time_seconds" in done.stdout

    for service in set(stack.services()) - {"kafka", "topics"}:
        until(lambda name=service: answers(name), f"{service} answers at its metrics port")


@pytest.mark.parametrize("service", LATE)
def test_a_killed_stage_comes_back_and_goes_on(stack: Stack, inbox: Path, service: str) -> None:
    before = headlines(stack)
    first = stack.sigkill(service)
    article = LATE[service]
    drop(inbox, f"late-{service}.json", article)

    until(lambda: stack.running(service) and stack.pid(service) != first, f"{service} has been started again")
    until(
        lambda: article["headline"] in headlines(stack),
        f"the article published after {service} was killed",
    )
    after = headlines(stack)
    assert after.count(article["headline"]) == 1
    assert len(after) == len(before) + 1


def test_the_ledger_balances(stack: Stack) -> None:
    until(lambda: not ledger(stack)["in_flight"], "nothing is on its way any more")
    total = ledger(stack)
    fates = ("published", "revised", "withdrawn", "duplicate", "rejected", "held")
    assert total["entered"] == sum(total[fate] for fate in fates)
    assert total["lost"] == total["twice"] == 0


def test_it_goes_down_and_leaves_nothing_behind(stack: Stack) -> None:
    mounted = stack.mounted()
    assert mounted
    stack.stop()
    ended = {service: stack.inspect(service)["State"]["ExitCode"] for service in stack.services()}
    # 137 would be a process that had to be killed. 3: the seeds hold files that cannot be read; 143: a JVM asked to end.
    expected = dict.fromkeys(ended, 0) | {"files": 3, "kafka": 143}
    assert ended == expected
    stack.compose("down", "--volumes")
    assert stack.remains(volumes=mounted) == []


def drop(inbox: Path, name: str, article: dict[str, str]) -> None:
    """Put a file into the watched folder whole, as a careful program does: written elsewhere, then moved in."""
    scratch = inbox.parent / name
    scratch.write_text(json.dumps(article), encoding="utf-8")
    scratch.chmod(0o644)
    scratch.rename(inbox / name)
