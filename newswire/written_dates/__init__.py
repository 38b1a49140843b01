"""Dates as people and publishers write them, in the languages of news: of feeds and sitemaps, and of pages."""
