"""The domain's words are the contract's: the same values, spelled alike (PTY-1, REQ-12)."""

import pytest
from google.protobuf.descriptor import EnumDescriptor

from interlock.edge.v1 import fact_pb2
from interlock.v1 import (
    access_service_pb2,
    bank_pb2,
    collector_pb2,
    courier_error_pb2,
    discrepancy_pb2,
    error_reason_pb2,
    need_pb2,
    operator_pb2,
    options_pb2,
    parcel_pb2,
    party_pb2,
    reservation_pb2,
)
from interlock_gateway.domain import bank, discrepancy, errors, facts, parcel, party, reservation, rights, viewers
from interlock_gateway.domain.words import Word

PAIRS: list[tuple[type[Word], EnumDescriptor]] = [
    (reservation.State, reservation_pb2.ReservationState.DESCRIPTOR),
    (reservation.BrokenReason, reservation_pb2.BrokenReason.DESCRIPTOR),
    (reservation.HandOver, reservation_pb2.HandOver.DESCRIPTOR),
    (reservation.NotifiedBy, reservation_pb2.NotifiedBy.DESCRIPTOR),
    (facts.Evidence, reservation_pb2.Evidence.DESCRIPTOR),
    (facts.RefusalReason, reservation_pb2.RefusalReason.DESCRIPTOR),
    (facts.Act, reservation_pb2.Act.DESCRIPTOR),
    (facts.CourierError, courier_error_pb2.CourierError.DESCRIPTOR),
    (facts.DoorState, fact_pb2.DoorState.DESCRIPTOR),
    (facts.Occupancy, fact_pb2.Occupancy.DESCRIPTOR),
    (facts.PresenceKind, operator_pb2.PresenceKind.DESCRIPTOR),
    (facts.OpeningCause, fact_pb2.OpeningCause.DESCRIPTOR),
    (facts.RightEnd, fact_pb2.RightEnd.DESCRIPTOR),
    (parcel.ParcelState, parcel_pb2.ParcelState.DESCRIPTOR),
    (parcel.AgeCheckMethod, parcel_pb2.AgeCheckMethod.DESCRIPTOR),
    (parcel.LabelKind, parcel_pb2.LabelKind.DESCRIPTOR),
    (discrepancy.DiscrepancyKind, discrepancy_pb2.DiscrepancyKind.DESCRIPTOR),
    (discrepancy.ResolutionKind, discrepancy_pb2.ResolutionKind.DESCRIPTOR),
    (rights.Effect, reservation_pb2.Effect.DESCRIPTOR),
    (rights.Form, access_service_pb2.AccessForm.DESCRIPTOR),
    (party.Role, options_pb2.Role.DESCRIPTOR),
    (party.PartyState, party_pb2.PartyState.DESCRIPTOR),
    (viewers.View, options_pb2.Audience.DESCRIPTOR),
    (bank.BankState, bank_pb2.BankState.DESCRIPTOR),
    (bank.Capability, bank_pb2.BankCapability.DESCRIPTOR),
    (bank.VerifiesAt, bank_pb2.VerifiesAt.DESCRIPTOR),
    (bank.BookableByMode, bank_pb2.BookableByMode.DESCRIPTOR),
    (bank.Input, need_pb2.Input.DESCRIPTOR),
    (bank.CollectorField, collector_pb2.CollectorField.DESCRIPTOR),
]


def _words(enum: EnumDescriptor) -> list[str]:
    """Value names without the prefix that they share, UNSPECIFIED left out."""
    first: str = enum.values_by_number[0].name
    prefix = first.removesuffix("UNSPECIFIED")
    return [value.name.removeprefix(prefix) for value in enum.values if value.number]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=[ours.__name__ for ours, _ in PAIRS])
def test_pty_1_the_domain_speaks_the_contracts_words(ours: type[Word], theirs: EnumDescriptor) -> None:
    assert sorted(ours) == sorted(_words(theirs))
    assert all(word.value == word.name for word in ours)


def test_req_12_every_refusal_has_its_reason_in_the_contract_and_the_other_way_round() -> None:
    assert sorted(errors.refusals()) == sorted(_words(error_reason_pb2.ErrorReason.DESCRIPTOR))


def test_evd_1_the_kinds_of_fact_are_the_bodies_of_the_contract() -> None:
    bodies = fact_pb2.Fact.DESCRIPTOR.oneofs_by_name["body"].fields
    assert sorted(facts.FactKind) == sorted(field.name.upper() for field in bodies)


def test_res_21_the_restrictions_are_the_cases_of_the_contract() -> None:
    cases = {field.name for field in parcel_pb2.Restriction.DESCRIPTOR.oneofs_by_name["restriction"].fields}
    ours = {"dangerous_goods_class" if kind == "DANGEROUS_GOODS" else kind.lower() for kind in parcel.RestrictionKind}
    assert ours == cases
