"""Enrich: from unique articles to articles with language, dates, quotes, entities, countries and keywords."""

from consumers.enrich.handler import Enrich

__all__ = ["Enrich"]
