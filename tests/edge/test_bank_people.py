"""What people do at a bank: groups, recalls, second looks, refused parcels, larger doors (ACC-55, ACC-56)."""

from dataclasses import replace

import pytest
from scene import LARGE, MEDIUM, NOON, R1, R2, R3, SMALL, MakeBank, collect, deposit, recall, terms

from interlock.access_token import Act
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.inputs import Choice, ManifestSet, SessionBegun, Tagged
from interlock_edge.custody.fact import (
    HeadroomSpent,
    NotDeposited,
    ParcelIdentified,
    ParcelRefused,
    RefusedItem,
    RightEnd,
    RightEnded,
)
from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.manifest import Headroom, Manifest, ManifestEntry
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.tenancy import Tenancy

GROUP = "gggggggggg"


def lending(size_class: SizeClass, doors: int = 1, *, until: int = NOON + 86_400) -> Manifest:
    """Make a manifest that lends doors of one class."""
    return Manifest(headroom={size_class: Headroom(doors, until, number=7)})


@pytest.mark.parametrize("sensors", [True, False])
async def test_one_code_opens_the_doors_of_a_group_one_after_another(a_bank: MakeBank, *, sensors: bool) -> None:
    bank = a_bank(SMALL, SMALL, SMALL, sensors=sensors)
    for reservation, label in ((R1, "1"), (R2, "2")):
        await bank.deposited(reservation, label, terms(group=GROUP))
    await bank.show(collect(R1, R2, form=Form.PIN))
    for label in "12":
        assert [label for label, door in bank.doors.doors.items() if door.open] == [label], "one open door at a time"
        bank.doors.take(label)
        await bank.close(label)
        if not sensors:
            await bank.choose(Choice.HAVE_ALL)
    evidence = "SENSED" if sensors else "ASSERTED"
    assert bank.hand_overs()[2:] == [("c", R1, 1, evidence), ("c", R2, 1, evidence)]
    assert bank.bank.opening is None


