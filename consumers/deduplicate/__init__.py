"""Tells new articles, revisions, copies and withdrawals apart; holds embargoed ones."""

from consumers.deduplicate.handler import Deduplicate

__all__ = ["Deduplicate"]
