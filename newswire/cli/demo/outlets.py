"""Who carries a story without telling it."""

from __future__ import annotations

from newswire.cli.demo.outcome import Data


def only_carried_by(story: Data) -> list[str]:
    """Return the outlets that have nothing but copies of a story's articles, in the order in which the event has them."""
    tell = {member["source"] for member in story["members"]}
    carry = dict.fromkeys(outlet for text in story.get("syndication", ()) for outlet in text["outlets"])
    return [outlet for outlet in carry if outlet not in tell]
