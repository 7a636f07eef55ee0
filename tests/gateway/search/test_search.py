"""SearchBanks: nearest first, for exactly the reasons of a reservation, and what could not be said in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from search_world import CARRIER, HERE, World, ids, world

from interlock_gateway.domain.bank import BankState, BookableBy, BookableByMode, Input, Limits, Serves
from interlock_gateway.domain.calendar import OpeningHours
from interlock_gateway.domain.capacity import Availability, Climate, Dimensions, Feature, SizeClass, features
from interlock_gateway.domain.errors import NoClassFits, WindowInvalid, WindowPast
from interlock_gateway.domain.geography import Position
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.parcel import Restriction, RestrictionKind, Value
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.reservation import CollectorNeeds, HandOver
from interlock_gateway.domain.terms import CollectFor, StayUnit
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.use_cases import search as searching
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.searching import Place
from tests.gateway.scene import HOUR, NOON, AddBank

M = NeedAsked(SizeClass.M)


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "gateway.db") as made:
        yield made


async def test_the_nearest_come_first_and_at_one_distance_the_first_by_name(network: World) -> None:
    for name, north in (("far", 0.02), ("b-near", 0.01), ("a-near", 0.01), ("out", 0.2)):
        await network.add(name, latitude=HERE.latitude + north)
    result = await network.ask()
    assert [(found.bank.name.bank, found.distance_m) for found in result.found] == [
        ("a-near", 1112),
        ("b-near", 1112),
        ("far", 2224),
    ]
    assert result.next_place is None
    assert result.unreachable == ()


async def test_a_search_finds_what_going_through_all_banks_finds(network: World, random_cases: Random) -> None:
    """BNK-22: random banks, thick at the antimeridian and the poles, where boxes are easily wrong."""
    spots = (Position(0.0, 179.99), Position(-17.0, -179.99), Position(89.9, 0.0), Position(-89.95, 120.0), HERE)
    banks = []
    for number in range(120):
        spot = random_cases.choice(spots)
        latitude = max(-90.0, min(90.0, spot.latitude + random_cases.gauss(0, 0.2)))
        longitude = (spot.longitude + random_cases.gauss(0, 0.3) + 180) % 360 - 180
        banks.append(await network.add(f"bank-{number:03}", latitude=latitude, longitude=longitude))
    for spot in spots:
        for radius in (500, 5_000, 31_000, 100_000):
            centre = Position(spot.latitude, spot.longitude)
            distances = {each.name: centre.distance_m(Position(each.latitude, each.longitude)) for each in banks}
            expected = sorted((round(m), str(name)) for name, m in distances.items() if round(m) <= radius)
            result = await network.ask(position=centre, radius_m=radius, page_size=100)
            got = [(found.distance_m, str(found.bank.name)) for found in result.found]
            # The index knows positions to a centimetre, so a distance may round to the other metre.
            assert sorted(name for _, name in got) == sorted(name for _, name in expected)
            assert all(abs(a - round(distances[BankName.parse(name)])) <= 1 for a, name in got)
            assert got == sorted(got)


async def test_pages_join_to_the_whole(network: World, random_cases: Random) -> None:
    for number in range(40):
        north = random_cases.choice((0.001, 0.01, 0.02, 0.03))  # many at one distance
        await network.add(f"bank-{number:02}", latitude=HERE.latitude + north)
    whole = await network.names(page_size=100)
    assert len(whole) == 40
    for size in (1, 7, 39, 40, 41):
        joined, after = [], None
        while True:
            page = await network.ask(page_size=size, after=after)
            joined += ids(page)
            after = page.next_place
            if after is None:
                break
            assert len(page.found) == size
        assert joined == whole


async def test_a_search_that_refuses_nearly_all_says_where_to_go_on(
    network: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", 5)
    monkeypatch.setattr(searching, "AT_ONCE", 5)
    for number in range(12):
        served = Limits(max_mass_g=0 if number == 11 else 100)
        await network.add(f"bank-{number:02}", latitude=HERE.latitude + number / 2000, limits=served)
    pages, after = [], None
    while True:
        page = await network.ask(mass_g=500, after=after)
        pages.append(ids(page))
        after = page.next_place
        if after is None:
            break
    assert pages[0] == []
    assert [each for page in pages for each in page] == ["bank-11"]


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        pytest.param({"mass_g": 1_001}, {"limits": Limits(max_mass_g=1_000)}, id="RES-22 mass"),
        pytest.param(
            {"declared_value": Value("EUR", Decimal(300))},
            {"limits": Limits(max_declared_value=Value("EUR", Decimal(200)))},
            id="RES-22 value",
        ),
        pytest.param(
            {"restrictions": (Restriction(RestrictionKind.PERSONAL_ID),)},
            {"serves": Serves(perishable=True)},
            id="RES-21 restriction",
        ),
        pytest.param(
            {"collector": CollectorNeeds(pin_only=True)}, {"inputs": frozenset({Input.SCANNER})}, id="no keypad"
        ),
        pytest.param({"inputs": frozenset({Input.BLE})}, {}, id="no common input"),
        pytest.param({}, {"state": BankState.PLANNED}, id="BNK-2 planned"),
        pytest.param({}, {"state": BankState.CLOSING, "closing_end": NOON + 24 * HOUR}, id="BNK-2 closing too soon"),
        pytest.param({"hand_over": HandOver.INTO_NETWORK}, {}, id="another hand-over"),
        pytest.param({}, {"hand_over": HandOver.INTO_NETWORK}, id="BNK-11 no account"),
        pytest.param({}, {"bookable_by": BookableBy()}, id="BNK-3 bookable by nobody"),
        pytest.param(
            {},
            {"bookable_by": BookableBy(BookableByMode.LIST, frozenset({"other"}))},
            id="BNK-3 bookable by others",
        ),
        pytest.param({"need": NeedAsked(SizeClass.L)}, {}, id="no door of the class"),
        pytest.param({"need": NeedAsked(dimensions=Dimensions(300, 300, 300))}, {}, id="no door of the size"),
        pytest.param({"need": NeedAsked(SizeClass.S, climate=Climate.CHILLED)}, {}, id="no door of the climate"),
        pytest.param({"collector": CollectorNeeds(accessible_reach=True)}, {}, id="no door within reach"),
        pytest.param({"need": NeedAsked(features=features([Feature.POWER]))}, {}, id="no door of the feature"),
    ],
)
async def test_what_would_be_refused_is_left_out(
    network: World, asked: dict[str, object], changes: dict[str, object]
) -> None:
    """BNK-4."""
    await network.add("plain")
    await network.add("odd", **changes)
    assert "odd" not in await network.names(**asked)
    assert ("odd" if asked else "plain") in await network.names()


async def test_a_bank_is_open_by_its_own_clock(network: World) -> None:
    """BNK-6: at 12:00 UTC it is 13:00 in Warsaw, 7:00 in New York, and 21:00 in Tokyo."""
    hours = tuple(OpeningHours(day, 8 * 60, 20 * 60) for day in range(7))
    for name, zone in (("warsaw", "Europe/Warsaw"), ("new-york", "America/New_York"), ("tokyo", "Asia/Tokyo")):
        await network.add(name, time_zone=zone, opening_hours=hours)
    day = NOON + 24 * HOUR
    assert await network.names(open_at=NOON, end=day) == ["warsaw"]
    assert await network.names(open_at=NOON + HOUR, end=day) == ["new-york", "warsaw"]
    assert await network.names(open_at=NOON + 11 * HOUR, end=day) == ["new-york", "tokyo"]
    # A window during the whole of which it is shut.
    assert await network.names(start=NOON, end=NOON + HOUR) == ["warsaw"]
    assert await network.names(start=NOON, end=NOON + 2 * HOUR) == ["new-york", "warsaw"]


async def test_working_days_are_the_banks_own(network: World) -> None:
    """RES-30: two working days of a bank that shuts on Tuesday end a day later, past another's closing end."""
    end = datetime(2026, 11, 6, tzinfo=UTC)  # a Friday, 01:00 in Warsaw; the commitment ends at midnight there
    closing = {"state": BankState.CLOSING, "closing_end": end}
    await network.add("always", **closing)
    await network.add("shut", **closing, closed_dates=frozenset({date(2026, 11, 3)}))
    assert await network.names(collect_for=CollectFor(2, StayUnit.WORKING_DAYS)) == ["always"]


