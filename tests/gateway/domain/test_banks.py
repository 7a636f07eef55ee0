"""Banks: their life (BNK-2), who finds them (BNK-3), what they take (BNK-4 to BNK-7, RES-21 to RES-34)."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from domain_builders import ALWAYS_OPEN, DAY, HOUR, MINUTE, NOON, bank

from interlock_gateway.domain.bank import (
    BankState,
    BankTerms,
    BookableBy,
    BookableByMode,
    Capability,
    CollectorField,
    Input,
    Limits,
    OpeningLimits,
    Serves,
)
from interlock_gateway.domain.bank_life import BANK_COMMANDS, BankCommand, move
from interlock_gateway.domain.calendar import Calendar, OpeningHours
from interlock_gateway.domain.capacity.kinds import Climate, Feature, Need, features
from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.eligibility import Ask, eligible, need_of
from interlock_gateway.domain.errors import BankNotEmpty, BankWrongState, Refusal, WindowPast
from interlock_gateway.domain.parcel import AgeCheckMethod, Parcel, Restriction, RestrictionKind, Value
from interlock_gateway.domain.reservation import CollectorNeeds, HandOver
from interlock_gateway.domain.terms import Window

# --- The life of a bank --------------------------------------------------------------------------------------------

LIFE = """
           PLANNED  OPEN      CLOSING   EMPTYING  CLOSED
