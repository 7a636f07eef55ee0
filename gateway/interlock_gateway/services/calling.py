"""One call, as a servicer sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from interlock_gateway.domain.request_memory import digest
from interlock_gateway.ports import Request, Viewer


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls what.

    Attributes:
        method: Full name, for example ``interlock.v1.ReservationService/CreateReservation``.
        address: Where the call comes from, without the port.
        caller: Who calls; ``None`` where the method is open to anyone and no token came.
    """

    method: str
    address: str
    caller: Viewer | None

    @property
    def viewer(self) -> Viewer:
        """Who calls, for reads; the access rules have seen to it that there is somebody.

        Raises:
            RuntimeError: Asked in a method that is open to anyone.
        """
        if self.caller is None:
            message = f"{self.method} is open to anyone, so it cannot ask who calls"
            raise RuntimeError(message)
        return self.caller

    @property
    def party(self) -> str:
        """Party id of the caller."""
        return self.viewer.party

    def request(self, message: Any, *, method: str = "") -> Request | None:  # noqa: ANN401 - any message with the field
        """Under what the outcome of a writing call is remembered (REQ-1).

        Args:
            message: Has a ``request_id``; empty: nothing is remembered.
            method: Whose outcome it is, where that is not this call's method.
        """
        if not message.request_id:
            return None
        return Request(self.party, method or self.method, message.request_id, digest(canonical(message)))


def canonical(message: Message) -> bytes:
    """Write a request's content, without its ``request_id``, so that equal requests have equal bytes."""
    plain = type(message)()
    plain.CopyFrom(message)
    plain.ClearField("request_id")
    return plain.SerializeToString(deterministic=True)