async def test_a_recall_ends_the_collectors_right_only_when_its_door_has_opened(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.jam("1")
    await bank.show(recall())
    await bank.wait(16)
    assert bank.bank.row(Right(R1, Act.COLLECT)).state is LedgerState.READY
    bank.doors.jam("1", 0)
    await bank.wait(121)
    await bank.show(recall())
    assert bank.bank.row(Right(R1, Act.COLLECT)).state is LedgerState.RETIRED
    assert bank.bodies(RightEnded)[0].end is RightEnd.REVOKED
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("r", R1, 1, "SENSED")


async def test_whoever_opens_first_wins(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    await bank.show(recall())
    assert bank.screen is Screen.CLOSE_DOOR_FIRST
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


@pytest.mark.parametrize(
    ("sensors", "later_s", "opens"),
    [
        pytest.param(True, 50, True, id="within the minute"),
        pytest.param(True, 70, False, id="after the minute"),
        pytest.param(False, 23 * 3_600, True, id="within the day, where nobody saw it go"),
        pytest.param(False, 25 * 3_600, False, id="after the day"),
    ],
)
async def test_the_same_door_opens_again_within_the_grace(
    a_bank: MakeBank, *, sensors: bool, later_s: int, opens: bool
) -> None:
    bank = a_bank(SMALL, sensors=sensors)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    if not sensors:
        await bank.choose(Choice.HAVE_ALL)
    await bank.wait(later_s)
    assert (R1 in bank.bank.tenancies) is opens
    if opens:
        facts = len(bank.hand_overs())
        await bank.show(collect())
        assert bank.screen is Screen.LOOK_AGAIN
        await bank.close("1")
        assert len(bank.hand_overs()) == facts, "a second look moves nothing"


async def test_the_former_right_ends_on_disk_before_the_door_is_anyone_elses(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sensors=False)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    await bank.choose(Choice.HAVE_ALL)
    await bank.show(deposit(R2))
    kept = bank.journal.load()
    assert [row.grace_until for row in kept.ledger if row.right == Right(R1, Act.COLLECT)] == [0]
    assert kept.tenancies == ()
    kinds = bank.kinds()
    assert kinds.index("RightEnded") < len(kinds) - 1 - kinds[::-1].index("DoorOpened")
    assert bank.bodies(RightEnded)[0].end is RightEnd.DOOR_REUSED


async def test_a_door_in_its_grace_is_the_last_to_be_given_away(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    await bank.choose(Choice.HAVE_ALL)
    await bank.deposited(R2, "2")
    assert bank.bank.tenancies[R2].compartment == "2"


@pytest.mark.parametrize("sensors", [True, False])
@pytest.mark.parametrize("why", list(RefusedItem))
async def test_a_collector_can_leave_the_parcel_here(a_bank: MakeBank, why: RefusedItem, *, sensors: bool) -> None:
    bank = a_bank(SMALL, sensors=sensors)
    await bank.deposited()
    await bank.show(collect())
    await bank.close("1")
    await bank.choose(Choice.LEAVE_IT, item=why)
    assert bank.bodies(ParcelRefused)[0].why is why
    assert bank.bank.tenancies[R1].recall_requested
    await bank.wait(700)
    assert bank.hand_overs() == [("d", R1, 1, "SENSED" if sensors else "ASSERTED")], "silence takes nothing out"
    await bank.show(recall())
    await bank.empty("1")
    if not sensors:
        await bank.choose(Choice.HAVE_ALL)
    assert bank.hand_overs()[-1][:3] == ("r", R1, 1)


@pytest.mark.parametrize(
    ("lent", "fits_at"),
    [
        pytest.param(lending(SizeClass.M), "2", id="a class up"),
        pytest.param(lending(SizeClass.L), "3", id="the next class that may be spent"),
    ],
)
async def test_what_does_not_fit_moves_up_within_headroom(a_bank: MakeBank, lent: Manifest, fits_at: str) -> None:
    bank = a_bank(SMALL, MEDIUM, LARGE, manifest=lent)
    await bank.show(deposit())
    await bank.close("1")
    await bank.choose(Choice.DOES_NOT_FIT)
    assert (bank.screen, bank.heard.screens[-1].compartment) == (Screen.PUT_IN, fits_at)
    assert bank.bodies(HeadroomSpent) == []
    await bank.put(fits_at)
    spent = bank.bodies(HeadroomSpent)[0]
    assert (spent.number, spent.reservation, spent.compartment) == (7, R1, fits_at)


@pytest.mark.parametrize(
    "lent",
    [
        pytest.param(Manifest(), id="nothing lent"),
        pytest.param(lending(SizeClass.M, until=NOON), id="lent, and over"),
        pytest.param(lending(SizeClass.S), id="only its own class lent"),
    ],
)
async def test_beyond_headroom_there_is_no_suitable_compartment(a_bank: MakeBank, lent: Manifest) -> None:
    bank = a_bank(SMALL, MEDIUM, manifest=lent)
    await bank.show(deposit())
    await bank.close("1")
    await bank.choose(Choice.DOES_NOT_FIT)
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY


async def test_headroom_is_spent_once(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, MEDIUM, MEDIUM, manifest=lending(SizeClass.M))
    await bank.deposited(R1, "1")
    await bank.deposited(R2, "2")
    assert bank.bank.tenancies[R2].compartment == "2"
    await bank.show(deposit(R3))
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT
    await bank.take(ManifestSet(Manifest(headroom={SizeClass.M: Headroom(1, NOON + 86_400, number=8)})))
    await bank.show(deposit(R3))
    assert bank.screen is Screen.PUT_IN, "a new number is a new loan"


async def test_the_manifests_kind_wins_over_the_tokens(a_bank: MakeBank) -> None:
    planned = ManifestEntry(reservation=R1, carrier="acme", terms=terms(MEDIUM))
    bank = a_bank(SMALL, MEDIUM, manifest=Manifest(entries={R1: planned}))
    await bank.deposited(R1, "2", terms(SMALL))
    assert bank.bank.tenancies[R1].compartment == "2"


async def test_doors_of_one_kind_wear_evenly(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, SMALL)
    used = []
    for reservation in (R1, R2, R3):
        await bank.show(deposit(reservation))
        label = bank.heard.screens[-1].compartment
        used.append(label)
        await bank.put(label)
        await bank.show(collect(reservation))
        await bank.empty(label)
        await bank.wait(61)
    assert sorted(used) == ["1", "2", "3"]


async def test_parcels_of_one_reservation_come_in_one_by_one_and_lie_together(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL)
    three = terms(parcels=3)
    await bank.show(deposit(R1, three))
    await bank.put("1", "one")
    assert (bank.screen, bank.heard.screens[-1].parcels) == (Screen.ASK_DEPOSITED, 3)
    await bank.choose(Choice.ALL_IN, 2)
    assert bank.hand_overs() == [("d", R1, 1, "SENSED"), ("d", R1, 2, "ASSERTED")]
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY
    await bank.show(deposit(R1, three))
    await bank.put("1", "two")
    assert bank.hand_overs()[2:] == [("d", R1, 3, "SENSED")]
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.SPENT
    await bank.show(collect())
    await bank.empty("1")
    assert [hand_over[2] for hand_over in bank.hand_overs()[3:]] == [1, 2, 3]


async def test_a_courier_session_ends_by_itself_when_the_courier_has_gone(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.take(SessionBegun("S" * 16, "acme", NOON + 43_200))
    assert bank.screen is Screen.SESSION
    await bank.show(deposit(session="S" * 16))
    await bank.put("1")
    assert bank.bank.session is not None
    await bank.wait(61)
    assert (bank.bank.session, bank.screen) == (None, Screen.SESSION_ENDED)


async def test_the_next_person_does_not_wait_for_the_last_ones_silence(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    await bank.show(deposit(R2))
    await bank.put("2")
    await bank.choose(Choice.ALL_IN)
    assert bank.hand_overs()[-1] == ("d", R2, 1, "ASSERTED")
    await bank.wait(600)
    assert bank.hand_overs()[-1] == ("c", R1, 1, "INFERRED")


async def test_a_higher_series_retires_the_lower_ones_once_its_verdict_is_yes(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect(series=3))
    assert bank.bodies(RightEnded) == [RightEnded(Right(R1, Act.COLLECT), 2, RightEnd.SUPERSEDED)]
    assert bank.journal.load().ledger[0].series == 3


async def test_a_manifest_reaches_the_parcels_that_are_inside(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    entry = ManifestEntry(
        reservation=R1, carrier="acme", series={Act.COLLECT: 2}, collect_until=NOON + 9, revoked=frozenset({Act.RECALL})
    )
    await bank.take(ManifestSet(Manifest(entries={R1: entry})))
    kept: Tenancy = bank.journal.load().tenancies[0]
    assert (kept.collect_series, kept.collect_until) == (2, NOON + 9)
    assert bank.bodies(RightEnded) == [RightEnded(Right(R1, Act.RECALL), 0, RightEnd.REVOKED)]
    await bank.take(ManifestSet(replace(bank.bank.manifest, number=2)))
    assert len(bank.bodies(RightEnded)) == 1, "said once"


async def test_not_deposited_gives_the_right_back_for_any_door(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False)
    await bank.show(deposit())
    await bank.close("1")
    await bank.choose(Choice.NOT_DEPOSITED)
    assert bank.bodies(NotDeposited)[0].evidence.value == "ASSERTED"
    await bank.wait(130)
    assert bank.hand_overs() == []
    await bank.show(deposit())
    assert bank.heard.screens[-1].compartment == "2"


async def test_a_parcel_without_a_label_is_tagged_before_the_next_door_opens(a_bank: MakeBank) -> None:
    entries = {R1: ManifestEntry(reservation=R1, carrier="acme", unlabelled=frozenset({1, 2}))}
    bank = a_bank(SMALL, SMALL, manifest=Manifest(entries=entries))
    await bank.deposited(R1, "1", terms(parcels=2))
    await bank.choose(Choice.ALL_IN)
    await bank.take(SessionBegun("S" * 16, "acme", NOON + 43_200))
    await bank.show(collect(session="S" * 16))
    await bank.empty("1")
    assert bank.screen is Screen.TAG_PARCEL
    await bank.show(deposit(R2, session="S" * 16))
    assert bank.bank.opening is None
    for number, tag in ((1, b"1" * 16), (2, b"2" * 16)):
        await bank.take(Tagged(tag))
        assert bank.bodies(ParcelIdentified)[-1] == ParcelIdentified(R1, number, tag)
    await bank.show(deposit(R2, session="S" * 16))
    assert bank.screen is Screen.PUT_IN
