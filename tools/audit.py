"""`make audit`: asks for known vulnerabilities in all that the locks name, with pip-audit, and never takes silence for good news.

pip-audit ends with 0 also where it could not ask about a package. Here a package that was not looked up makes the exit status 3, so that a
run without network, or behind a mirror that has no advisories, is not mistaken for a clean one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ("deploy/requirements-build.lock", "requirements.lock", "requirements-dev.lock")
"""The shortest first: where nothing of it can be looked up, the rest is not asked for."""
CLEAN, FOUND, NOT_AUDITED = 0, 1, 3


def verdict(reports: Sequence[dict[str, Any]]) -> tuple[int, list[str]]:
    """Return the exit status and what to say for pip-audit's JSON reports (`{"dependencies": […]}`)."""
    looked_up: dict[str, str] = {}
    skipped: dict[str, str] = {}
    lines: list[str] = []
    for report in reports:
        for package in report["dependencies"]:
            if "skip_reason" in package:
                skipped[package["name"]] = package["skip_reason"]
                continue
            looked_up[package["name"]] = package["version"]
            for known in package["vulns"]:
                mended = ", ".join(known["fix_versions"]) or "no version yet"
                lines.append(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")
    lines = list(dict.fromkeys(lines))
    if lines:
        return FOUND, [*lines, f"{len(lines)} known vulnerabilities in {len(looked_up)} packages"]
    missed = sorted(skipped.keys() - looked_up.keys())
    if missed or not looked_up:
        some = ", ".join(missed[:5]) + (", …" if len(missed) > 5 else "")
        why = f"{len(missed)} packages could not be looked up ({some}): no network, or a mirror without advisories"
        return NOT_AUDITED, [f"NOT AUDITED: {why}. Run it where the Python package index itself is reached"]
    return CLEAN, [f"no known vulnerabilities in {len(looked_up)} packages"]


def ask(lock: str) -> dict[str, Any]:
    """Return pip-audit's report on one lock; an empty one where it could not ask."""
    # Of the lock itself, hashes and all: nothing is installed or resolved for it.
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", lock]
    done = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        print(done.stderr.strip()[-2000:], file=sys.stderr)
        return {"dependencies": []}
    return report


def main() -> int:
    """Audit all locks."""
    reports = [ask(LOCKS[0])]
    if verdict(reports)[0] != NOT_AUDITED:
        reports += [ask(lock) for lock in LOCKS[1:]]
    status, lines = verdict(reports)
    for line in lines:
        print(f"audit: {line}")
    return status


if __name__ == "__main__":
    sys.exit(main())
