"""What of a message each reader gets: the contract's audiences, field by field."""

from __future__ import annotations

import pytest

from interlock.v1 import bank_pb2, event_pb2, need_pb2, party_pb2, reservation_pb2
from interlock_gateway.domain.viewers import View
from interlock_gateway.services.projection import project


def _reservation() -> reservation_pb2.Reservation:
    message = reservation_pb2.Reservation(name="n", bank="b", etag="r1", collector_group="g", revision=3)
    message.collector.phone = "+41"
    message.shipper.name = "Ada"
    message.parcels.add(number=1, carrier_reference="R-1", sscc="1" * 18)
    message.planned_kind.size_class = need_pb2.SIZE_CLASS_M
    return message


def test_its_carrier_sees_all_of_a_reservation() -> None:
    assert project(_reservation(), [View.CARRIER]) == _reservation()


def test_an_operator_sees_the_parcel_and_not_whose_it_is() -> None:
    seen = project(_reservation(), [View.OPERATOR])
    assert seen.parcels[0].number == 1
    assert not seen.parcels[0].carrier_reference
    assert not seen.parcels[0].sscc
    assert not seen.HasField("collector")
    assert not seen.HasField("shipper")
    assert not seen.etag
    assert seen.planned_kind.size_class == need_pb2.SIZE_CLASS_M


def test_a_host_sees_where_and_in_what_state_and_not_the_name() -> None:
    seen = project(_reservation(), [View.HOST])
    assert seen == reservation_pb2.Reservation(bank="b")


def test_what_is_public_is_seen_in_any_view() -> None:
    bank = bank_pb2.Bank(
        name="b", host="parties/h", bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL)
    )
    bank.kinds.add(compartment_count=4).kind.size_class = need_pb2.SIZE_CLASS_S
    seen = project(bank, [])
    assert seen.name == "b"
    assert not seen.host
    assert not seen.HasField("bookable_by")
    assert seen.kinds[0].kind.size_class == need_pb2.SIZE_CLASS_S
    assert seen.kinds[0].compartment_count == 0


def test_an_event_shows_what_its_resource_shows() -> None:
    event = event_pb2.Event(id="1", reservation=event_pb2.ReservationEvent(reservation=_reservation()))
    seen = project(event, [View.OPERATOR])
    assert seen.id == "1"
    assert seen.reservation.reservation == project(_reservation(), [View.OPERATOR])


def test_two_views_see_what_either_sees() -> None:
    assert project(_reservation(), [View.HOST, View.OPERATOR]) == project(_reservation(), [View.OPERATOR])


@pytest.mark.parametrize("view", [each for each in View if each is not View.CARRIER])
def test_no_view_but_the_carriers_has_a_person_in_it(view: View) -> None:
    seen = project(_reservation(), [view]).SerializeToString()
    assert b"+41" not in seen
    assert b"Ada" not in seen


def test_what_declares_nothing_is_given_to_nobody_but_its_owner() -> None:
    assert project(party_pb2.PartyKey(name="k", public_key="{}"), [View.NETWORK]) == party_pb2.PartyKey()
