"""The rules that the contract writes out as expressions: each accepts what it should and nothing beside it (REQ-13)."""

import protovalidate
import pytest
from google.protobuf.message import Message
from google.type.dayofweek_pb2 import MONDAY
from google.type.latlng_pb2 import LatLng
from google.type.money_pb2 import Money
from google.type.postal_address_pb2 import PostalAddress
from google.type.timeofday_pb2 import TimeOfDay

from interlock.v1.access_service_pb2 import Presence
from interlock.v1.bank_pb2 import (
    BOOKABLE_BY_MODE_ALL,
    BOOKABLE_BY_MODE_LIST,
    Bank,
    BankLimits,
    BookableBy,
    OpeningHours,
)
from interlock.v1.compartment_pb2 import Compartment
from interlock.v1.directory_service_pb2 import SearchBanksRequest
from interlock.v1.discrepancy_pb2 import RESOLUTION_KIND_CORRECTED, RESOLUTION_KIND_RECORD_STANDS, Resolution
from interlock.v1.need_pb2 import Dimensions
from interlock.v1.operator_service_pb2 import CreateCompartmentsRequest, EvacuateRequest, UpdateBankRequest
from interlock.v1.reservation_pb2 import RESERVATION_STATE_LOST

BANK = "parties/oko/banks/hbf-1"
REQUEST_ID = "5f1c2f2e-6a0c-4c53-9b43-7f0f8a3f2a10"


def bank(**changes: object) -> Bank:
    """Return a bank as an operator writes it, changed where the case changes it."""
    parts: dict[str, object] = {
        "name": BANK,
        "display_name": "Hauptbahnhof",
        "position": LatLng(latitude=52.52, longitude=13.37),
        "address": PostalAddress(region_code="DE", address_lines=["Europaplatz 1"]),
        "time_zone": "Europe/Berlin",
    }
    return Bank(**(parts | changes))  # type: ignore[arg-type]  # the builder passes on what the case says


def hours(start: tuple[int, int], end: tuple[int, int]) -> OpeningHours:
    return OpeningHours(
        weekday=MONDAY,
        open_time=TimeOfDay(hours=start[0], minutes=start[1]),
        close_time=TimeOfDay(hours=end[0], minutes=end[1]),
    )


def compartment(under: str) -> Compartment:
    name = f"{under}/compartments/7"
    return Compartment(name=name, clear=Dimensions(width_mm=400, height_mm=200, depth_mm=600))


def new_compartments(under: str) -> CreateCompartmentsRequest:
    return CreateCompartmentsRequest(parent=BANK, compartments=[compartment(under)], request_id=REQUEST_ID)


def update(bank: Bank, *fields: str) -> UpdateBankRequest:
    request = UpdateBankRequest(bank=bank, request_id=REQUEST_ID)
    request.update_mask.paths.extend(fields)
    return request


def evacuate(under: str) -> EvacuateRequest:
    return EvacuateRequest(bank=BANK, compartments=[f"{under}/compartments/7"], reason="flood", request_id=REQUEST_ID)


def broken(message: Message) -> set[str]:
    """Return the ids of the rules that a message breaks."""
    return {violation.proto.rule_id for violation in protovalidate.collect_violations(message)}


GOOD = [
    pytest.param(bank(), id="a bank"),
    pytest.param(bank(position=LatLng(latitude=-90, longitude=180)), id="at the edge of the map"),
    pytest.param(hours((8, 0), (24, 0)), id="until midnight"),
    pytest.param(hours((8, 0), (8, 1)), id="for a minute"),
    pytest.param(BookableBy(mode=BOOKABLE_BY_MODE_ALL), id="bookable by all"),
    pytest.param(BookableBy(mode=BOOKABLE_BY_MODE_LIST, parties=["parties/acme"]), id="bookable by one"),
    pytest.param(BookableBy(), id="bookable by nobody"),
    pytest.param(BankLimits(max_declared_value=Money(currency_code="EUR", units=500)), id="a limit in euros"),
    pytest.param(BankLimits(), id="no limit"),
    pytest.param(Presence(position=LatLng(latitude=52.5, longitude=13.4)), id="present by position"),
    pytest.param(SearchBanksRequest(position=LatLng(latitude=52.5, longitude=13.4)), id="a search"),
    pytest.param(Resolution(kind=RESOLUTION_KIND_RECORD_STANDS, note="seen"), id="the record stands"),
    pytest.param(
        Resolution(kind=RESOLUTION_KIND_CORRECTED, corrected_state=RESERVATION_STATE_LOST, note="gone"),
        id="corrected to lost",
    ),
    pytest.param(update(bank(), "display_name"), id="an update of one field"),
    pytest.param(new_compartments(BANK), id="compartments of this bank"),
    pytest.param(evacuate(BANK), id="an evacuation of this bank"),
]

