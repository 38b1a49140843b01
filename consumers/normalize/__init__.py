"""The normalize stage: each captured format into one clean article."""

from consumers.normalize.extract import extract
from consumers.normalize.handler import Normalize
from newswire.text.canonicalize import canonicalize

__all__ = ["Normalize", "canonicalize", "extract"]
