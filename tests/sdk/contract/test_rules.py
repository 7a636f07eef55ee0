"""The contract states its own bounds: nothing in a request is without a length, a range or a closed list (REQ-13)."""

import protovalidate
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from tests.sdk.contract.reading import messages, methods, ours, repeated, requests, written
from tests.sdk.contract.rules import pattern, rule, rules

F = FieldDescriptor
KINDS = {
    F.TYPE_INT32: "int32",
    F.TYPE_INT64: "int64",
    F.TYPE_ENUM: "enum",
    F.TYPE_BYTES: "bytes",
}

HAVE_A_RANGE = {
    "google.protobuf.Duration",
    "google.protobuf.FieldMask",
    "google.type.LatLng",
    "google.type.Money",
    "google.type.PostalAddress",
}
"""Values whose type allows more than the world does. Instants, days and intervals are judged by their use."""

NAMES = {
    "parties/{party}": "^parties/[a-z][a-z0-9-]{1,30}",
    "banks/{bank}": "/banks/[a-z0-9][a-z0-9-]{1,62}",
    "compartments/{label}": "/compartments/[A-Za-z0-9][A-Za-z0-9-]{0,11}",
    "receipts/{receipt}": "/receipts/[a-z2-7]{16}-[1-9][0-9]{0,17}",
    "accounts/{network}": "/accounts/[a-z][a-z0-9-]{1,30}",
    **{
        f"{kind}/{{id}}": f"/{kind}/[a-z2-7]{{16}}"
        for kind in ("reservations", "discrepancies", "commands", "evacuations", "keys", "webhooks")
    },
}

EACH_REQUEST = pytest.mark.parametrize("message", requests(), ids=lambda message: message.full_name)


@pytest.mark.parametrize("message", messages(), ids=lambda message: message.full_name)
def test_req_13_the_rules_of_a_message_compile(message: Descriptor) -> None:
    # Rules are compiled when first needed, also those of the parts that an empty message does not have.
    protovalidate.collect_violations(GetMessageClass(message)())


def bounded(field: FieldDescriptor) -> bool:
    """Whether a text has both a form or a greatest length, and therefore an end."""
    text = rule(field, "string")
    return text is not None and any(
        text.HasField(bound) for bound in ("max_len", "len", "pattern", "uuid", "email", "const")
    )


@EACH_REQUEST
def test_req_13_every_text_has_a_greatest_length_or_a_form(message: Descriptor) -> None:
    texts = [field for field in written(message) if field.type == F.TYPE_STRING]
    assert [field.name for field in texts if not bounded(field)] == []


@EACH_REQUEST
def test_req_13_a_form_is_a_whole_one_and_has_an_end(message: Descriptor) -> None:
    for field in written(message):
        if form := pattern(field):
            assert form.startswith("^"), field.full_name
            assert form.endswith("$"), field.full_name
            text = rule(field, "string")
            endless = any(mark in form for mark in ("*", "+(", "]+", ")+"))
            assert not endless or text.HasField("max_len"), field.full_name


@EACH_REQUEST
def test_req_13_every_number_every_enum_and_every_octet_string_has_bounds(message: Descriptor) -> None:
    plain = [field for field in written(message) if field.type in KINDS]
    assert [field.name for field in plain if rule(field, KINDS[field.type]) is None] == []


@EACH_REQUEST
def test_req_13_every_list_has_a_greatest_length(message: Descriptor) -> None:
    for field in written(message):
        if repeated(field):
            said = rules(field)
            assert said is not None, field.full_name
            assert said.repeated.max_items or said.map.max_pairs, field.full_name


@EACH_REQUEST
def test_req_13_a_value_whose_type_allows_too_much_has_a_range(message: Descriptor) -> None:
    wide = [field for field in written(message) if field.message_type and field.message_type.full_name in HAVE_A_RANGE]
    assert [field.name for field in wide if rules(field) is None] == []


@EACH_REQUEST
def test_pty_2_a_name_has_one_form_in_the_whole_contract(message: Descriptor) -> None:
    for field in message.fields:
        form = pattern(field)
        if not form.startswith("^parties/") or field.full_name in ANY_NAME:
            continue
        rest = form.removesuffix("$")
        for part in NAMES.values():
            rest = rest.replace(part, "", 1)
        assert rest == "", field.full_name


ANY_NAME = {
    "interlock.v1.StreamEventsRequest.subjects",
    "interlock.v1.ListReservationsRequest.parent",
    "interlock.v1.ListBanksRequest.parent",
    "interlock.v1.WatchBanksRequest.parent",
    "interlock.v1.ListDiscrepanciesRequest.parent",
    "interlock.v1.ListReceiptsRequest.parent",
}
"""Names of any kind, and those in which ``-`` stands for all."""

READS = ("Check", "Get", "List", "Search", "Stream", "Watch")
WITHOUT_REQUEST_ID = {
    "BatchCreateReservations": "each of its items has one",
    "RegisterKey": "the code and the key together make a retry the same",
    "SubmitReceipt": "a receipt can be submitted any number of times",
}


def test_req_1_every_write_can_be_retried() -> None:
    for method in methods():
        if method.full_name.startswith("interlock.v1.") and not method.name.startswith(READS):
            field = method.input_type.fields_by_name.get("request_id")
            assert (field is None) == (method.name in WITHOUT_REQUEST_ID), method.full_name
            assert field is None or rule(field, "string").uuid, method.full_name


def test_req_13_what_can_be_sent_is_ours_or_a_known_value() -> None:
    foreign = {
        field.message_type.full_name
        for message in requests()
        for field in written(message)
        if field.message_type is not None and not ours(field.message_type)
    }
    assert foreign == {
        "google.protobuf.Duration",
        "google.protobuf.FieldMask",
        "google.protobuf.Timestamp",
        "google.type.Date",
        "google.type.Interval",
        "google.type.LatLng",
        "google.type.Money",
        "google.type.PostalAddress",
        "google.type.TimeOfDay",
    }
