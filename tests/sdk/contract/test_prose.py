"""What the comments promise is what the contract has: reasons that exist, under the codes that they travel under."""

import re

import grpc
import pytest
from google.protobuf.descriptor import EnumValueDescriptor, MethodDescriptor

from interlock.v1 import error_reason_pb2
from tests.sdk.contract.reading import comments, enums, files, messages, methods

CODES = {code.name for code in grpc.StatusCode}
PREFIX = "ERROR_REASON_"
REASONS = [value for value in error_reason_pb2.ErrorReason.DESCRIPTOR.values if value.number]
PROMISE = re.compile(rf"`({'|'.join(CODES)})`((?:,? (?:or )?`[A-Z_]+`)+)")

NOT_SERVED_YET = {
    "AddNetworkAccount",
    "AdoptWalkIn",
    "CheckNetworkAccount",
    "CreateWebhook",
    "GetDocuments",
    "ListDropOffPoints",
    "ListNetworkAccounts",
    "ListServiceVisits",
    "ListWebhooks",
    "MoveParcel",
    "RecoverCompartment",
    "RemoveNetworkAccount",
    "RemoveWebhook",
    "ReplayWebhook",
    "RequestLogs",
    "ScheduleServiceVisit",
    "UpdateFirmware",
}


NEVER_TOLD = {"TOO_EARLY": "clocks run out by the gateway's own hand; no party can ask for it"}


def comment_of(value: EnumValueDescriptor) -> str:
    return comments()[f"{value.type.full_name}.{value.name}"]


def code_of(value: EnumValueDescriptor) -> str:
    """Return the code under which a reason travels: the first word of its comment."""
    match = re.match(r"`([A-Z_]+)`\. ", comment_of(value))
    assert match, value.name
    return match[1]


def promises(comment: str) -> list[tuple[str, str]]:
    """Return the (code, reason) pairs that a comment names."""
    found = []
    for promise in PROMISE.finditer(comment):
        code = promise[1]
        for word in re.findall(r"`([A-Z_]+)`", promise[2]):
            if word in CODES:
                code = word
            else:
                found.append((code, word))
    return found


@pytest.mark.parametrize("value", REASONS, ids=lambda value: value.name)
def test_req_12_a_reason_says_its_code_and_gives_an_example(value: EnumValueDescriptor) -> None:
    assert code_of(value) in CODES
    assert "Example: " in comment_of(value)


@pytest.mark.parametrize("name", [*(m.full_name for m in methods()), "interlock.v1.ReservationService"])
def test_req_12_a_method_promises_reasons_that_exist_under_their_code(name: str) -> None:
    codes = {value.name.removeprefix(PREFIX): code_of(value) for value in REASONS}
    for code, reason in promises(comments()[name]):
        assert codes.get(reason) == code, f"{code}, {reason}"


def test_req_12_every_reason_is_promised_by_somebody() -> None:
    services = [service for file in files() for service in file.services_by_name.values()]
    names = [service.full_name for service in services] + [method.full_name for method in methods()]
    promised = {reason for name in names for _, reason in promises(comments()[name])}
    assert {value.name.removeprefix(PREFIX) for value in REASONS} - promised == set(NEVER_TOLD)


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.full_name)
def test_req_14_a_method_not_served_yet_says_so(method: MethodDescriptor) -> None:
    said = ("UNIMPLEMENTED", "NOT_SERVED_YET") in promises(comments()[method.full_name])
    assert said == (method.name in NOT_SERVED_YET)


def test_every_element_has_a_sentence() -> None:
    names = [message.full_name for message in messages()]
    names += [field.full_name for message in messages() for field in message.fields]
    names += [f"{value.type.full_name}.{value.name}" for enum in enums() for value in enum.values]
    assert [name for name in names if not comments()[name].endswith((".", ":"))] == []
