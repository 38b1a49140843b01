"""Which stories are told in several languages: joined as docs/stories.md says."""

from __future__ import annotations

from collections.abc import Iterable

from newswire.cli.demo.outcome import Data


def told_twice(stories: Iterable[Data]) -> list[tuple[Data, Data]]:
    """Return the pairs of stories of which one names an article of the other as a version in another language, each pair once."""
    known = list(stories)
    story_of = {member["article_id"]: story for story in known for member in story["members"]}
    pairs = {}
    for story in known:
        for each in story.get("translations", ()):
            other = story_of.get(each["article_id"])
            if other is not None and other is not story:
                one, two = sorted((story, other), key=lambda told: (told["language"], told["story_id"]))
                pairs[one["story_id"], two["story_id"]] = one, two
    return list(pairs.values())
