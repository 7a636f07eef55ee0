"""Reservations, the people in them, the groups that share a PIN."""

from typing import Any, Final

from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.store.table import Table
from interlock_gateway.use_cases.aggregates import COLLECTOR_GROUPS, PERSONAL, RESERVATIONS
from interlock_gateway.use_cases.due import due


def _due_seconds(reservation: Reservation) -> float | None:
    """When a clock of this reservation runs out, in unix seconds; ``None``: none runs."""
    lapse = due(reservation)
    return None if lapse is None else lapse.time.timestamp()


RESERVATION_TABLES: Final[tuple[Table[Any], ...]] = (
    Table(
        RESERVATIONS,
        {
            "carrier": lambda reservation: reservation.name.party,
            "bank": lambda reservation: str(reservation.bank),
            "operator": lambda reservation: reservation.bank.party,
            "host": lambda reservation: reservation.host,
            "state": lambda reservation: reservation.state,
            "due": _due_seconds,
        },
    ),
    Table(PERSONAL, {"party": lambda personal: personal.party}),
    Table(COLLECTOR_GROUPS),
)
