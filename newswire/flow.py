"""The flow through the pipeline, as rows and as the README's table. Both come from the topology."""

from __future__ import annotations

from typing import TypedDict

from newswire import topology


class FlowRow(TypedDict):
    """One stage: all names in it are topics."""

    stage: str
    """Stage name."""
    reads: str
    """The topic it reads."""
    does: str
    """What it does, in one line."""
    writes: list[str]
    """The topics it writes, besides the dead letters."""
    rejects_to: str
    """The topic of its dead letters."""
    state: str | None
    """The changelog its state is rebuilt from; None for a stage without state."""
    ticks: bool
    """Whether ticks are written into its input."""


def flow_rows() -> list[FlowRow]:
    """Return the stages in order of the flow."""
    return [
        FlowRow(
            stage=stage.name,
            reads=topology.topic(stage.reads).name,
            does=stage.does,
            writes=[topology.topic(event).name for event in stage.writes],
            rejects_to=topology.topic("rejected").name,
            state=topology.changelog(stage.name) if stage.stateful else None,
            ticks=stage.ticks,
        )
        for stage in topology.STAGES
    ]


def flow_table() -> str:
    """Return the flow as a Markdown table."""
    rows = [
        f"| `{row['stage']}` | `{row['reads']}` | {row['does']} | {', '.join(f'`{name}`' for name in row['writes'])} |"
        for row in flow_rows()
    ]
    return "\n".join(("| stage | reads | does | writes |", "|---|---|---|---|", *rows))
