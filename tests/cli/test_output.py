"""Tables take their rows as they come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newswire.cli import output


def test_a_table_of_any_length_is_written_as_it_comes(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(output, "_LOT", 3)
    seen: list[int] = []

    def rows() -> Iterator[tuple[str, int]]:
        for number in range(7):
            if number == 4:
                # The first lot has gone out, and no more than one row was taken beyond it.
                seen.append(capfdbinary.readouterr().out.count(b"\n"))
            yield "x" * number, number

    output.table(("name", "number"), rows(), right=("number",))
    assert seen == [1 + 3]
    rest = capfdbinary.readouterr().out.decode().splitlines()
    # The heads stand there once; columns only grow.
    assert rest == [f"{'x' * n:<5}  {n:>6}" for n in (3, 4, 5)] + [f"{'x' * 6}  {6:>6}"]


def test_a_table_without_rows_has_its_heads(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    output.table(("name", "number"), [])
    assert capfdbinary.readouterr().out == b"name  number\n"
