"""The files source: articles from files, folders and standard input. See `FilesSource`; formats are in README.md beside this file."""

from producers.files.source import FilesSource

__all__ = ["FilesSource"]
