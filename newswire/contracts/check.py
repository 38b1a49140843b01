"""What `newswire schemas check` looks at."""

from __future__ import annotations

from newswire import topology
from newswire.contracts import generate
from newswire.errors import ContractError


def check() -> str:
    """Return, in a sentence, that the contract is in order. ContractError, with everything that is not, when it is not.

    Two things: every generated file is what models and topology say, and no change since the last release breaks a subscriber. Where the
    package is installed without its documents, only the schema files are compared.
    """
    from schemas import compatibility, release

    stale = [
        name for name in generate.stale() if name.startswith("schemas/") or (generate.ROOT / "docs").is_dir()
    ]
    breaking = compatibility.check({topic.event: topic.name for topic in topology.TOPICS})
    problems = [f"{name} is out of step with the models" for name in stale]
    if stale:
        problems.append(f"mend the files with: {generate.COMMAND}")
    problems += [str(finding) for finding in breaking]
    if problems:
        raise ContractError("\n".join(problems), breaking[0].path if breaking else "")
    since = release.released_version()
    return (
        f"the contract is in order; nothing breaks subscribers of release {since}"
        if since
        else "no release yet: nothing to break"
    )
