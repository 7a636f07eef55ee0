"""Every kind of fact has its place in the contract, and a manifest is read as the contract says (EVD-22, ACC-75)."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from scene import JOURNAL, NOON, R1, R2

from interlock.access_token import Act
from interlock.deposit_terms import Climate, CollectFor, StayUnit
from interlock.edge.v1 import fact_pb2, manifest_pb2
from interlock.receipt import DoorState, Evidence
from interlock.v1 import need_pb2, reservation_pb2
from interlock_edge.clock import Instant
from interlock_edge.custody import fact
from interlock_edge.custody.door import Occupied, Withdrawal
from interlock_edge.custody.fact import CustodyBody, Fact, HandOver, Lane, TelemetryBody, Use
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.manifest import CompartmentTold, HandedDown, Headroom, OpeningLimits
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.stay import Calendar, collect_until
from interlock_edge.custody.terms import PinVerifier
from interlock_edge.journal.decoding import handed_down_of, kind_of, manifest_of, told_of
from interlock_edge.journal.encoding import encoder
from interlock_edge.journal.written import Address

BOOT = "b" * 16
AT = Instant(NOON, 1_234, uncertainty_s=7, suspect=True)


def use(act: Act = Act.COLLECT, form: Form = Form.PIN) -> Use:
    return Use(Right(R1, act), form, series=3, command="k" * 16, presence="POSITION")


def hand_over(act: Act, evidence: Evidence = Evidence.SENSED) -> HandOver:
    return HandOver(
        use=use(act),
        parcel=2,
        compartment="7",
        size_class=SizeClass.M,
        evidence=evidence,
        door=DoorState.CLOSED,
        occupied=Occupied.NO,
        opened_time=NOON - 9,
        closed_time=NOON,
        from_token_alone=True,
    )


SAMPLES: list[tuple[CustodyBody | TelemetryBody, str]] = [
    (fact.JournalStarted("p" * 16, 9, b"\x01" * 32), "journal_started"),
    (fact.DoorOpened("7", use(), R1), "door_opened"),
    (fact.DoorClosed("7", Occupied.YES, R1), "door_closed"),
    (fact.DoorLeftOpen("7", R1), "door_left_open"),
    (fact.DoorNotOpened("7", use(), 3), "door_not_opened"),
    (hand_over(Act.DEPOSIT), "parcel_deposited"),
    (hand_over(Act.COLLECT), "parcel_collected"),
    (hand_over(Act.RECALL), "parcel_recalled"),
    (fact.NotDeposited("7", use(), Evidence.ASSERTED, fact.CourierError.PARCEL_TOO_BIG), "not_deposited"),
    (fact.ParcelRefused("7", use(), fact.RefusedItem.DAMAGED), "parcel_refused"),
    (fact.ItemFound("7", Evidence.SENSED, R2), "item_found"),
    (fact.CompartmentWithdrawn("7", Withdrawal.JAMMED, R1), "compartment_withdrawn"),
    (fact.CompartmentRestored("7"), "compartment_restored"),
    (fact.RightEnded(Right(R1, Act.COLLECT), 2, fact.RightEnd.SUPERSEDED), "right_ended"),
    (fact.HeadroomSpent(7, SizeClass.L, R1, "7"), "headroom_spent"),
    (fact.CourierErrorReported(fact.CourierError.COMPARTMENT_EMPTY, "7", R1), "courier_error_reported"),
    (fact.ClockStepped(NOON, NOON + 9, answered=True), "clock_stepped"),
    (fact.ParcelIdentified(R1, 2, b"\x02" * 16), "parcel_identified"),
    (fact.TenancyHandedDown(R1, "7"), "tenancy_handed_down"),
    (fact.AccessRefused("USED", Form.QR, R1, NOON), "access_refused"),
    (fact.KeypadLocked(NOON, 5), "keypad_locked"),
    (fact.TamperSeen(fact.Tampering.PIN_GUESSING), "tamper_seen"),
    (fact.OpeningLimited("7", without_presence=True), "opening_limited"),
    (fact.Gap(3, 9), "gap"),
]


def sent(body: CustodyBody | TelemetryBody, earlier: int = 4) -> fact_pb2.Fact:
    said = Fact(body, AT)
    return fact_pb2.Fact.FromString(encoder(BOOT)(said, Address(JOURNAL, said.lane, 5), earlier))


@pytest.mark.parametrize(("body", "name"), SAMPLES, ids=[name for _, name in SAMPLES])
def test_a_fact_travels_as_its_own_kind(body: CustodyBody | TelemetryBody, name: str) -> None:
    message = sent(body)
    assert message.WhichOneof("body") == name
    lane = fact_pb2.LANE_TELEMETRY if isinstance(body, TelemetryBody) else fact_pb2.LANE_CUSTODY
    assert message.address == fact_pb2.FactAddress(journal_id=JOURNAL, lane=lane, number=5)
    assert message.clock == fact_pb2.ClockReading(
        time=Timestamp(seconds=NOON),
        uncertainty_ms=7_000,
        state=fact_pb2.CLOCK_STATE_SUSPECT,
        boot_id=BOOT,
        monotonic_ms=1_234,
    )


def test_no_kind_of_fact_was_forgotten() -> None:
    kinds = {*get_args(CustodyBody), *get_args(TelemetryBody)}
    assert {type(body) for body, _ in SAMPLES} == kinds


def test_every_name_that_a_fact_can_carry_is_in_the_contract() -> None:
    for withdrawal in Withdrawal:
        sent(fact.CompartmentWithdrawn("7", withdrawal))
    for error in fact.CourierError:
        sent(fact.CourierErrorReported(error))
    for end in fact.RightEnd:
        sent(fact.RightEnded(Right(R1, Act.COLLECT), 0, end))
    for item in fact.RefusedItem:
        sent(fact.ParcelRefused("7", use(), item))
    for evidence in Evidence:
        sent(hand_over(Act.DEPOSIT, evidence))


def test_a_hand_over_says_all_that_is_known() -> None:
    assert sent(hand_over(Act.COLLECT)).parcel_collected == fact_pb2.ParcelCollected(
        reservation=R1,
        compartment="7",
        parcel_number=2,
        evidence=reservation_pb2.EVIDENCE_SENSED,
        door=fact_pb2.DOOR_STATE_CLOSED,
        occupancy=fact_pb2.OCCUPANCY_EMPTY,
        series=3,
        by_pin=True,
        earlier_number=4,
    )


@pytest.mark.parametrize(
    ("by", "cause"),
    [
        pytest.param(None, fact_pb2.OPENING_CAUSE_UNEXPECTED, id="nobody"),
        pytest.param(use(), fact_pb2.OPENING_CAUSE_RIGHT, id="a right"),
        pytest.param(use(form=Form.REMOTE), fact_pb2.OPENING_CAUSE_REMOTE_RIGHT, id="a right, from afar"),
        pytest.param(use(Act.SERVICE, Form.QR), fact_pb2.OPENING_CAUSE_SERVICE, id="a technician"),
        pytest.param(use(Act.SERVICE, Form.REMOTE), fact_pb2.OPENING_CAUSE_OPERATOR, id="the operator"),
        pytest.param(
            Use(Right(R1, Act.COLLECT), Form.QR, grace=True), fact_pb2.OPENING_CAUSE_GRACE, id="a second look"
        ),
    ],
)
def test_why_a_door_opened(by: Use | None, cause: int) -> None:
    assert sent(fact.DoorOpened("7", by)).door_opened.cause == cause


def test_the_lanes_of_the_journal_are_those_of_the_link() -> None:
    assert {lane.name for lane in Lane} == {
        name.removeprefix("LANE_")
        for name in fact_pb2.Lane.keys()  # noqa: SIM118
    } - {"UNSPECIFIED"}


CHANGE = manifest_pb2.ManifestChange(
    to=manifest_pb2.Version(era=2, number=5),
    reservations=[
        manifest_pb2.ReservationEntry(
            reservation=R1,
            carrier="acme",
            group="gggggggggg",
            planned_kind=need_pb2.Kind(
                size_class=need_pb2.SIZE_CLASS_L,
                climate=need_pb2.CLIMATE_CHILLED,
                features=[need_pb2.FEATURE_ACCESSIBLE],
            ),
            deposit=manifest_pb2.RightEntry(series=1),
            collect=manifest_pb2.RightEntry(series=2, suspended=True),
            recall=manifest_pb2.RightEntry(revoked=True),
            deposit_start_time=Timestamp(seconds=NOON),
            deposit_end_time=Timestamp(seconds=NOON + 60),
            collect_for=reservation_pb2.CollectFor(working_days=3),
            recall_time_hours=12,
            collect_end_time=Timestamp(seconds=NOON + 90),
            parcels=[
                manifest_pb2.ParcelEntry(number=1, barcode_hmacs=[b"a" * 16, b"b" * 16]),
                manifest_pb2.ParcelEntry(number=2),
            ],
            pin_verifiers=[manifest_pb2.PinVerifier(key_version=1, series=2, verifier=b"v" * 8)],
            hand_over_letters="I",
        )
    ],
    removed_reservations=[R2],
    configuration=manifest_pb2.Configuration(
        time_zone="Europe/Berlin",
        closed_dates=[],
        compartments=[
            manifest_pb2.CompartmentEntry(
                label="1", kind=need_pb2.Kind(size_class=need_pb2.SIZE_CLASS_S), withdrawn=True
            )
        ],
        headroom=[
            manifest_pb2.Headroom(
                size_class=need_pb2.SIZE_CLASS_M, compartment_count=2, end_time=Timestamp(seconds=NOON), fence=9
            )
        ],
        refuse_overdue=True,
        openings_a_minute=5,
    ),
    key_set="k",
    status_list="s",
    tenancies=[
        manifest_pb2.TenancyEntry(reservation=R2, compartment="1", series=1, parcel_numbers=[1, 2], spent_acts=["d"])
    ],
)


def test_a_manifest_is_read_as_the_contract_says() -> None:
    told = told_of(CHANGE)
    assert (told.snapshot, told.removed) == (True, (R2,))
    assert told.documents["key_set"] == b"k"
    manifest = manifest_of(told, today=date(2026, 9, 21))
    entry = manifest.entries[R1]
    pins = (PinVerifier("gggggggggg", 1, 2, b"v" * 8),)
    assert (manifest.era, manifest.number, manifest.refuse_overdue, manifest.emptying) == (2, 5, True, False)
    assert entry.series == {Act.DEPOSIT: 1, Act.COLLECT: 2, Act.RECALL: 0}
    assert (entry.revoked, entry.suspended) == ({Act.RECALL}, {Act.COLLECT})
    assert (entry.barcodes, entry.pins) == ({b"a" * 16: 1, b"b" * 16: 1}, pins)
    assert (entry.deposit_from, entry.deposit_until, entry.collect_until) == (NOON, NOON + 60, NOON + 90)
    assert entry.terms is not None
    assert entry.terms.kind == Kind(SizeClass.L, Climate.CHILLED, frozenset("a"))
    assert (entry.terms.parcels, entry.terms.pins, entry.terms.hand_over) == (2, pins, "I")
    assert (entry.terms.collect_for, entry.terms.recall_hours) == (CollectFor(3, StayUnit.WORKING_DAYS), 12)
    assert manifest.headroom == {SizeClass.M: Headroom(2, NOON, 9)}
    assert manifest.limits == OpeningLimits(a_minute=5)
    assert manifest.compartments == {"1": CompartmentTold(Kind(SizeClass.S), withdrawn=True)}
    assert handed_down_of(CHANGE) == (
        HandedDown(
            reservation=R2,
            compartment="1",
            parcels=frozenset({1, 2}),
            collect_series=1,
            spent=frozenset({Act.DEPOSIT}),
        ),
    )


def test_a_step_is_no_snapshot() -> None:
    step = manifest_pb2.ManifestChange(to=manifest_pb2.Version(era=1, number=2))
    getattr(step, "from").CopyFrom(manifest_pb2.Version(era=1, number=1))
    told = told_of(step)
    assert (told.snapshot, told.documents) == (False, {})


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(need_pb2.Kind(), id="no class"),
        pytest.param(need_pb2.Kind(size_class=need_pb2.SIZE_CLASS_S, climate=77), id="a climate to come"),
        pytest.param(need_pb2.Kind(size_class=need_pb2.SIZE_CLASS_S, features=[77]), id="a feature to come"),
    ],
)
def test_a_kind_that_makes_no_sense_is_refused(kind: need_pb2.Kind) -> None:
    with pytest.raises(ValueError, match=r"."):
        kind_of(kind)


MONDAY = 1_790_000_000 - 1_790_000_000 % 86_400  # 2026-09-21, a Monday, 00:00 UTC
BERLIN = Calendar(
    "Europe/Berlin", frozenset({date(2026, 9, 25)}), date(2026, 11, 20), dict.fromkeys(range(1, 6), 18 * 60)
)


@pytest.mark.parametrize(
    ("collect_for", "calendar", "at", "ends"),
    [
        pytest.param(CollectFor(72, StayUnit.HOURS), None, Instant(MONDAY, 0, 5), MONDAY + 72 * 3_600 + 5, id="hours"),
        pytest.param(
            CollectFor(3, StayUnit.WORKING_DAYS),
            BERLIN,
            Instant(MONDAY, 0, 0),
            MONDAY + 3 * 86_400 + 16 * 3_600,
            id="three working days, to close of Thursday, summer time",
        ),
        pytest.param(
            CollectFor(5, StayUnit.WORKING_DAYS),
            BERLIN,
            Instant(MONDAY, 0, 0),
            MONDAY + 8 * 86_400 + 16 * 3_600,
            id="over a closed Friday and a weekend without opening hours",
        ),
        pytest.param(
            CollectFor(1, StayUnit.WORKING_DAYS),
            Calendar("Europe/Berlin", frozenset(), date(2026, 11, 20)),
            Instant(MONDAY, 0, 0),
            MONDAY + 2 * 86_400 - 2 * 3_600,
            id="always open: to the midnight that ends the day",
        ),
        pytest.param(
            CollectFor(1, StayUnit.WORKING_DAYS),
            Calendar("Europe/Berlin", frozenset(), date(2026, 11, 20), {7: 150}),
            Instant(int(datetime(2026, 10, 24, 12, tzinfo=UTC).timestamp()), 0, 0),
            int(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp()),
            id="half past two comes twice: the later one",
        ),
        pytest.param(CollectFor(3, StayUnit.WORKING_DAYS), None, Instant(MONDAY, 0), 0, id="no calendar: not known"),
        pytest.param(
            CollectFor(60, StayUnit.WORKING_DAYS), BERLIN, Instant(MONDAY, 0), 0, id="beyond the calendar: not known"
        ),
    ],
)
def test_a_stay_ends(collect_for: CollectFor, calendar: Calendar | None, at: Instant, ends: int) -> None:
    assert collect_until(collect_for, at, calendar) == ends
