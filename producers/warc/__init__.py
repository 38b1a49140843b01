"""The WARC source: web archives, such as Common Crawl's CC-NEWS. See `WarcSource`; docs/warc.md says what is read of them."""

from producers.warc.source import WarcSource
from producers.warc.writing import as_metadata, as_warc, warcinfo

__all__ = ["WarcSource", "as_metadata", "as_warc", "warcinfo"]
