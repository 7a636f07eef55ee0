"""The tree of errors: one class for every reason of the contract, below the class of its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from interlock import errors
from interlock.errors import from_failure, from_status
from interlock.v1.error_reason_pb2 import ErrorReason

PROTO = Path(__file__).parents[3] / "proto/interlock/v1/error_reason.proto"


def contract() -> Iterator[tuple[str, str]]:
    """Each reason of the contract with the code that its comment gives."""
    text = PROTO.read_text(encoding="utf-8")
    yield from re.findall(r"// `([A-Z_]+)`\.(?:[^\n]*\n\s*//)*[^\n]*\n\s*ERROR_REASON_([A-Z_]+) = [1-9]", text)


def status(code: int, *details: Any, message: str = "A sentence.") -> Status:
    made = Status(code=code, message=message)
    for detail in details:
        made.details.add().Pack(detail)
    return made


class Failure:
    """What grpc raises, as far as it is looked at."""

    def __init__(self, code: grpc.StatusCode, details: str, trailers: tuple[tuple[str, Any], ...] = ()) -> None:
        self._said = code, details, trailers

    def code(self) -> grpc.StatusCode:
        return self._said[0]

    def details(self) -> str:
        return self._said[1]

    def trailing_metadata(self) -> tuple[tuple[str, Any], ...]:
        return self._said[2]


def test_the_contract_is_read_whole() -> None:
    assert len(list(contract())) == len(ErrorReason.items()) - 1


@pytest.mark.parametrize(("code", "reason"), list(contract()), ids=lambda each: each)
def test_a_reason_is_a_class_below_its_code(code: str, reason: str) -> None:
    name = "".join(word.capitalize() for word in reason.split("_"))
    kind = getattr(errors, name)
    assert issubclass(kind, errors.BY_CODE[code])
    assert (kind("").reason, kind("").code) == (reason, code)
    caught = from_status(status(5, ErrorInfo(reason=reason, domain="interlock")))
    assert type(caught) is kind


def test_there_is_no_class_without_a_reason() -> None:
    known = {"".join(word.capitalize() for word in reason.split("_")) for _, reason in contract()}
    assert known == set(errors.reasons.__all__)


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
def test_every_code_has_a_class(code: grpc.StatusCode) -> None:
    caught = from_status(status(code.value[0]))
    assert (type(caught).code, caught.reason) == (code.name, "")


def test_a_newer_reason_comes_as_the_class_of_its_code() -> None:
    caught = from_status(status(8, ErrorInfo(reason="BRAND_NEW", domain="interlock", metadata={"a": "b"})))
    assert type(caught) is errors.ResourceExhausted
    assert (caught.reason, caught.metadata) == ("BRAND_NEW", {"a": "b"})


def test_a_reason_of_another_domain_is_not_ours() -> None:
    caught = from_status(status(8, ErrorInfo(reason="NO_CAPACITY", domain="elsewhere.example")))
    assert (type(caught), caught.reason) == (errors.ResourceExhausted, "")


def test_everything_that_was_said_is_kept() -> None:
    violation = BadRequest.FieldViolation(field="parcels[2].sscc", description="17 digits")
    caught = from_status(
        status(
            3,
            ErrorInfo(reason="INVALID_FIELD", domain="interlock"),
            BadRequest(field_violations=[violation]),
            RetryInfo(retry_delay=Duration(seconds=1, nanos=500_000_000)),
        ),
        request_id="r",
    )
    assert str(caught) == "A sentence."
    assert caught.field_violations == (errors.FieldViolation("parcels[2].sscc", "17 digits"),)
    assert caught.retry_after == timedelta(seconds=1.5)
    assert caught.request_id == "r"


def test_a_delay_in_the_past_is_none() -> None:
    caught = from_status(status(14, RetryInfo(retry_delay=Duration(seconds=-5))))
    assert caught.retry_after == timedelta()


def test_a_detail_that_cannot_be_read_hides_no_other() -> None:
    said = status(14, ErrorInfo(), RetryInfo(retry_delay=Duration(seconds=3)))
    said.details[0].value = b"\xff\xff"
    assert from_status(said).retry_after == timedelta(seconds=3)


def test_trailers_that_cannot_be_read_leave_code_and_sentence() -> None:
    failure = Failure(grpc.StatusCode.NOT_FOUND, "Not here.", (("grpc-status-details-bin", b"\xff\xff"),))
    caught = from_failure(failure)
    assert (type(caught), str(caught)) == (errors.NotFound, "Not here.")


def test_nobody_at_the_address_is_told_from_a_gateway_that_cannot() -> None:
    nobody = from_failure(Failure(grpc.StatusCode.UNAVAILABLE, "failed to connect\nfar too much"), gateway="g:1")
    assert type(nobody) is errors.Unreachable
    assert str(nobody) == "No gateway answers at g:1 (failed to connect)."
    said = status(14, ErrorInfo(reason="SHUTTING_DOWN", domain="interlock"))
    trailers = (("grpc-status-details-bin", said.SerializeToString()),)
    assert type(from_failure(Failure(grpc.StatusCode.UNAVAILABLE, "", trailers))) is errors.ShuttingDown


def test_without_a_sentence_the_class_speaks() -> None:
    assert str(errors.NoCapacity()) == "NoCapacity"
