"""A plan's free doors in a few hundred bytes, to be kept beside each bank's row and read by searches (CAP-12).

A search asks thousands of banks one question each. Counting each one's commitments anew would take some 50
microseconds a bank; a summary, written whenever the plan changes, answers in a few. It tells what fits directly, like
``Plan.free``: at least so many would be admitted, and where it says fewer than a search wants to know, ask the plan.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from struct import Struct, pack, unpack_from
from typing import Final

from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.capacity.plan import Plan

_HEAD: Final = Struct("<I")  # the instant from which the summary is stale
_KIND: Final = Struct("<IHH")  # the kind's code, doors for sale, steps; then the steps' instants, then the counts
LAST: Final = (1 << 32) - 1
"""Instants are written in 32 bits: to 2106-02-07. Later ones are written as this, which is later than any window."""


def packed(plan: Plan) -> bytes:
    """Write a plan's summary, little-endian, without padding."""
    parts = [_HEAD.pack(min(plan.stale_from, LAST))]
    for kind, doors, load in zip(plan.layout.kinds, plan.layout.for_sale, plan.loads, strict=True):
        times = [min(time, LAST) for time in load.times[1:]]  # the first is "since ever"
        parts.append(_KIND.pack(kind.code, doors, len(times)))
        parts.append(pack(f"<{len(times)}I{len(times) + 1}H", *times, *load.counts))
    return b"".join(parts)


def stale_from(summary: bytes) -> int:
    """First instant at which the summary no longer holds, because a commitment's end passes then (CAP-11)."""
    return int(_HEAD.unpack_from(summary)[0])


def free_in(summary: bytes, need: Need, start: int, end: int) -> int:
    """Count as ``Plan.free`` does, from the summary of that plan."""
    free = 0
    for code, doors, offset, steps in _kinds(summary):
        if code & 15 < need.size_class or code >> 4 & 15 != need.climate or need.features & ~(code >> 8):
            continue
        times = unpack_from(f"<{steps}I", summary, offset)
        first = bisect_right(times, start)
        last = bisect_left(times, end, first)
        taken = max(unpack_from(f"<{last - first + 1}H", summary, offset + 4 * steps + 2 * first))
        if taken < doors:
            free += doors - taken
    return free


def kinds_in(summary: bytes) -> Iterator[tuple[Kind, int]]:
    """Name the kinds of the plan, least sufficient first, each with its doors for sale."""
    for code, doors, _, _ in _kinds(summary):
        yield Kind.of_code(code), doors


def _kinds(summary: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Walk over the kinds: code, doors for sale, where the steps begin, how many."""
    offset = _HEAD.size
    while offset < len(summary):
        code, doors, steps = _KIND.unpack_from(summary, offset)
        offset += _KIND.size
        yield code, doors, offset, steps
        offset += 6 * steps + 2
