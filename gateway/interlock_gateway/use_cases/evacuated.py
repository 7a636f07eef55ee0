"""An evacuation as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock_gateway.domain.names import EvacuationName


@dataclass(frozen=True, slots=True, kw_only=True)
class Evacuation:
    """The wish to open compartments that hold other people's parcels.

    Attributes:
        name: Its name.
        labels: Of the compartments; empty until it is approved, where all that hold a parcel are meant.
        reason: Why, without personal data.
        requested_by: Party id of who asked.
        approved_by: Party id of who approved; ``None``: nobody yet.
        command: Id of the command that carried it out; ``None``: none has ended.
        create_time: When it was asked for.
        expire_time: Until when it may be approved.
        approve_time: When it was approved.
        finish_time: When the bank had answered for every compartment.
    """

    name: EvacuationName
    labels: tuple[str, ...]
    reason: str
    requested_by: str
    approved_by: str | None = None
    command: str | None = None
    create_time: datetime
    expire_time: datetime
    approve_time: datetime | None = None
    finish_time: datetime | None = None