BAD = [
    pytest.param(bank(position=LatLng(latitude=90.1)), "bank.position", id="beyond the pole"),
    pytest.param(bank(position=LatLng(longitude=-180.1)), "bank.position", id="beyond the date line"),
    pytest.param(bank(position=LatLng(latitude=float("nan"))), "bank.position", id="nowhere"),
    pytest.param(bank(address=PostalAddress(region_code="de")), "bank.address", id="a small region code"),
    pytest.param(
        bank(address=PostalAddress(region_code="DE", address_lines=["x"] * 6)), "bank.address", id="six lines"
    ),
    pytest.param(hours((8, 0), (8, 0)), "opening_hours.order", id="open for no time"),
    pytest.param(hours((18, 0), (6, 0)), "opening_hours.order", id="over midnight in one span"),
    pytest.param(hours((8, 0), (24, 1)), "opening_hours.order", id="past the end of the day"),
    pytest.param(hours((8, 60), (10, 0)), "opening_hours.order", id="sixty minutes"),
    pytest.param(hours((-1, 0), (10, 0)), "opening_hours.order", id="before the day"),
    pytest.param(BookableBy(mode=BOOKABLE_BY_MODE_LIST), "bookable_by.parties", id="a list of nobody"),
    pytest.param(
        BookableBy(mode=BOOKABLE_BY_MODE_ALL, parties=["parties/acme"]), "bookable_by.parties", id="all and one"
    ),
    pytest.param(
        BankLimits(max_declared_value=Money(currency_code="eur")), "bank_limits.max_declared_value", id="small eur"
    ),
    pytest.param(
        BankLimits(max_declared_value=Money(currency_code="EUR", units=-1)),
        "bank_limits.max_declared_value",
        id="a debt",
    ),
    pytest.param(Presence(position=LatLng(latitude=-91)), "presence.position", id="present beyond the pole"),
    pytest.param(
        SearchBanksRequest(position=LatLng(longitude=181)), "search_banks.position", id="a search beyond the map"
    ),
    pytest.param(
        Resolution(kind=RESOLUTION_KIND_CORRECTED, note="so"), "resolution.corrected_state", id="corrected to nothing"
    ),
    pytest.param(
        Resolution(kind=RESOLUTION_KIND_RECORD_STANDS, corrected_state=RESERVATION_STATE_LOST, note="so"),
        "resolution.corrected_state",
        id="the record stands and does not",
    ),
    pytest.param(update(bank()), "update_bank.update_mask", id="an update of nothing"),
    pytest.param(update(bank(name=""), "display_name"), "update_bank.name", id="an update of no bank"),
    pytest.param(
        new_compartments("parties/oko/banks/hbf-11"), "create_compartments.parent", id="compartments of another bank"
    ),
    pytest.param(evacuate("parties/oko/banks/hbf-11"), "evacuate.compartments", id="an evacuation of another bank"),
]


@pytest.mark.parametrize("message", GOOD)
def test_req_13_what_is_right_passes(message: Message) -> None:
    assert broken(message) == set()


@pytest.mark.parametrize(("message", "rule"), BAD)
def test_req_13_what_is_wrong_breaks_its_own_rule_and_no_other(message: Message, rule: str) -> None:
    assert broken(message) == {rule}
