"""Refusals on the wire: ``google.rpc.Status`` with the reason, its facts and what else it calls for (REQ-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import grpc
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from interlock import errors as client_errors
from interlock_gateway.domain.errors import InvalidField, Refusal
from interlock_gateway.domain.errors.refusal import refusals
from interlock_gateway.services.mapping.values import duration

DOMAIN: Final = "interlock"
DETAILS_KEY: Final = "grpc-status-details-bin"

CODES: Final[dict[str, grpc.StatusCode]] = {
    reason: grpc.StatusCode[getattr(client_errors, "".join(part.capitalize() for part in reason.split("_"))).code]
    for reason in refusals()
}
"""The gRPC code of each reason, as the contract says beside it and the SDK raises it."""


@dataclass(frozen=True, slots=True)
class FieldFlaw:
    """A field that breaks a rule of the contract.

    Attributes:
        field: Its path in the request.
        rule: The rule, as a person reads it.
    """

    field: str
    rule: str


class Misshapen(Exception):
    """A request breaks rules of the contract; every field that does is named."""

    def __init__(self, flaws: Sequence[FieldFlaw]) -> None:
        """Keep the flaws, of which there is at least one."""
        super().__init__(flaws[0].field)
        self.flaws = tuple(flaws)


def status_of(failure: Exception) -> Status | None:
    """Write what a caller is told of a failure; ``None`` for one that is ours, and none of the caller's business."""
    match failure:
        case Misshapen():
            first = InvalidField(field=failure.flaws[0].field, rule=failure.flaws[0].rule)
            return _status(first, failure.flaws)
        case Refusal():
            return _status(failure, _flaws(failure))
        case _:
            return None


INTERNAL: Final = Status(code=Code.INTERNAL, message="Something went wrong in the gateway; it has been logged.")
"""What is told of a failure of ours: nothing (REQ-12)."""


def _flaws(refusal: Refusal) -> tuple[FieldFlaw, ...]:
    """The field that a refusal points at, if it does."""
    field = getattr(refusal, "field", None)
    return () if not field else (FieldFlaw(field, getattr(refusal, "rule", "") or str(refusal)),)


def _status(refusal: Refusal, flaws: Sequence[FieldFlaw]) -> Status:
    code = CODES[refusal.reason]
    status = Status(code=code.value[0], message=str(refusal))
    details: list[Message] = [ErrorInfo(reason=refusal.reason, domain=DOMAIN, metadata=refusal.facts)]
    if flaws and code is grpc.StatusCode.INVALID_ARGUMENT:
        violations = [BadRequest.FieldViolation(field=each.field, description=each.rule) for each in flaws]
        details.append(BadRequest(field_violations=violations))
    retry_after = getattr(refusal, "retry_after", None)
    if isinstance(retry_after, timedelta):
        details.append(RetryInfo(retry_delay=duration(retry_after)))
    for detail in details:
        status.details.add().Pack(detail)
    return status
