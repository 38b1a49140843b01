"""The page docs/acls.md, written from `newswire.acls`."""

from __future__ import annotations

from newswire.acls import OPEN_EVENTS, Grant, grants, principals
from newswire.topology import short_name, topic

_HEAD = """# Who may do what in Kafka

Generated from the topology by `python -m newswire.contracts.generate`; change `newswire/topology.py` or `newswire/acls.py`, not this page.

On a broker that refuses what no rule allows (`authorizer.class.name` set, `allow.everyone.if.no.acl.found=false`), this is all that the
pipeline needs. Nobody here may change settings, write rules, or delete anything but a replay's side topics: that is for whoever runs the
broker, and so are `newswire purge --delete-records` and `newswire doctor --repair`, which ends transactions past their coordinator. A real
broker is shown to allow each principal just this, and to refuse the rest, in `tests/security/test_rights.py`.

`newswire up` runs all stages under one login, and needs one that is bound by no rules, or by those of all stages. On a guarded broker run
each part by itself (`newswire run STAGE`), under its own.

`newswire acls` prints the rules as a table, `--json` as data, `--commands` as commands for Kafka's own `kafka-acls.sh`, with
`NEWSWIRE_NAMESPACE` before the names. For a lane, run it once more with `NEWSWIRE_LANE`: its source also reads the live raw topic, for the
withdrawals that it carries over. `--principals 'User:newswire-{name}'` says what the principals are called where they are not called
as here; a client certificate's is `User:CN=normalize,O=…`, if the broker does not map it. `newswire broker start --secure` starts a
broker of your own with these rules and a user for each principal.

What rules cannot keep apart: a topic is readable as a whole or not at all, so that what subscribers may read holds nothing that not all of
them may see. That is %s. Raw records, dead letters (which hold raw records) and embargoed articles are on
topics of their own.

## Principals

| principal | what it is |
|---|---|
%s
"""


def render() -> str:
    """Return the page."""
    rules = grants()
    open_topics = ", ".join(f"`{short_name(topic(event))}`" for event in OPEN_EVENTS)
    lines = [_HEAD % (open_topics, "\n".join(f"| `{who.name}` | {who.does} |" for who in principals()))]
    for who in principals():
        lines.append(f"## `{who.name}`\n\n| may | on | for |\n|---|---|---|")
        lines += [_row(rule) for rule in rules if rule.principal == who.name]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _row(rule: Grant) -> str:
    kind = rule.resource.replace("-", " ")
    return (
        f"| {', '.join(rule.operations)} | {kind} `{rule.name}{'*' if rule.prefixed else ''}` | {rule.why} |"
    )
