"""Reserving capacity and following a reservation to its end: ``ReservationService``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Unpack

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.following import Watched
from interlock.client.method import answering, iterating
from interlock.client.results import CancelledReservation, Outcome, Reserved
from interlock.client.terms import Terms, item
from interlock.client.values import collecting
from interlock.client.values import request_id as _request_id
from interlock.client.words import numbers
from interlock.errors import from_status
from interlock.v1 import reservation_service_pb2 as pb
from interlock.v1.parcel_pb2 import Parcel
from interlock.v1.reservation_pb2 import CollectFor, Reservation, ReservationState


class Reservations(Core):
    """What a carrier does with capacity."""

    @answering
    def reserve(self, bank: str, parcels: Iterable[Parcel | str], **terms: Unpack[Terms]) -> Call[Reserved]:
        """Promise one compartment for the parcels of one collector; a hold with ``hold=``.

        Args:
            bank: ``parties/{operator}/banks/{bank}``, as ``search_banks`` names it.
            parcels: 1 to 8 of them; a plain text is the carrier's own number.
            **terms: What else is asked for; ``interlock.client.terms.Terms`` says each.

        Returns:
            The reservation with the deposit token and the collector's PIN.

        Raises:
            interlock.errors.NoCapacity: no compartment that serves is free for the whole stay.
            interlock.errors.BankUnknown: no such bank, or it is not for this carrier to book.
            interlock.errors.FailedPrecondition: the bank cannot serve these parcels or this collector; its subclasses
                say why.

        >>> reserved = client.reserve(
        ...     "parties/city/banks/altona",
        ...     ["JD014600003SE"],
        ...     size="M",
        ...     collector=Collector(phone="+4915112345678", locale="de"),
        ...     collect_for=timedelta(days=3),
        ... )
        >>> reserved.name
        'parties/acme/reservations/...'
        >>> reserved.pin.isdigit()
        True
        """
        return Call(item(self._identity.party, bank, parcels, terms), read=_reserved)

    def item(self, bank: str, parcels: Iterable[Parcel | str], **terms: Unpack[Terms]) -> pb.CreateReservationRequest:
        """Put together one item for ``reserve_many``, from the same arguments as ``reserve``. Sends nothing."""
        return item(self._identity.party, bank, parcels, terms)

    @answering
    def reserve_many(self, items: Sequence[pb.CreateReservationRequest]) -> Call[tuple[Outcome, ...]]:
        """Promise many compartments; each item stands alone.

        Args:
            items: 1 to 500, made by ``item``. Those of one bank are decided in this order.

        Returns:
            One outcome an item, in the same order: what was promised, or the refusal as a value.

        >>> wanted = [client.item("parties/city/banks/altona", [number], size="S") for number in ("A1", "A2")]
        >>> [type(outcome).__name__ for outcome in client.reserve_many(wanted)]
        ['Reserved', 'Reserved']
        """
        request = pb.BatchCreateReservationsRequest(parent=self._identity.party, requests=items)
        return Call(request, read=lambda answer: _outcomes(answer, items))

    @answering
    def confirm(self, name: str, *, etag: str = "", request_id: str | None = None) -> Call[Reserved]:
        """Turn a hold into a promise, with the deposit token and the collector's PIN.

        Args:
            name: ``parties/{carrier}/reservations/{reservation}``.
            etag: The ``etag`` last seen, to confirm only what was seen; empty: whatever it is now.
            request_id: To repeat a call of an earlier process; None: a new one.

        Raises:
            interlock.errors.WrongState: it is not held, or no longer.

        >>> held = client.reserve("parties/city/banks/altona", ["A3"], size="S", hold=timedelta(minutes=10))
        >>> held.deposit_token
        ''
        >>> len(client.confirm(held.name).pin)
        8
        """
        request = pb.ConfirmReservationRequest(name=name, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=_reserved)

    @answering
    def get(self, name: str) -> Call[Reservation]:
        """Read one reservation, in the caller's view.

        Raises:
            interlock.errors.ReservationUnknown: there is none for this caller.

        >>> client.get(reserved.name).parcels[0].carrier_reference
        'JD014600003SE'
        """
        return Call(pb.GetReservationRequest(name=name), read=lambda answer: answer.reservation)

    @iterating
    def list(
        self, *, bank: str = "", states: Iterable[str | int] = (), carrier: str | None = None, page_size: int = 0
    ) -> Pages[Reservation]:
        """List reservations, newest first; pages are fetched as they are needed.

        Args:
            bank: Only those at this bank.
            states: Only those in one of these, for example ``["CONFIRMED", "DEPOSITED"]``.
            carrier: Whose; None: the caller's own. An operator says ``parties/-`` for all that it may see.
            page_size: So many a page, up to 500; 0: the gateway's choice. Changes nothing but the number of calls.

        >>> {reservation.bank for reservation in client.list(states=["CONFIRMED"])}
        {'parties/city/banks/altona'}
        """
        request = pb.ListReservationsRequest(
            parent=self._identity.party if carrier is None else carrier,
            bank=bank,
            states=numbers(ReservationState, states),
            page_size=page_size,
        )
        return Pages(request, items=lambda page: page.reservations)

    @answering
    def extend(
        self, name: str, by: CollectFor | timedelta, *, etag: str = "", request_id: str | None = None
    ) -> Call[Reservation]:
        """Give the collector more time; no new token is needed.

        Args:
            name: ``parties/{carrier}/reservations/{reservation}``.
            by: What is added to its ``collect_end_time``.
            etag: As in ``confirm``.
            request_id: As in ``confirm``.

        Raises:
            interlock.errors.NoCapacity: not for so long; its ``extendable_until`` says until when.
            interlock.errors.WrongState: nothing is in the bank.
        """
        request = pb.ExtendReservationRequest(
            name=name, collect_for=collecting(by), etag=etag, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer.reservation)

    @answering
    def cancel(self, name: str, *, etag: str = "", request_id: str | None = None) -> Call[CancelledReservation]:
        """Give a promise back. Its capacity returns when the bank can no longer honour it.

        Raises:
            interlock.errors.WrongState: a parcel is already in the bank, or it has ended.

        >>> spare = client.reserve("parties/city/banks/altona", ["A4"], size="S")
        >>> word(ReservationState.DESCRIPTOR, client.cancel(spare.name).reservation.state)
        'CANCELLED'
        """
        request = pb.CancelReservationRequest(name=name, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: CancelledReservation(answer.reservation, answer.effect))

    @answering
    def recall(self, name: str, *, etag: str = "", request_id: str | None = None) -> Call[Reserved]:
        """Ask for the parcels back; the answer has the token to take them. Whoever opens the door first wins.

        Raises:
            interlock.errors.WrongState: nothing is in the bank.
        """
        request = pb.RecallReservationRequest(name=name, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: Reserved.of(answer.reservation, answer.grants))

    @answering
    def add_parcel(
        self, name: str, parcel: Parcel | str, *, etag: str = "", request_id: str | None = None
    ) -> Call[Reserved]:
        """Add a parcel of the same collector, before the first is deposited.

        Returns:
            The reservation, with the deposit token again, for so many parcels; none while it is held.

        Raises:
            interlock.errors.ClassWouldChange: together they need a larger compartment.
        """
        added = Parcel(carrier_reference=parcel) if isinstance(parcel, str) else parcel
        request = pb.AddParcelRequest(name=name, parcel=added, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: Reserved.of(answer.reservation, answer.grants))

    @iterating
    def watch(self, name: str) -> Watched:
        """Follow a reservation: first as it is, then after every change, until it has ended.

        An interrupted line is taken up again; each revision comes once, and some may be passed over while the line is
        down, as each is the whole reservation.

        >>> [reservation.revision for reservation in client.watch(cancelled.name)]
        [2]
        """
        return Watched(name)

    @answering
    def track(self, name: str) -> Call[pb.GetTrackingResponse]:
        """Tell the course of a reservation: its steps, oldest first, with evidence and receipts, and its discrepancies.

        >>> [step.type for step in client.track(cancelled.name).steps]
        ['interlock.reservation.confirmed.v1', 'interlock.reservation.cancelled.v1']
        """
        return Call(pb.GetTrackingRequest(name=name), read=lambda answer: answer)

    @answering
    def documents(self, name: str, *, media_type: str = "") -> Call[Sequence[pb.Document]]:
        """Get labels and drop-off codes of a reservation in a carried network.

        Raises:
            interlock.errors.NotServedYet: this gateway has no carried networks.
        """
        request = pb.GetDocumentsRequest(name=name, media_type=media_type)
        return Call(request, read=lambda answer: tuple(answer.documents))

    @answering
    def adopt_walk_in(
        self, bank: str, walk_in_code: str, parcels: Iterable[Parcel | str], **terms: Unpack[Terms]
    ) -> Call[Reserved]:
        """Take over a parcel that was deposited at the bank without a reservation.

        Raises:
            interlock.errors.NotServedYet: this gateway does not serve walk-ins.
        """
        wanted = item(self._identity.party, bank, parcels, terms)
        request = pb.AdoptWalkInRequest(
            parent=wanted.parent,
            bank=bank,
            request_id=wanted.request_id,
            walk_in_code=walk_in_code,
            reservation=wanted.reservation,
        )
        return Call(request, read=lambda answer: Reserved.of(answer.reservation, answer.grants))

    @answering
    def erase_personal_data(self, name: str, *, request_id: str | None = None) -> Call[Reservation]:
        """Erase the collector and the shipper of one reservation for good. The custody record stays."""
        request = pb.ErasePersonalDataRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.reservation)


def _reserved(answer: pb.CreateReservationResponse | pb.ConfirmReservationResponse) -> Reserved:
    return Reserved.of(answer.reservation, answer.grants, answer.allocation_version)


def _outcomes(
    answer: pb.BatchCreateReservationsResponse, items: Sequence[pb.CreateReservationRequest]
) -> tuple[Outcome, ...]:
    return tuple(
        from_status(outcome.refused, request_id=item.request_id)
        if outcome.WhichOneof("outcome") == "refused"
        else _reserved(outcome.created)
        for outcome, item in zip(answer.outcomes, items, strict=True)
    )
