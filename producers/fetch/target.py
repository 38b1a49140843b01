"""The form of an address: what may be asked at all, before any name is looked up."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Final

import can_ada

from producers.fetch.addresses import refusal
from producers.fetch.errors import Refused

MAX_URL_LENGTH: Final = 2048
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# Names that never mean a public host: RFC 6761, 6762, 7686, 8375, 9476, and ICANN's reservation of .internal.
_SPECIAL_NAMES: Final = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "in-addr.arpa",
    "ip6.arpa",
    "test",
    "example",
    "invalid",
    "onion",
    "alt",
)
# An empty user name (`http://@host`) leaves no trace after parsing.
_EMPTY_USERINFO: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}[^/?#\\]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, in WHATWG normal form."""

    url: str
    """As it is sent and recorded; no fragment."""
    scheme: str
    """`http` or `https`."""
    host: str
    """Name in ASCII lower case without a trailing dot, or an IP literal without brackets."""
    port: int
    """TCP port."""
    path: str
    """Path and query as they are sent."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{name}:{self.port}"

    @property
    def authority(self) -> str:
        """What the Host header says (RFC 9110, 7.2): no port where it is the scheme's own."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def target(url: str, *, base: str | None = None, ports: Set[int], loopback: bool = False) -> Target:
    """Return what to ask for a URL, relative to `base` if that is given. Raises Refused for what must not be asked.

    The WHATWG parser turns every way to write an IPv4 address (decimal, octal, hex, short, full-width) into four numbers, which are
    then judged as an address. What a name resolves to is checked again when it is connected to.
    """
    if len(url) > MAX_URL_LENGTH:
        raise Refused("url-length", f"the address is longer than {MAX_URL_LENGTH} characters")
    try:
        parsed = can_ada.parse(base) + url if base is not None else can_ada.parse(url)
    except (ValueError, UnicodeError, TypeError):  # TypeError: what cannot be UTF-8
        raise Refused("url", f"not a valid address: {url[:200]!r}") from None
    parsed.hash = ""
    scheme = str(parsed.protocol).rstrip(":")
    if scheme not in _DEFAULT_PORTS:
        raise Refused("scheme", f"only http and https are asked, not {scheme[:30]}")
    if parsed.username or parsed.password or _EMPTY_USERINFO.match(url):
        raise Refused("userinfo", "the address carries a user name or password")
    port = int(parsed.port) if parsed.port else _DEFAULT_PORTS[scheme]
    if port not in ports:
        raise Refused(
            "port", f"port {port} is not one of those allowed: {', '.join(map(str, sorted(ports)))}"
        )
    host = _host(str(parsed.hostname), loopback=loopback)
    bracketed = f"[{host}]" if ":" in host else host
    shown = bracketed if port == _DEFAULT_PORTS[scheme] else f"{bracketed}:{port}"
    path = f"{parsed.pathname}{parsed.search}"
    return Target(f"{scheme}://{shown}{path}", scheme, host, port, path)


def _host(hostname: str, *, loopback: bool) -> str:
    if hostname.startswith("["):
        return _literal(hostname[1:-1], loopback=loopback)
    host = hostname.removesuffix(".")  # the root's dot names the same host
    labels = host.split(".")
    if not host or len(host) > 253 or any(not label or len(label) > 63 for label in labels):
        raise Refused("host", f"not a host name: {hostname[:100]!r}")
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        pass
    else:
        return _literal(host, loopback=loopback)
    if loopback and host == "localhost":
        return host
    if len(labels) == 1:
        raise Refused("host", f"not a public host name: {host}")
    for special in _SPECIAL_NAMES:
        if host == special or host.endswith("." + special):
            raise Refused("host", f"{host} is a name for use inside a network ({special})")
    return host


def _literal(address: str, *, loopback: bool) -> str:
    why = refusal(address, loopback=loopback)
    if why is not None:
        raise Refused("address", f"{address} is not a public address: {why}")
    return address
