"""A look at one source without publishing anything: what `newswire sources check` shows."""

from producers.checking.check import Article, Checked, check, check_address

__all__ = ["Article", "Checked", "check", "check_address"]
