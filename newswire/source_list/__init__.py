"""The list of sources, `sources.toml`: what is asked, and how. Read with `read_list`; `add_sources` writes into it."""

from newswire.source_list.model import ListedSource, SourceList
from newswire.source_list.reading import read_list

__all__ = ["ListedSource", "SourceList", "read_list"]
