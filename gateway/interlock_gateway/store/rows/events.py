"""Events as they lie in the log: the columns that order them, and the event as JSON.

The contract's bytes are made when an event is read, by the encoder of whoever reads: a field that the contract gains
later then shows in old events too, and a reader gets the view that is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from interlock_gateway.domain.bank_events import BankEvent, CustodyEvent, DiscrepancyEvent
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.ports import Event

KINDS: Final[dict[str, type[Any]]] = {
    "reservation": ReservationEvent,
    "bank": BankEvent,
    "custody": CustodyEvent,
    "discrepancy": DiscrepancyEvent,
}
"""Every class of event, by the word before the dot of its ``type`` column."""

_WORD_OF: Final = {kind: word for word, kind in KINDS.items()}
_DECODE: Final[dict[str, Callable[[str | bytes], Any]]] = {
    word: msgspec.json.Decoder(kind).decode for word, kind in KINDS.items()
}


def type_of(event: Any) -> str:  # noqa: ANN401 - any class of KINDS
    """Write the ``type`` column: the class and what happened, for example ``reservation.CONFIRMED``."""
    what = event.fact.kind if isinstance(event, CustodyEvent) else event.kind
    return f"{_WORD_OF[type(event)]}.{what}"


def decode(type_: str, body: str) -> Event:
    """Read an event back."""
    event: Event = _DECODE[type_.partition(".")[0]](body)
    return event
