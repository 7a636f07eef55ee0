"""Every field says who sees it, and no person and no secret is where it must not be (PTY-10, PTY-12)."""

from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from interlock.v1 import event_pb2, options_pb2
from tests.sdk.contract.reading import audience, home, messages, methods, reachable

ITS_PARTY_ALONE = {
    "interlock.v1.PartyKey": "how a party calls is its own matter",
    "interlock.v1.NetworkAccount": "its dealings with a carried network",
    "interlock.v1.Webhook": "where it wants to be told",
}
"""Resources whose fields declare nothing: only the party in the name sees them."""

PLAIN_VALUES = {
    "interlock.v1.AgeCheck",
    "interlock.v1.CollectFor",
    "interlock.v1.CollectorNeeds",
    "interlock.v1.Dimensions",
    "interlock.v1.Kind",
    "interlock.v1.Need",
    "interlock.v1.Restriction",
}
"""Values without an owner of their own: seen as far as the field is that holds them."""

ENVELOPES = {
    "interlock.v1.BatchCreateReservationsOutcome": "one answer among many",
}
"""Parts of an answer that are no resource; what they hold declares for itself."""

PERSONAL = {"interlock.v1.Collector", "interlock.v1.Shipper", "interlock.v1.Document"}


def answers() -> list[Descriptor]:
    """Return what stands in the answers of the parties' contract, the answers themselves left out."""
    outputs = [method.output_type for method in methods() if method.full_name.startswith("interlock.v1.")]
    return [each for each in reachable(outputs) if each not in outputs]


def marked(option: Any) -> list[FieldDescriptor]:
    """Return the fields of the whole contract that bear a mark."""
    return [field for message in messages() for field in message.fields if field.GetOptions().Extensions[option]]


@pytest.mark.parametrize("message", answers(), ids=lambda message: message.full_name)
def test_pty_10_every_field_that_is_shown_has_an_audience(message: Descriptor) -> None:
    silent = {field.name for field in message.fields if not audience(field)}
    if message.full_name in {*ITS_PARTY_ALONE, *PLAIN_VALUES, *ENVELOPES}:
        assert len(silent) == len(message.fields), "one that declares for some fields declares for all"
    else:
        assert silent == set()


def test_pty_10_the_exceptions_are_still_there() -> None:
    assert {*ITS_PARTY_ALONE, *PLAIN_VALUES, *ENVELOPES} <= {message.full_name for message in answers()}


def test_pty_12_nobody_but_the_carrier_sees_a_person() -> None:
    personal = marked(options_pb2.personal)
    assert {home(field).full_name for field in personal} == PERSONAL
    for field in personal:
        assert audience(field) == {options_pb2.AUDIENCE_CARRIER}, field.full_name


def test_pty_12_no_person_is_known_at_a_bank() -> None:
    at_the_bank = reachable(message for message in messages() if message.full_name.startswith("interlock.edge."))
    assert PERSONAL.isdisjoint(message.full_name for message in at_the_bank)


def test_pty_12_no_secret_is_in_an_event() -> None:
    told = reachable([event_pb2.Event.DESCRIPTOR])
    secret = {home(field).full_name for field in marked(options_pb2.secret)}
    assert secret.isdisjoint(message.full_name for message in told)


def test_pty_12_a_person_hangs_in_an_event_by_the_reservation_alone() -> None:
    # These two fields are left empty there; any other way to a person would go unseen by that rule.
    told = reachable([event_pb2.Event.DESCRIPTOR])
    ways = {field.full_name for message in told for field in message.fields if _is_personal(field)}
    assert ways == {"interlock.v1.Reservation.collector", "interlock.v1.Reservation.shipper"}


def _is_personal(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name in PERSONAL


def test_pty_12_a_secret_is_shown_by_the_answer_that_makes_it_and_no_other() -> None:
    shown = {
        method.name
        for method in methods()
        for message in reachable([method.output_type])
        for field in message.fields
        if field.GetOptions().Extensions[options_pb2.secret] and message.full_name != "interlock.v1.NetworkAccount"
    }
    assert shown == {
        "CreateReservation",
        "BatchCreateReservations",
        "ConfirmReservation",
        "RecallReservation",
        "AddParcel",
        "AdoptWalkIn",
        "IssueAccess",
        "IssueCourierSession",
        "IssueServiceAccess",
        "RevokeAccess",
        "CreateRegistrationCode",
        "CreateEnrolmentCode",
    }
