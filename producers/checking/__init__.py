"""A look without publishing anything: what `newswire sources check` and `newswire explain` show."""

from producers.checking.capturing import capture
from producers.checking.check import Article, Checked, check, check_address

__all__ = ["Article", "Checked", "capture", "check", "check_address"]
