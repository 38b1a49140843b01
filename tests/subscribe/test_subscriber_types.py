"""A type checker knows which model a topic's events carry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
from typing import assert_type
from newswire import subscribe
from schemas.article.model import Article
from schemas.core.contract import Contract
from schemas.duplicate.model import Duplicate
from schemas.held.model import Held
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw
from schemas.rejected.model import Rejected
from schemas.story.model import Story
from schemas.unique.model import Unique

with subscribe("articles", group="g", start="end", until_end=True) as articles:
    for event in articles:
        assert_type(event.data, Article)
assert_type(next(subscribe("article")).data, Article)
assert_type(next(subscribe("news.articles.v1")).data, Article)
assert_type(next(subscribe("stories")).data, Story)
assert_type(next(subscribe("duplicates")).data, Duplicate)
assert_type(next(subscribe("unique")).data, Unique)
assert_type(next(subscribe("normalized")).data, Normalized)
assert_type(next(subscribe("raw")).data, Raw)
assert_type(next(subscribe("rejected")).data, Rejected)
assert_type(next(subscribe("held", tombstones=True)).data, Held | None)
assert_type(next(subscribe(str())).data, Contract | None)
subscribe("articles", colour="red")  # the one mistake
"""
CONFIG = """
[mypy]
strict = true
plugins = pydantic.mypy
follow_imports = silent
ignore_missing_imports = true
"""


def test_each_topic_has_its_model_and_a_wrong_option_is_found(tmp_path: Path) -> None:
    program, config = tmp_path / "program.py", tmp_path / "mypy.ini"
    program.write_text(PROGRAM)
    config.write_text(CONFIG)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", tmp_path / "cache", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in checked.stdout.splitlines() if ": error:" in line]
    mistake = next(n for n, text in enumerate(PROGRAM.splitlines(), 1) if "the one mistake" in text)
    assert errors, checked.stderr
    assert all(f"program.py:{mistake}:" in error for error in errors), checked.stdout
    assert 'Unexpected keyword argument "colour"' in checked.stdout
