"""The table of rules, in the order in which they are applied."""

from __future__ import annotations

from typing import Final

from newswire.addresses import fragment, host, mend, path, query, sites, unwrap
from newswire.addresses.parts import Rule

RULES: Final[tuple[Rule, ...]] = (
    *mend.RULES,
    *unwrap.RULES,
    *host.RULES,
    *path.RULES,
    *sites.PATH_RULES,
    *fragment.RULES,
    *query.RULES[:-1],
    *sites.QUERY_RULES,
    query.RULES[-1],
)
"""docs/urls.md is made from it."""
