"""Which IP addresses may be connected to: public unicast ones, and no form that hides another address.

IANA's special-purpose registries (RFC 6890) say what is global; on top of them every IPv6 form that carries an IPv4 address is taken apart.
"""

from __future__ import annotations

import ipaddress
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Refused whatever the running Python's own table of special ranges says: its table has changed between releases.
_SPECIAL: Final = tuple(
    (ipaddress.ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),  # RFC 791
        ("10.0.0.0/8", "private"),  # RFC 1918
        ("100.64.0.0/10", "shared by carriers"),  # RFC 6598
        ("127.0.0.0/8", "loopback"),  # RFC 1122
        ("169.254.0.0/16", "link-local"),  # RFC 3927; the metadata services of clouds are here
        ("172.16.0.0/12", "private"),  # RFC 1918
        ("192.0.0.0/24", "protocol assignments"),  # RFC 6890
        ("192.0.2.0/24", "documentation"),  # RFC 5737
        ("192.31.196.0/24", "AS112"),  # RFC 7535
        ("192.52.193.0/24", "AMT"),  # RFC 7450
        ("192.88.99.0/24", "6to4 relay"),  # RFC 7526
        ("192.168.0.0/16", "private"),  # RFC 1918
        ("192.175.48.0/24", "AS112"),  # RFC 7534
        ("198.18.0.0/15", "benchmarking"),  # RFC 2544
        ("198.51.100.0/24", "documentation"),  # RFC 5737
        ("203.0.113.0/24", "documentation"),  # RFC 5737
        ("224.0.0.0/4", "multicast"),  # RFC 5771
        ("240.0.0.0/4", "reserved"),  # RFC 1112
        ("168.63.129.16/32", "metadata service"),  # the one of Azure, in public space
        ("::/96", "IPv4-compatible"),  # RFC 4291, deprecated; with it :: and ::1
        ("::ffff:0:0/96", "IPv4-mapped"),  # RFC 4291
        ("::ffff:0:0:0/96", "IPv4-translated"),  # RFC 2765
        ("64:ff9b::/96", "NAT64"),  # RFC 6052
        ("64:ff9b:1::/48", "local NAT64"),  # RFC 8215
        ("100::/64", "discard"),  # RFC 6666
        ("100:0:0:1::/64", "dummy"),  # RFC 9780
        ("2001::/23", "protocol assignments"),  # RFC 2928; with it Teredo, ORCHID, benchmarking
        ("2001:db8::/32", "documentation"),  # RFC 3849
        ("2002::/16", "6to4"),  # RFC 3056
        ("2620:4f:8000::/48", "AS112"),  # RFC 7534
        ("3fff::/20", "documentation"),  # RFC 9637
        ("5f00::/16", "segment routing"),  # RFC 9602
        ("fc00::/7", "unique local"),  # RFC 4193
        ("fe80::/10", "link-local"),  # RFC 4291
        ("fec0::/10", "site-local"),  # RFC 3879
        ("ff00::/8", "multicast"),  # RFC 4291
    )
)
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")  # all that has been given out of IPv6, RFC 4291


def refusal(address: str, *, loopback: bool = False) -> str | None:
    """Return why the address must not be connected to, or None for a public one.

    `address` is a literal as a resolver returns it. `loopback` lets 127.0.0.0/8 and ::1 pass and nothing else: it is for tests.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id is not None:
        return "with a zone"
    if loopback and ip.is_loopback and not _carries_another(ip):
        return None
    for network, reason in _SPECIAL:
        if ip.version == network.version and ip in network:
            return "loopback" if ip == ipaddress.IPv6Address(1) else reason
    if isinstance(ip, ipaddress.IPv6Address):
        if ip not in _GLOBAL_UNICAST:
            return "not given out"
        if _is_isatap(ip):
            return "ISATAP"
    return None if ip.is_global else "not global"


def _carries_another(ip: IPAddress) -> bool:
    return isinstance(ip, ipaddress.IPv6Address) and ip != ipaddress.IPv6Address(1)


def _is_isatap(ip: ipaddress.IPv6Address) -> bool:
    """Whether the interface part is 0000:5efe or 0200:5efe and an IPv4 address (RFC 5214)."""
    return ip.packed[8:12] in (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
