"""From raw articles to stories: one room per stage."""
