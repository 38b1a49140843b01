"""The normalize stage: each captured format into one clean article."""

from consumers.normalize.extract import extract
from consumers.normalize.handler import Normalize
from newswire.addresses.parts import Hints
from newswire.text.canonicalize import canonicalize

__all__ = ["Hints", "Normalize", "canonicalize", "extract"]
