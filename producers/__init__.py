"""Where raw articles come in: one room per kind of source."""
