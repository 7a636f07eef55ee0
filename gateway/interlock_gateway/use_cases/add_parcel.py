"""Adding a parcel of the same collector to a reservation, never so that it needs a larger class (RES-19)."""

from __future__ import annotations

from dataclasses import dataclass

from interlock_gateway.domain.eligibility import Ask, takes
from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.use_cases.carrying_out import Changing
from interlock_gateway.use_cases.class_needed import class_of_parcels
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named, reservation_named
from interlock_gateway.use_cases.network import Network
from interlock_gateway.use_cases.promise import Promised, promised


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParcel(Changing):
    """Add a parcel.

    Attributes:
        parcel: The parcel; its number is set by the decision.
        network: Whose size classes count.
    """

    parcel: Parcel
    network: Network

    def decide(self, desk: Desk) -> Promised:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            RestrictionNotServed: The bank does not serve a restriction of the parcel.
            LimitExceeded: Too heavy or too valuable for the bank, or a ninth parcel.
            NoClassFits: No class holds all parcels together.
            WrongState: From HELD and CONFIRMED only.
            ClassWouldChange: The parcels together need a larger class.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        bank = bank_named(desk, before.bank)
        refusal = takes(
            bank,
            Ask(
                carrier=before.carrier,
                window=before.window,
                commitment_end=before.commitment_end,
                parcels=(self.parcel,),
                field="",
            ),
        )
        if refusal is not None:
            raise refusal
        measured = [each for each in (*before.parcels, self.parcel) if each.dimensions is not None]
        # Those without dimensions were let in by the class that the carrier said, and are taken to need no more.
        needed = class_of_parcels(measured, self.network.sizes) if measured else None
        command = commands.AddParcel(self.parcel, needed or before.need.size_class)
        return promised(desk, bank, decide(before, command, now=desk.now))
