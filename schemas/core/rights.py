"""What may be done with an article: travels with it from capture to output."""

from __future__ import annotations

from typing import Literal

from schemas.core.contract import Contract, UtcDatetime


class Rights(Contract):
    """Publication status, embargo and terms, as seen at capture. What the source did not say is absent."""

    status: Literal["usable", "withheld", "canceled"] = "usable"
    """IPTC publication status: `canceled` means killed or withdrawn by the publisher."""
    embargoed_until: UtcDatetime | None = None
    """Not to be published before this instant."""
    license: str | None = None
    """Licence of the text: an SPDX identifier or a URL, as given."""
    usage_terms: str | None = None
    """Usage terms in the publisher's words."""
    copyright_notice: str | None = None
    """Copyright line in the publisher's words."""
    text_and_data_mining: Literal["allowed", "reserved"] | None = None
    """Opt-out from text and data mining seen at capture (TDMRep, robots meta, ai.txt)."""
