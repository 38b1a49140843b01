"""`newswire config`."""

from __future__ import annotations

from newswire.cli import options
from newswire.cli.group import group

app = group("The settings, which are environment variables.")


@app.callback()
def config() -> None:
    """Look at the settings, which are environment variables."""


@app.command()
def show(as_json: options.AsJson = False) -> int:
    """Show every setting: its variable, its value, whether it was set, and what it means. Secrets are not shown."""
    import os

    from newswire.cli.output import json_line, table
    from newswire.cli.session import begin
    from newswire.config import Settings

    settings = begin()
    rows = [
        {
            "variable": f"NEWSWIRE_{name.upper()}",
            "value": _shown(getattr(settings, name)),
            "set": f"NEWSWIRE_{name.upper()}" in os.environ,
            "meaning": " ".join((field.description or "").split()),
        }
        for name, field in Settings.model_fields.items()
    ]
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    rows.insert(
        0,
        {
            "variable": "KAFKA_BOOTSTRAP_SERVERS",
            "value": servers,
            "set": servers is not None,
            "meaning": "Kafka to use. Unset: the broker that newswire runs.",
        },
    )
    if as_json:
        for row in rows:
            json_line(row)
    else:
        table(
            ("variable", "value", "", "meaning"),
            [
                (row["variable"], row["value"], "set" if row["set"] else "default", row["meaning"])
                for row in rows
            ],
        )
    return 0


def _shown(value: object) -> str | None:
    # A pydantic SecretStr prints as stars.
    return None if value is None else str(value)