OPEN       OPEN     --        --        --        --
CLOSE      --       CLOSING   CLOSING   --        --
REOPEN     --       --        OPEN      --        --
EMPTY      --       EMPTYING  EMPTYING  --        --
SHUT       CLOSED   --        --        CLOSED    --
WRITE_OFF  --       CLOSED    CLOSED    CLOSED    --
"""


def _life() -> list[tuple[BankState, BankCommand, BankState | None]]:
    head, *rows = [line.split() for line in LIFE.strip().splitlines()]
    return [
        (BankState(column), BankCommand(name), None if cell == "--" else BankState(cell))
        for name, *row in rows
        for column, cell in zip(head, row, strict=True)
    ]


@pytest.mark.parametrize(("state", "command", "after"), _life(), ids=str)
def test_bnk_2_the_life_of_a_bank(state: BankState, command: BankCommand, after: BankState | None) -> None:
    assert BANK_COMMANDS.get((state, command)) == after
    given = bank(state=state)
    if after is None:
        with pytest.raises(BankWrongState):
            move(given, command, now=NOON, closing_end=NOON + DAY)
        return
    moved = move(given, command, now=NOON + HOUR, closing_end=NOON + DAY, reason="moving house")
    assert (moved.state, moved.revision, moved.edition, moved.update_time) == (after, 2, 2, NOON + HOUR)
    assert moved.closing_end == (NOON + DAY if after is BankState.CLOSING else None)
    assert moved.write_off_time == (NOON + HOUR if command is BankCommand.WRITE_OFF else None)


def test_bnk_2_the_protocol_has_the_same_table() -> None:
    assert LIFE in (Path(__file__).parents[3] / "docs/protocol/05-banks.md").read_text("utf-8")


def test_bnk_2_the_table_above_is_whole() -> None:
    assert {(state, command) for state, command, _ in _life()} == {(s, c) for s in BankState for c in BankCommand}


def test_bnk_2_a_bank_is_shut_only_when_all_custody_is_out() -> None:
    with pytest.raises(BankNotEmpty) as refusal:
        move(bank(state=BankState.EMPTYING), BankCommand.SHUT, now=NOON, holding=3)
    assert refusal.value.facts["reservation_count"] == "3"
    gone = move(bank(state=BankState.EMPTYING), BankCommand.WRITE_OFF, now=NOON, holding=3)
    assert gone.state is BankState.CLOSED


@pytest.mark.parametrize("end", [None, NOON, NOON - HOUR])
def test_bnk_2_a_bank_closes_at_a_time_to_come(end: datetime | None) -> None:
    with pytest.raises(WindowPast) as refusal:
        move(bank(), BankCommand.CLOSE, now=NOON, closing_end=end)
    assert refusal.value.end_time == (end or NOON)


# --- What a bank takes ---------------------------------------------------------------------------------------------

WINDOW = Window(NOON, NOON + 8 * HOUR)


def ask(*parcels: Parcel, **changes: object) -> Ask:
    """Acme asks for one plain parcel, by somebody with a phone."""
    given: dict[str, Any] = {
        "carrier": "acme",
        "window": WINDOW,
        "commitment_end": NOON + 4 * DAY,
        "parcels": parcels or (Parcel(number=1),),
    }
    return Ask(**(given | changes))


def bearing(kind: RestrictionKind, **changes: object) -> Parcel:
    """A parcel with one restriction."""
    return Parcel(number=1, restrictions=(Restriction(kind, **changes),))


def worth(amount: int, currency: str = "EUR") -> Parcel:
    """A parcel with a declared value."""
    return Parcel(number=1, declared_value=Value(currency, Decimal(amount)))


ONLY_ACME = BookableBy(BookableByMode.LIST, frozenset({"acme"}))
ONLY_BETA = BookableBy(BookableByMode.LIST, frozenset({"beta"}))
NIGHT = Calendar(ALWAYS_OPEN.zone, tuple(OpeningHours(day, 0, 6 * 60) for day in range(7)))
AGE_BY_DOCUMENT = Serves(age_checks=frozenset({AgeCheckMethod.DOCUMENT_AT_BANK}))
UP_TO_500_EUR = Limits(max_mass_g=20_000, max_declared_value=Value("EUR", Decimal(500)))
NETWORK = {"hand_over": HandOver.INTO_NETWORK, "inputs": frozenset(), "last_heard_time": None}
AGE = RestrictionKind.AGE_CHECK
GOODS = RestrictionKind.DANGEROUS_GOODS
PIN_ONLY = CollectorNeeds(pin_only=True)


@pytest.mark.parametrize(
    ("of_bank", "asked", "refused"),
    [
        pytest.param({}, ask(), None, id="BNK-4 a plain parcel"),
        # Who may book
        pytest.param({"bookable_by": BookableBy()}, ask(), "BANK_UNKNOWN", id="BNK-3 bookable by nobody"),
        pytest.param({"bookable_by": ONLY_ACME}, ask(), None, id="BNK-3 bookable by acme"),
        pytest.param({"bookable_by": ONLY_BETA}, ask(), "BANK_UNKNOWN", id="BNK-3 bookable by another"),
        pytest.param(
            {"bookable_by": BookableBy(), "state": BankState.CLOSED, "last_heard_time": None},
            ask(bearing(RestrictionKind.NO_LOCKER_STORAGE)),
            "BANK_UNKNOWN",
            id="BNK-3 and nothing else is told of it",
        ),
        # Its life
        *(
            pytest.param({"state": state}, ask(), "BANK_NOT_OPEN", id=f"BNK-2 {state}")
            for state in (BankState.PLANNED, BankState.EMPTYING, BankState.CLOSED)
        ),
        pytest.param(
            {"state": BankState.CLOSING, "closing_end": NOON + 4 * DAY}, ask(), None, id="BNK-2 done before it closes"
        ),
        pytest.param(
            {"state": BankState.CLOSING, "closing_end": NOON + 4 * DAY - MINUTE},
            ask(),
            "BANK_NOT_OPEN",
            id="BNK-2 closing too soon",
        ),
        # Silence
        pytest.param({"last_heard_time": None}, ask(), "BANK_NOT_REPORTING", id="BNK-5 never heard"),
        pytest.param({"last_heard_time": NOON - 4 * HOUR}, ask(), None, id="BNK-5 silent for four hours"),
        pytest.param(
            {"last_heard_time": NOON - 4 * HOUR - MINUTE}, ask(), "BANK_NOT_REPORTING", id="BNK-5 silent for longer"
        ),
        pytest.param(
            {"last_heard_time": NOON - 2 * DAY, "terms": BankTerms(sell_offline_for=3 * DAY)},
            ask(),
            None,
            id="BNK-5 its operator sells it unseen",
        ),
        # Opening hours
        pytest.param({"calendar": NIGHT}, ask(), "OUTSIDE_OPENING_HOURS", id="BNK-7 shut all the window"),
        pytest.param(
            {"calendar": NIGHT}, ask(window=Window(NOON, NOON + 13 * HOUR)), None, id="BNK-7 open for a part of it"
        ),
        # Restrictions
        pytest.param({}, ask(bearing(RestrictionKind.PERISHABLE)), "RESTRICTION_NOT_SERVED", id="RES-21 perishable"),
        pytest.param(
            {"serves": Serves(perishable=True)}, ask(bearing(RestrictionKind.PERISHABLE)), None, id="RES-21 served"
        ),
        pytest.param(
            {"serves": Serves(perishable=True)},
            ask(Parcel(number=1), bearing(RestrictionKind.PERSONAL_ID)),
            "RESTRICTION_NOT_SERVED",
            id="RES-21 one of two parcels",
        ),
        pytest.param(
            {"serves": Serves(personal_id=True)},
            ask(bearing(RestrictionKind.PERSONAL_ID)),
            None,
            id="RES-21 by document",
        ),
        pytest.param(
            {"serves": AGE_BY_DOCUMENT},
            ask(bearing(AGE, age_check=AgeCheckMethod.DOCUMENT_AT_BANK, minimum_years=18)),
            None,
            id="RES-21 age by document",
        ),
        pytest.param(
            {"serves": AGE_BY_DOCUMENT},
            ask(bearing(AGE, age_check=AgeCheckMethod.BEFOREHAND, minimum_years=18)),
            "RESTRICTION_NOT_SERVED",
            id="RES-21 age by another method",
        ),
        pytest.param(
            {"serves": Serves(goods_classes=frozenset({"9"}))},
            ask(bearing(GOODS, goods_class="9")),
            None,
            id="RES-21 ADR 9",
        ),
        pytest.param(
            {"serves": Serves(goods_classes=frozenset({"9"}))},
            ask(bearing(GOODS, goods_class="4.1")),
            "RESTRICTION_NOT_SERVED",
            id="RES-21 ADR 4.1",
        ),
        pytest.param(
            {"serves": Serves(AGE_BY_DOCUMENT.age_checks, True, True, frozenset({"9"}))},
            ask(bearing(RestrictionKind.NO_LOCKER_STORAGE)),
            "RESTRICTION_NOT_SERVED",
            id="RES-21 not in any locker",
        ),
        # Limits
        pytest.param({"limits": UP_TO_500_EUR}, ask(Parcel(number=1, mass_g=20_000)), None, id="RES-22 20 kg"),
        pytest.param(
            {"limits": UP_TO_500_EUR}, ask(Parcel(number=1, mass_g=20_001)), "LIMIT_EXCEEDED", id="RES-22 a gram more"
        ),
        pytest.param({}, ask(Parcel(number=1, mass_g=100_000), worth(9_000_000)), None, id="RES-22 no limits"),
        pytest.param({"limits": UP_TO_500_EUR}, ask(worth(500)), None, id="RES-22 500 EUR"),
        pytest.param({"limits": UP_TO_500_EUR}, ask(worth(501)), "LIMIT_EXCEEDED", id="RES-22 501 EUR"),
        pytest.param({"limits": UP_TO_500_EUR}, ask(worth(1, "PLN")), "LIMIT_EXCEEDED", id="RES-22 not comparable"),
        pytest.param({"limits": UP_TO_500_EUR}, ask(worth(0, "PLN")), None, id="RES-22 nothing is nothing"),
        # Access
        pytest.param({}, ask(collector=PIN_ONLY), None, id="RES-23 a keypad for a PIN"),
        pytest.param(
            {"inputs": frozenset({Input.SCANNER, Input.SCREEN, Input.AUDIO})},
            ask(collector=PIN_ONLY),
            "NO_COMMON_ACCESS",
            id="RES-23 nothing to type on",
        ),
        pytest.param(
            {"inputs": frozenset({Input.SCREEN, Input.AUDIO})},
            ask(),
            "NO_COMMON_ACCESS",
            id="RES-23 nothing that opens",
        ),
        pytest.param({"inputs": frozenset({Input.APP_ONLY})}, ask(), None, id="RES-23 an app"),
        pytest.param(
            {"inputs": frozenset({Input.BLE})},
            ask(inputs=frozenset({Input.SCANNER})),
            "NO_COMMON_ACCESS",
            id="RES-23 not the way that was asked for",
        ),
        # Particulars
        pytest.param(
            {"requires": frozenset({CollectorField.PHONE})},
            ask(collector_fields=frozenset({CollectorField.EMAIL})),
            "COLLECTOR_FIELD_REQUIRED",
            id="RES-34 a phone number is missing",
        ),
        pytest.param(
            {"requires": frozenset({CollectorField.PHONE})},
            ask(collector_fields=frozenset({CollectorField.PHONE, CollectorField.EMAIL})),
            None,
            id="RES-34 it is there",
        ),
        pytest.param(
            {"requires": frozenset({CollectorField.PHONE})}, ask(), None, id="RES-34 a search need not say what it has"
        ),
        # Capabilities
        pytest.param(
            {}, ask(needs=frozenset({Capability.HOLD})), "CAPABILITY_NOT_SUPPORTED", id="BNK-12 holds nothing"
        ),
        pytest.param(
            {"capabilities": frozenset({Capability.HOLD})},
            ask(needs=frozenset({Capability.HOLD})),
            None,
            id="BNK-12 holds",
        ),
        # Carried networks
        pytest.param(NETWORK, ask(), "ACCOUNT_REQUIRED", id="BNK-11 without an account"),
        pytest.param(
            NETWORK, ask(networks=frozenset({"oko"})), None, id="BNK-11 with one: it has no link and no inputs"
        ),
    ],
)
def test_what_a_bank_takes(of_bank: dict[str, Any], asked: Ask, refused: str | None) -> None:
    changes = dict(of_bank)
    heard = changes.pop("last_heard_time", NOON - MINUTE)
    calendar = changes.pop("calendar", ALWAYS_OPEN)
    refusal = eligible(bank(**changes), asked, calendar=calendar, last_heard_time=heard, now=NOON)
    assert (refusal.reason if refusal else None) == refused


@pytest.mark.parametrize(
    ("of_bank", "asked", "field"),
    [
        (
            {},
            ask(Parcel(number=1), bearing(RestrictionKind.PERISHABLE), field="requests[3].reservation"),
            "requests[3].reservation.parcels[1].restrictions[0]",
        ),
        ({"limits": UP_TO_500_EUR}, ask(Parcel(number=1, mass_g=30_000)), "reservation.parcels[0].mass_g"),
        ({"limits": UP_TO_500_EUR}, ask(worth(600)), "reservation.parcels[0].declared_value"),
        (
            {"requires": frozenset({CollectorField.NETWORK_ID})},
            ask(collector_fields=frozenset()),
            "reservation.collector.network_ids",
        ),
    ],
)
def test_a_refusal_points_at_the_field(of_bank: dict[str, Any], asked: Ask, field: str) -> None:
    refusal = eligible(bank(**of_bank), asked, calendar=ALWAYS_OPEN, last_heard_time=NOON, now=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.facts["field"] == field


def test_a_refusal_names_what_is_not_served() -> None:
    asked = ask(bearing(GOODS, goods_class="4.1"))
    refusal = eligible(bank(), asked, calendar=ALWAYS_OPEN, last_heard_time=NOON, now=NOON)
    assert refusal is not None
    assert str(refusal) == "parties/oko/banks/hbf-1 does not serve DANGEROUS_GOODS 4.1."


def test_cap_2_accessible_reach_is_a_hard_need() -> None:
    need = Need(SizeClass.M, Climate.CHILLED, features((Feature.POWER,)))
    assert need_of(need, CollectorNeeds()) == need
    reached = need_of(need, CollectorNeeds(accessible_reach=True))
    assert reached == replace(need, features=features((Feature.POWER, Feature.ACCESSIBLE)))


def test_bnk_6_a_banks_calendar_is_in_its_own_zone() -> None:
    hours = (OpeningHours(0, 480, 600),)
    assert bank(opening_hours=hours).calendar(ALWAYS_OPEN.zone) == Calendar(ALWAYS_OPEN.zone, hours, frozenset())


def test_bnk_5_the_default_is_four_hours() -> None:
    assert BankTerms().sell_offline_for == timedelta(hours=4)


def test_bnk_13_how_often_a_bank_may_be_opened_where_nothing_is_said() -> None:
    assert OpeningLimits() == OpeningLimits(3, 20, 12, None)