async def test_a_silent_bank_is_not_sold(network: World) -> None:
    """BNK-5."""
    await network.add("heard")
    silent = await network.add("silent")
    network.silent.add(silent.name)
    assert await network.names() == ["heard"]


async def test_room_is_what_a_reservation_would_find(network: World) -> None:
    """CAP-12: AVAILABLE from three on, FEW below, NONE where the next is refused; then only on demand."""
    made = await network.add("hbf-1", doors={SizeClass.M: 3, SizeClass.L: 1})
    seen = []
    for _ in range(5):
        result = await network.ask(need=M, include_full=True)
        seen.append(result.found[0].rooms[0].availability)
        if seen[-1] is not Availability.NONE:
            await network.network.reserved(bank=made.name)
    assert seen == [
        Availability.AVAILABLE,
        Availability.AVAILABLE,
        Availability.FEW,
        Availability.FEW,
        Availability.NONE,
    ]
    assert await network.names(need=M) == []
    # Another time, other room.
    assert await network.names(need=M, start=NOON + timedelta(days=30), end=NOON + timedelta(days=31)) == ["hbf-1"]


async def test_without_a_need_each_class_of_the_bank_is_told(network: World) -> None:
    await network.add("hbf-1", doors={SizeClass.XL: 1, SizeClass.S: 2})
    (found,) = (await network.ask()).found
    assert [(room.size_class, room.availability, room.free) for room in found.rooms] == [
        (SizeClass.S, Availability.AVAILABLE, None),
        (SizeClass.XL, Availability.FEW, None),
    ]


