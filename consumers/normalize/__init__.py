"""The normalize stage: each captured format into one clean article."""

from consumers.normalize.canonicalize import canonicalize
from consumers.normalize.extract import extract
from consumers.normalize.handler import Normalize

__all__ = ["Normalize", "canonicalize", "extract"]
