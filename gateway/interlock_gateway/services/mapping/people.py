"""The people of a reservation: serialized for the vault, and put back for their carrier alone (PTY-12)."""

from __future__ import annotations

from typing import Any

from interlock.v1 import reservation_pb2

NOBODY = b""


def people_of(said: Any) -> bytes:  # noqa: ANN401 - Reservation
    """Serialize the collector and the shipper; empty where neither says anything of a person."""
    people = reservation_pb2.Reservation(
        collector=said.collector if said.HasField("collector") else None,
        shipper=said.shipper if said.HasField("shipper") else None,
    )
    people.collector.ClearField("needs")
    if not people.collector.ListFields():
        people.ClearField("collector")
    return people.SerializeToString(deterministic=True)


def put_back(message: reservation_pb2.Reservation, people: bytes | None) -> reservation_pb2.Reservation:
    """Put the people back into a reservation's message.

    Args:
        message: The reservation, which is changed and given back.
        people: What ``people_of`` wrote; ``NOBODY``: they were erased; ``None``: there never were any.
    """
    if people is None:
        return message
    if people == NOBODY:
        message.erased = True
        return message
    message.MergeFrom(reservation_pb2.Reservation.FromString(people))
    return message
