"""What follows a command or a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from interlock_gateway.domain.discrepancy import Finding
from interlock_gateway.domain.events import ReservationEvent, ReservationEventKind, told
from interlock_gateway.domain.facts import Fact
from interlock_gateway.domain.reservation import Reservation


class Outcome(NamedTuple):
    """A reservation after a command or a fact, and what is to be told; all of it committed together or not at all.

    Attributes:
        reservation: As it is now; the same object when nothing changed.
        events: One for a change, none for none.
        findings: Contradictions to be raised as discrepancies, each under a name of its own.
    """

    reservation: Reservation
    events: tuple[ReservationEvent, ...] = ()
    findings: tuple[Finding, ...] = ()


def changed(
    before: Reservation,
    after: Reservation,
    kind: ReservationEventKind,
    *,
    now: datetime,
    fact: Fact | None = None,
    findings: Sequence[Finding] = (),
) -> Outcome:
    """Count the change and tell it; what is as it was is neither counted nor told (EVT-1)."""
    if after == before:
        return Outcome(before, (), tuple(findings))
    # Not back in time: a replica's clock may stand a little behind that of the replica before it.
    after = replace(after, revision=before.revision + 1, update_time=max(now, before.update_time))
    event = told(
        after,
        kind,
        time=fact.time if fact else now,
        recorded_time=now,
        evidence=fact.evidence if fact else None,
        parcels=fact.parcels if fact else (),
        receipt=fact.receipt if fact else None,
    )
    return Outcome(after, (event,), tuple(findings))
