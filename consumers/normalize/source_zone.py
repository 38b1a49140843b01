"""The time zone of a source: as configured, or of a country by the end of a host's name."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from newswire.dates import offset_in

_ZONES: Final = {
    "ae": "Asia/Dubai", "al": "Europe/Tirane", "am": "Asia/Yerevan", "at": "Europe/Vienna", "az": "Asia/Baku", "ba": "Europe/Sarajevo",
    "bd": "Asia/Dhaka", "be": "Europe/Brussels", "bg": "Europe/Sofia", "bo": "America/La_Paz", "by": "Europe/Minsk", "ch": "Europe/Zurich",
    "cn": "Asia/Shanghai", "cr": "America/Costa_Rica", "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen",
    "do": "America/Santo_Domingo", "dz": "Africa/Algiers", "ee": "Europe/Tallinn", "eg": "Africa/Cairo", "fi": "Europe/Helsinki",
    "ge": "Asia/Tbilisi", "gh": "Africa/Accra", "gr": "Europe/Athens", "gt": "America/Guatemala", "hk": "Asia/Hong_Kong",
    "hn": "America/Tegucigalpa", "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "ie": "Europe/Dublin", "il": "Asia/Jerusalem",
    "in": "Asia/Kolkata", "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "jo": "Asia/Amman",
    "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kr": "Asia/Seoul", "kw": "Asia/Kuwait", "lb": "Asia/Beirut", "li": "Europe/Vaduz",
    "lk": "Asia/Colombo", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "ma": "Africa/Casablanca",
    "md": "Europe/Chisinau", "mk": "Europe/Skopje", "mt": "Europe/Malta", "my": "Asia/Kuala_Lumpur", "ng": "Africa/Lagos",
    "ni": "America/Managua", "no": "Europe/Oslo", "np": "Asia/Kathmandu", "pa": "America/Panama", "pe": "America/Lima", "ph": "Asia/Manila",
    "pk": "Asia/Karachi", "pl": "Europe/Warsaw", "py": "America/Asuncion", "qa": "Asia/Qatar", "ro": "Europe/Bucharest",
    "rs": "Europe/Belgrade", "sa": "Asia/Riyadh", "se": "Europe/Stockholm", "sg": "Asia/Singapore", "si": "Europe/Ljubljana",
    "sk": "Europe/Bratislava", "sn": "Africa/Dakar", "sv": "America/El_Salvador", "th": "Asia/Bangkok", "tn": "Africa/Tunis",
    "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam", "ug": "Africa/Kampala", "uk": "Europe/London",
    "uy": "America/Montevideo", "ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg", "zw": "Africa/Harare",
}  # fmt: skip
"""Countries whose news is written in one zone (IANA; islands far away not counted), by the ISO 3166 code that their names end with.

Left out are those of several zones (`us`, `ru`, `au`, `br`, `ca`, `mx`, `id`) and codes that are sold as words (`tv`, `io`, `co`, `me`).
"""
_HOST: Final = re.compile(r"^https?://(?:[^/?#]*\.)?([a-z]{2})(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)


def offset_of_address(address: str | None, local: datetime) -> timedelta | None:
    """Return how far east of UTC the country of an address is at a local time; None when it is of none, or of one with several zones."""
    found = _HOST.match(address or "")
    zone = _ZONES.get(found[1].lower()) if found else None
    return offset_in(zone, local)
