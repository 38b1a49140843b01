"""Hosts of addresses. Shared by the stages."""

from __future__ import annotations


def of_one_site(one: str, other: str) -> bool:
    """Return whether two hosts are the same, or one is under the other: `www.paper.example` and `paper.example`."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
