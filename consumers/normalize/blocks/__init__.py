"""The text of a page by a classifier of its blocks: cut, measure, score, choose."""
