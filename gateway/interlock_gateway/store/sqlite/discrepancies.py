"""Reading discrepancies as their viewers may."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from interlock_gateway.domain.discrepancy import Discrepancy, DiscrepancyKind
from interlock_gateway.domain.names import BankName, DiscrepancyName, ReservationName
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, page, viewer_values
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import DISCREPANCIES

VIEWER: Final = "t.operator = :viewer OR t.carrier = :viewer OR :network"
"""The bank's operator, the carrier of the reservation named, the network owner; as ``viewers.discrepancy_audience``."""


class Discrepancies:
    """Discrepancies, read."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def get(self, name: DiscrepancyName, viewer: Viewer) -> Discrepancy | None:
        """Read one; ``None`` when for this viewer there is none."""
        values = {"of_bank": str(name.bank_name), **viewer_values(viewer)}
        condition = Condition(f"t.bank = :of_bank AND ({VIEWER})", values)
        return await self._readers.run(get, DISCREPANCIES, name.discrepancy, condition)

    async def list(
        self,
        viewer: Viewer,
        *,
        operator: str | None = None,
        bank: BankName | None = None,
        reservation: ReservationName | None = None,
        still_open: bool | None = None,
        kinds: Collection[DiscrepancyKind] = (),
        size: int = 50,
        start_row: int | None = None,
    ) -> Page[Discrepancy]:
        """Read a page, newest first.

        Args:
            viewer: Who reads.
            operator: Those at banks of this party alone.
            bank: Those at this bank alone.
            reservation: Those about this reservation alone.
            still_open: Those that are open, or those that are resolved.
            kinds: Those of one of these kinds alone; empty: all.
            size: At most so many.
            start_row: ``next_row`` of the page before.
        """
        condition = Condition(VIEWER, viewer_values(viewer))
        if operator is not None:
            condition &= Condition("t.operator = :of_operator", {"of_operator": operator})
        if bank is not None:
            condition &= Condition("t.bank = :of_bank", {"of_bank": str(bank)})
        if reservation is not None:
            values = {"of_carrier": reservation.party, "of_reservation": reservation.reservation}
            condition &= Condition("t.carrier = :of_carrier AND t.reservation = :of_reservation", values)
        if still_open is not None:
            condition &= Condition("t.open = :still_open", {"still_open": int(still_open)})
        if kinds:
            wanted = ENCODER.encode(sorted(kinds)).decode()
            kind = "json_extract(t.body, '$.finding.kind') IN (SELECT value FROM json_each(:kinds))"
            condition &= Condition(kind, {"kinds": wanted})
        return await self._readers.run(page, DISCREPANCIES, condition, size=size, start_row=start_row)
