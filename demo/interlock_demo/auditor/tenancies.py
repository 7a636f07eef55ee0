"""Double bookings as they really happened: two people's parcels behind one door, told by the bank's own facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from interlock_demo.auditor import journal
from interlock_demo.auditor.findings import Finding, Trouble


def overlaps(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Play the custody lane of a journal and look for a door given to two.

    Args:
        connection: The bank's journal.

    Yields:
        One finding for each deposit on top of another reservation's parcel.
    """
    inside: dict[str, dict[str, set[int]]] = {}
    where = journal.journal_id(connection)
    for written in journal.facts(connection, "custody"):
        match (fact := written.fact).WhichOneof("body"):
            case "parcel_deposited":
                put = fact.parcel_deposited
                others = {id_ for id_, left in inside.get(put.compartment, {}).items() if left} - {put.reservation}
                for other in sorted(others):
                    what = f"{put.reservation} was put on top of {other} in compartment {put.compartment}."
                    yield Finding(Trouble.DOUBLE_BOOKING, where, what)
                inside.setdefault(put.compartment, {}).setdefault(put.reservation, set()).add(put.parcel_number)
            case "parcel_collected":
                taken = fact.parcel_collected
                inside.get(taken.compartment, {}).get(taken.reservation, set()).discard(taken.parcel_number)
            case "parcel_recalled":
                back = fact.parcel_recalled
                inside.get(back.compartment, {}).get(back.reservation, set()).discard(back.parcel_number)
            case "parcel_moved":
                moved = fact.parcel_moved
                parcels = inside.get(moved.from_compartment, {}).pop(moved.reservation, set())
                inside.setdefault(moved.to_compartment, {})[moved.reservation] = parcels
            case _:
                pass
