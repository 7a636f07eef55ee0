"""Rights in forms that people can carry, and the network's public keys: ``AccessService``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from interlock.client.call import Call
from interlock.client.core import Core
from interlock.client.method import answering
from interlock.client.results import Revoked
from interlock.client.values import duration, point
from interlock.client.values import request_id as _request_id
from interlock.client.words import number, numbers
from interlock.v1 import access_service_pb2 as pb
from interlock.v1.operator_pb2 import Command
from interlock.v1.reservation_pb2 import Act, Grant


class Access(Core):
    """What opens doors."""

    @answering
    def issue_access(
        self,
        reservation: str,
        act: str | int,
        *,
        form: str | int = "TOKEN",
        replace: bool = False,
        request_id: str | None = None,
    ) -> Call[Grant]:
        """Give a right in a form. The same right may be given again; the bank counts its use once.

        Args:
            reservation: ``parties/{carrier}/reservations/{reservation}``.
            act: ``"DEPOSIT"``, ``"COLLECT"`` or ``"RECALL"``.
            form: ``"TOKEN"``, for a QR code, or ``"PIN"``, for collecting alone.
            replace: Retire what was given before. A replaced PIN works on until the bank has acknowledged.
            request_id: To repeat a call of an earlier process; None: a new one.

        Raises:
            interlock.errors.WrongState: the act is not open in the reservation's state.

        >>> grant = client.issue_access(reserved.name, "collect")
        >>> client.verify_token(grant.access_token).sub == reserved.name.split("/")[-1]
        True
        """
        request = pb.IssueAccessRequest(
            reservation=reservation,
            act=number(Act, act),
            form=number(pb.AccessForm, form),
            replace=replace,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.grant)

    @answering
    def issue_courier_session(
        self, bank: str, acts: Iterable[str | int] = ("DEPOSIT",), *, request_id: str | None = None
    ) -> Call[pb.IssueCourierSessionResponse]:
        """Give a courier the menu of one bank for 12 hours; each door still needs its parcel's own right.

        Raises:
            interlock.errors.CapabilityNotSupported: the bank has no scanner.

        >>> session = client.issue_courier_session("parties/city/banks/altona", ["deposit", "recall"])
        >>> session.HasField("expire_time")
        True
        """
        request = pb.IssueCourierSessionRequest(
            parent=self._identity.party, bank=bank, acts=numbers(Act, acts), request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer)

    @answering
    def issue_service_access(
        self, compartment: str, reason: str, *, request_id: str | None = None
    ) -> Call[pb.IssueServiceAccessResponse]:
        """Give a technician access to one compartment for 15 minutes; ``reason`` holds no personal data."""
        request = pb.IssueServiceAccessRequest(
            compartment=compartment, reason=reason, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer)

    @answering
    def revoke(
        self,
        reservation: str,
        act: str | int,
        *,
        suspend: bool = False,
        reason: str = "",
        request_id: str | None = None,
    ) -> Call[Revoked]:
        """End a right before its time. It still opens until the bank has applied that: ``effect`` says whether it has.

        Args:
            reservation: ``parties/{carrier}/reservations/{reservation}``.
            act: Which right.
            suspend: Give no new right to a deposited parcel; needs a ``reason``. Without it the answer has a new one.
            reason: For the record, no personal data.
            request_id: As in ``issue_access``.

        >>> word(Effect.DESCRIPTOR, client.revoke(reserved.name, "collect").effect)
        'PENDING'
        """
        request = pb.RevokeAccessRequest(
            reservation=reservation,
            act=number(Act, act),
            suspend=suspend,
            reason=reason,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: Revoked(answer.effect, tuple(answer.grants)))

    @answering
    def open_door(
        self,
        reservation: str,
        *,
        screen_code: str = "",
        position: tuple[float, float] | None = None,
        staff_call: bool = False,
        timeout: timedelta = timedelta(seconds=10),
        request_id: str | None = None,
    ) -> Call[Command]:
        """Open the door for a collector who stands before it. Say how that is known, in exactly one way.

        Args:
            reservation: ``parties/{carrier}/reservations/{reservation}``.
            screen_code: The code that the bank's screen shows at this moment.
            position: Where the collector's phone is: latitude, longitude.
            staff_call: Somebody of the carrier's is on the phone with the collector.
            timeout: How long the opening may wait, 1 to 30 s; one that comes later never fires.
            request_id: The same id never opens twice.

        Raises:
            ValueError: no presence, or more than one.
            interlock.errors.NoLiveLink: the bank is not connected.
            interlock.errors.AccessRefused: the bank refused; its metadata ``access_refusal`` says why.
            interlock.errors.CommandExpired: the bank did not answer in time.
        """
        request = pb.OpenDoorRequest(
            reservation=reservation,
            presence=presence(screen_code, position, staff_call=staff_call),
            timeout=duration(timeout),
            request_id=_request_id(request_id),
        )
        # The bank's time, and ours to hear of it.
        return Call(request, read=lambda answer: answer.command, timeout_s=timeout.total_seconds() + 5)

    @answering
    def key_set(self) -> Call[pb.GetKeySetResponse]:
        """Get the network's public keys, as a JWK set and as the document that the root key signed. Needs no key.

        >>> "keys" in json.loads(client.key_set().jwks)
        True
        """
        return Call(pb.GetKeySetRequest(), read=lambda answer: answer)


def presence(screen_code: str, position: tuple[float, float] | None, *, staff_call: bool) -> pb.Presence:
    """Say how it is known that somebody stands at the bank.

    Raises:
        ValueError: not said in exactly one way.
    """
    if [bool(screen_code), position is not None, staff_call].count(True) != 1:
        message = "Say in exactly one way that somebody stands at the bank: screen_code=, position= or staff_call=True."
        raise ValueError(message)
    if screen_code:
        return pb.Presence(screen_code=screen_code)
    if position is not None:
        return pb.Presence(position=point(position))
    return pb.Presence(staff_call=True)
