"""Canonical addresses beside other libraries: variants merged, articles kept apart, forms that are stable, and time.

    python benchmarks/urls.py ../shared/eval/urls

Tables: tests/addresses/pairs.toml, which was written with these rules in mind, and every `*.jsonl` in the folder (`{"a", "b", "same"}`),
which was not. courlan comes with trafilatura; w3lib, url-normalize and ural (GPL: none of ours) take part where they are installed.
The rounds of the clock are interleaved; times are CPU times.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from courlan import clean_url, normalize_url

from newswire.text.canonicalize import canonicalize

Tool = Callable[[str], str | None]
ROOT = Path(__file__).resolve().parents[1]
PAIRS = ROOT / "tests" / "addresses" / "pairs.toml"
ROUNDS = 7


def tools() -> dict[str, Tool]:
    found: dict[str, Tool] = {
        "newswire": canonicalize,
        "courlan": clean_url,
        "courlan strict": lambda url: normalize_url(url, strict=True),
    }
    for module, function, name in (
        ("w3lib.url", "canonicalize_url", "w3lib"),
        ("url_normalize", "url_normalize", "url-normalize"),
        ("ural", "normalize_url", "ural"),
    ):
        try:
            found[name] = getattr(importlib.import_module(module), function)
        except ImportError:
            continue
    return found


def tables(folder: Path | None) -> dict[str, list[tuple[str, str, bool]]]:
    own = tomllib.loads(PAIRS.read_text(encoding="utf-8"))
    found = {
        "own": [
            (a, b, kind == "same")
            for group in own.values()
            for kind in ("same", "apart")
            for a, b in group[kind]
        ]
    }
    for path in sorted(folder.glob("*.jsonl")) if folder else ():
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        found[path.stem] = [(row["a"], row["b"], row["same"]) for row in rows]
    return found


def form(tool: Tool, url: str) -> str | None:
    try:
        return tool(url)
    except Exception:  # noqa: BLE001 - a library's own refusals are of many kinds
        return None


def judge(tool: Tool, rows: list[tuple[str, str, bool]]) -> tuple[int, int, int]:
    """Return how many pairs were merged that are one, how many were kept apart that are two, and how many forms are not stable."""
    merged = apart = unstable = 0
    for a, b, same in rows:
        one, other = form(tool, a), form(tool, b)
        equal = one is not None and one == other
        merged += same and equal
        apart += not same and not equal
        unstable += sum(each is not None and form(tool, each) != each for each in (one, other))
    return merged, apart, unstable


def seconds(tool: Tool, urls: list[str]) -> float:
    began = time.process_time()
    for url in urls:
        form(tool, url)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="folder with tables as JSON lines")
    folder = parser.parse_args().folder
    known, rows = tools(), tables(folder)
    for name, table in rows.items():
        ones = sum(same for _, _, same in table)
        print(f"\n{name}: {ones} pairs that are one article, {len(table) - ones} that are two")
        for tool, function in known.items():
            merged, apart, unstable = judge(function, table)
            print(
                f"  {tool:15} merged {merged}/{ones}  kept apart {apart}/{len(table) - ones}  unstable forms {unstable}"
            )
    urls = [url for table in rows.values() for a, b, _ in table for url in (a, b)]
    usual = [
        f"https://www.a{n}.example/news/2024/05/lime-quay-bridge-closed-{n}{'?utm_source=rss&id=2' if n % 3 == 0 else ''}"
        for n in range(600)
    ]
    for title, given in (("all addresses of the tables", urls), ("600 usual addresses of feeds", usual)):
        times: dict[str, list[float]] = {name: [] for name in known}
        for _ in range(ROUNDS):
            for name, function in known.items():
                times[name].append(seconds(function, given))
        base = statistics.median(times["courlan"])
        print(f"\nCPU time, {title}, {ROUNDS} rounds")
        for name, measured in times.items():
            middle = statistics.median(measured)
            print(
                f"  {name:15} {middle / len(given) * 1e6:6.1f} µs an address, {middle / base:.2f} × courlan"
            )


if __name__ == "__main__":
    main()
