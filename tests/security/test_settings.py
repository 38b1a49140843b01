"""Secrets in the settings: never shown, by whatever way the settings are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newswire import config

SECRET = "correct-horse-battery"
LOGIN = {
    "NEWSWIRE_SECURITY_PROTOCOL": "SASL_SSL",
    "NEWSWIRE_SASL_MECHANISM": "SCRAM-SHA-512",
    "NEWSWIRE_SASL_USERNAME": "normalize",
    "NEWSWIRE_SASL_PASSWORD": SECRET,
}


def run(*command: str, **more: str) -> str:
    """Run a process with the secret in its environment; return all that it printed."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSWIRE_", "KAFKA_"))}
    done = subprocess.run(
        [sys.executable, *command],
        env=plain | LOGIN | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.usefixtures("no_settings")
def test_no_way_of_printing_settings_shows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    settings = config.load()
    connection = settings.connection("127.0.0.1:9")
    assert connection.security["sasl_plain_password"] == SECRET
    for shown in (
        repr(settings),
        str(settings),
        f"{settings.model_dump()}",
        settings.model_dump_json(),
        repr(connection),
    ):
        assert SECRET not in shown


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_config_shows_stars(form: list[str]) -> None:
    shown = run("-m", "newswire", "config", "show", *form)
    assert "NEWSWIRE_SASL_PASSWORD" in shown
    assert "NEWSWIRE_OAUTH_CLIENT_SECRET" in shown
    assert SECRET not in shown


def test_a_setting_that_is_wrong_is_named_without_the_secrets_beside_it() -> None:
    shown = run("-m", "newswire", "config", "show", NEWSWIRE_PARTITIONS="many")
    assert "NEWSWIRE_PARTITIONS" in shown
    assert SECRET not in shown


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_crash_shows_none(tmp_path: Path, form: str) -> None:
    # A bug in the middle of a stage, with the settings and the connection at hand and in the error's own message.
    crash = (
        "from newswire import config, process\n"
        "from newswire.cli.session import begin\n"
        "settings = begin()\n"
        "process._wait_for_topic = lambda *_: True\n"
        "def work(log, folder, stop):\n"
        "    password = settings.sasl_password\n"
        "    raise ZeroDivisionError(f'{settings!r} {log.connection!r} {password}')\n"
        "process.run_process('normalize', work, slot=0, needs='news.raw.v1', bootstrap_servers='127.0.0.1:9', settings=settings)\n"
    )
    shown = run(
        "-c", crash, NEWSWIRE_STATE_DIR=str(tmp_path), NEWSWIRE_LOG_FORMAT=form, NEWSWIRE_LOG_LEVEL="debug"
    )
    assert "ZeroDivisionError" in shown
    assert "127.0.0.1:9" in shown
    assert SECRET not in shown
