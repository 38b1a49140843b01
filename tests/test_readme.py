"""The README says what is so: its commands exist, its links lead somewhere, its tests are there, its example is the documented one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_example_is_the_one_that_is_run() -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert f"```python\n{shown}```" in (ROOT / "docs" / "subscribe.md").read_text(encoding="utf-8")
    assert len(shown.splitlines()) <= 8


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    for named in re.findall(
        r"`((?:tests|newswire|schemas|consumers|producers|benchmarks|docs)/[\w/.-]+\.\w+)`", page.read_text()
    ):
        if "translated" not in named and "translate" not in named:  # the recipe's example
            assert (ROOT / named).exists(), named


def test_commands_exist() -> None:
    named = {
        line.split()[1].split("|")[0] for line in README.splitlines() if line.startswith("    newswire ")
    }
    listed = subprocess.run(
        [sys.executable, "-m", "newswire", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert len(named) >= 6
    for command in named:
        assert re.search(rf"^\W*{command}\b", listed, re.MULTILINE), command


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)`?", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


ROOMS_WITH_A_TABLE = [
    page for page in sorted((ROOT / "consumers").rglob("README.md")) if "\n| module |" in page.read_text()
]


@pytest.mark.parametrize("page", ROOMS_WITH_A_TABLE, ids=lambda page: page.parent.name)
def test_the_table_of_a_room_has_its_modules_and_no_others(page: Path) -> None:
    table = page.read_text(encoding="utf-8").partition("\n| module |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    named = set(re.findall(r"`([\w/]+)`", " ".join(rows)))
    modules = {path.stem for path in page.parent.glob("*.py")} - {"__init__"}
    assert modules <= named
    for name in named - modules:
        inside, shared = page.parent / name, ROOT / name
        assert inside.is_dir() or shared.is_dir() or shared.with_suffix(".py").is_file(), name