@pytest.mark.parametrize(
    ("viewer", "free"),
    [
        pytest.param(CARRIER, None, id="a carrier is told no number"),
        pytest.param(Viewer("oko", frozenset({Role.OPERATOR})), 2, id="its operator is"),
        pytest.param(Viewer("net", frozenset({Role.NETWORK_OWNER})), 2, id="the network owner is"),
    ],
)
async def test_who_knows_numbers(network: World, viewer: Viewer, free: int | None) -> None:
    await network.add("hbf-1", bookable_by=BookableBy(BookableByMode.LIST, frozenset({"acme"})))
    (found,) = (await network.ask(viewer=viewer, need=M)).found
    assert found.rooms[0].free == free


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VENDOR])
async def test_who_may_book_nothing_finds_nothing(network: World, role: Role) -> None:
    """BNK-24: "all" means all carriers."""
    await network.add("hbf-1")
    assert (await network.ask(viewer=Viewer("other", frozenset({role})))).found == ()


async def test_what_could_not_be_counted_in_time_is_named(network: World) -> None:
    """BNK-23: the summary of the near bank tells enough; the far one would have to be counted, and time is up."""
    await network.add("near", doors={SizeClass.M: 9})
    await network.network.reserved(bank=BankName("oko", "near"))
    await network.add("far", latitude=HERE.latitude + 0.005)
    network.ticks = [0.0, 5.0]
    result = await network.ask(need=M)
    assert ids(result) == ["near"]
    assert result.unreachable == ("parties/oko/banks/far",)
    network.ticks = [0.0]
    assert await network.names(need=M) == ["near", "far"]


async def test_a_page_that_takes_too_long_is_given_as_it_is(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    for number in range(3):
        await network.add(f"bank-{number}", latitude=HERE.latitude + number / 1000, doors={SizeClass.M: 9})
        await network.network.reserved(bank=BankName("oko", f"bank-{number}"))
    network.ticks = [0.0, 0.0, 5.0]
    first = await network.ask(need=M)
    assert ids(first) == ["bank-0", "bank-1"]
    assert first.next_place == Place(111, "parties/oko/banks/bank-1")
    network.ticks = [0.0]
    assert await network.names(need=M, after=first.next_place) == ["bank-2"]


async def test_a_bank_is_found_where_it_stands_now(network: World) -> None:
    made = await network.add("hbf-1")
    moved = replace(made, latitude=HERE.latitude + 1, revision=2)
    await network.network.committer.submit(AddBank(moved, {SizeClass.M: 2}))
    assert await network.names() == []
    assert await network.names(position=Position(HERE.latitude + 1, HERE.longitude)) == ["hbf-1"]


async def test_other_doors_are_counted_at_once(network: World) -> None:
    made = await network.add("hbf-1")
    await network.network.reserved(bank=made.name)
    assert await network.names(need=NeedAsked(SizeClass.L)) == []
    await network.network.committer.submit(AddBank(replace(made, revision=2), {SizeClass.M: 2, SizeClass.L: 1}))
    assert await network.names(need=NeedAsked(SizeClass.L)) == ["hbf-1"]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param({"start": NOON, "end": NOON - HOUR}, WindowInvalid, id="inverted"),
        pytest.param({"start": NOON - 2 * HOUR, "end": NOON - HOUR}, WindowPast, id="over"),
        pytest.param({"need": NeedAsked(dimensions=Dimensions(3000, 3000, 3000))}, NoClassFits, id="fits nowhere"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    network: World, asked: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await network.ask(**asked)


async def test_neighbours_lie_side_by_side_in_the_table(network: World, random_cases: Random) -> None:
    """Their ids follow a Z-order curve: 20 bits of each coordinate by turns, then a count."""
    spots = [(random_cases.uniform(-90, 90), random_cases.uniform(-180, 180)) for _ in range(20)]
    for number, (latitude, longitude) in enumerate([*spots, *spots]):
        await network.add(f"bank-{number}", latitude=latitude, longitude=longitude)
    with closing(connect(network.network.path, read_only=True)) as connection:
        found = dict(connection.execute("SELECT bank, id FROM places"))
    for number, (latitude, longitude) in enumerate(spots):
        north, east = int((latitude + 90) / 180 * 1048575), int((longitude + 180) / 360 * 1048575)
        cell = sum((north >> bit & 1) << 2 * bit + 1 | (east >> bit & 1) << 2 * bit for bit in range(20))
        assert found[f"parties/oko/banks/bank-{number}"] == cell << 20
        assert found[f"parties/oko/banks/bank-{number + 20}"] == (cell << 20) + 1
