"""How often an address may call what is open to anyone (CAL-6)."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from interlock_gateway.domain.errors import RateLimited

MOST_ADDRESSES: Final = 20_000
_IPV6_SITE: Final = 64
"""Whoever has one IPv6 address has 2^64 of them."""


class AddressLimit:
    """A bucket of calls for each address, which fills again at a steady rate."""

    def __init__(self, *, a_second: float = 50.0, at_once: int = 500, monotonic_s: Callable[[], float]) -> None:
        """Start with full buckets.

        Args:
            a_second: Calls by which a bucket fills.
            at_once: Calls that a full bucket holds.
            monotonic_s: A clock that never goes back, in seconds.
        """
        self._rate = a_second
        self._most = float(at_once)
        self._now = monotonic_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Count a call.

        Raises:
            RateLimited: The bucket of the address is empty.
        """
        site, now = _site(address), self._now()
        left, since = self._buckets.pop(site, (self._most, now))
        left = min(self._most, left + (now - since) * self._rate)
        enough = left >= 1.0
        self._buckets[site] = (left - 1.0 if enough else left, now)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        if not enough:
            raise RateLimited(retry_after=timedelta(seconds=max(1, round((1.0 - left) / self._rate))))


def _site(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_SITE), strict=False))
    return address


def address_of(peer: str) -> str:
    """Read the address, without the port, off what gRPC says of a peer: ``ipv4:127.0.0.1:4711``."""
    kind, _, rest = peer.partition(":")
    if kind == "ipv4":
        return rest.rpartition(":")[0]
    if kind == "ipv6":
        return rest.replace("%5B", "[").replace("%5D", "]").rpartition(":")[0].strip("[]")
    return peer
