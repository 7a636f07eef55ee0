"""Deadlines by the bank's own clock: a late command never fires, whatever its wall clock says (LNK-43)."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.edge.v1 import command_pb2, fact_pb2


@dataclass(frozen=True, slots=True)
class Heard:
    """A reading of the bank's monotonic clock, and when it came in.

    Attributes:
        boot_id: The start of the bank that it belongs to.
        monotonic_ms: Milliseconds since that start.
        at_s: The gateway's own monotonic clock when the reading came, seconds.
    """

    boot_id: str
    monotonic_ms: int
    at_s: float


def heard(reading: fact_pb2.ClockReading, at_s: float) -> Heard:
    """Note a reading."""
    return Heard(reading.boot_id, reading.monotonic_ms, at_s)


def deadline(last: Heard, *, now_s: float, timeout_s: float) -> command_pb2.MonotonicDeadline:
    """Give the reading after which a command is not carried out.

    The time on the way counts for the bank: its reading was taken a little before it came in, so the deadline is early
    by that much and never late.

    Args:
        last: The latest reading.
        now_s: The gateway's monotonic clock, seconds.
        timeout_s: How long the command holds from now on.
    """
    since_ms = int((now_s - last.at_s + timeout_s) * 1000)
    return command_pb2.MonotonicDeadline(boot_id=last.boot_id, monotonic_ms=last.monotonic_ms + since_ms)
