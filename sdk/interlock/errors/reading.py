"""From a gRPC status to the exception that stands for it: one mechanism for every reason there is and will be.

Source: AIP-193; ``google.rpc.Status`` with ``ErrorInfo``, ``BadRequest`` and ``RetryInfo``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Protocol

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from interlock.errors import reasons
from interlock.errors.base import BY_CODE, FieldViolation, Refused, Unreachable, reason_of

DOMAIN: Final = "interlock"
"""``ErrorInfo.domain`` of the reasons that the contract lists. Another domain's reasons are not ours to read."""
DETAILS: Final = "grpc-status-details-bin"
"""The trailer in which gRPC carries a ``google.rpc.Status``."""
BY_REASON: Final[dict[str, type[Refused]]] = {
    reason_of(kind): kind for kind in (getattr(reasons, name) for name in reasons.__all__)
}

_CODES: Final = {code.value[0]: code.name for code in grpc.StatusCode}


class Failure(Protocol):
    """What a failed call of ``grpc`` and of ``grpc.aio`` have in common."""

    def code(self) -> grpc.StatusCode: ...  # noqa: D102
    def details(self) -> str | None: ...  # noqa: D102
    def trailing_metadata(self) -> Any: ...  # noqa: ANN401, D102  pairs, or None; each library has a type of its own


def from_failure(failure: Failure, *, request_id: str = "", gateway: str = "the gateway") -> Refused:
    """Make the exception for a failed call.

    Args:
        failure: What grpc raised.
        request_id: What the call was sent under.
        gateway: Where it went, for the sentence when nobody answered.
    """
    status = Status(code=failure.code().value[0], message=failure.details() or "")
    answered = False
    for key, value in failure.trailing_metadata() or ():
        if key == DETAILS and isinstance(value, bytes):
            try:
                status = Status.FromString(value)
                answered = True
            except DecodeError:
                break  # an answer that cannot be read is worth its code and its sentence
    if failure.code() is grpc.StatusCode.UNAVAILABLE and not answered:
        sentence = f"No gateway answers at {gateway} ({_first_line(status.message)})."
        return Unreachable(sentence, request_id=request_id)
    return from_status(status, request_id=request_id)


def from_status(status: Status, *, request_id: str = "") -> Refused:
    """Make the exception for a ``google.rpc.Status``, such as the outcome of one item of a batch.

    Returns:
        The class of the reason if this package knows it, else the class of the code. A known reason under another code
        than the contract's is still that reason: it is the finer word.
    """
    kind = BY_CODE.get(_CODES.get(status.code, ""), Refused)
    reason, metadata = "", dict[str, str]()
    violations: tuple[FieldViolation, ...] = ()
    retry_after = None
    for detail in status.details:
        info, bad, retry = ErrorInfo(), BadRequest(), RetryInfo()
        try:
            if detail.Unpack(info) and info.domain == DOMAIN:
                reason, metadata = info.reason, dict(info.metadata)
            elif detail.Unpack(bad):
                violations = tuple(FieldViolation(each.field, each.description) for each in bad.field_violations)
            elif detail.Unpack(retry):
                retry_after = max(retry.retry_delay.ToTimedelta(), timedelta())
        except (DecodeError, OverflowError):
            continue  # one detail that cannot be read does not hide the others
    return BY_REASON.get(reason, kind)(
        status.message,
        reason=reason,
        metadata=metadata,
        field_violations=violations,
        retry_after=retry_after,
        request_id=request_id,
    )


def _first_line(details: str) -> str:
    # grpc's core lists every address that it tried, over several lines; the first says what is wrong.
    return details.partition("\n")[0].strip().rstrip(".") or "no answer"
