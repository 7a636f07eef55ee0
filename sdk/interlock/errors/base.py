"""What can go wrong with a call: one tree of exceptions, by gRPC code and, below it, by the network's reason.

Catch as finely as you care: ``NoCapacity`` (one reason), ``ResourceExhausted`` (its code), ``Refused`` (the gateway
answered), ``InterlockError`` (anything). Branch on the class, never on the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

__all__ = [
    "BY_CODE",
    "Aborted",
    "AlreadyExists",
    "Cancelled",
    "DataLoss",
    "DeadlineExceeded",
    "FailedPrecondition",
    "FieldViolation",
    "InterlockError",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "Refused",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Unreachable",
    "Unsendable",
]

_WORD = re.compile(r"(?<=.)(?=[A-Z])")


class InterlockError(Exception):
    """Anything that this package raises about a call. Its ``str`` is one plain sentence."""


class Unsendable(InterlockError):
    """The call never left: what was asked for cannot be put on the wire (no key, an unsafe address)."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that breaks a rule of the contract.

    Attributes:
        field: Its path in the request, for example ``reservation.parcels[2].sscc``.
        description: What is wrong with it, for people.
    """

    field: str
    description: str


class Refused(InterlockError):
    """The call failed, and the gateway (or the way to it) said why.

    Attributes:
        reason: Name of the ``ErrorReason`` without its prefix; empty where the answer named none. A reason newer than
            this package comes as the class of its code.
        metadata: The facts of the sentence, as text.
        field_violations: The fields at fault, where the contract was broken.
        retry_after: How long the gateway asks to be left alone, or None.
        request_id: What the call was sent under; the same id may be used again. Empty for a call that only reads.
    """

    code: ClassVar[str] = "UNKNOWN"
    """Name of the gRPC status code."""

    def __init__(
        self,
        message: str = "",
        *,
        reason: str = "",
        metadata: Mapping[str, str] = MappingProxyType({}),
        field_violations: tuple[FieldViolation, ...] = (),
        retry_after: timedelta | None = None,
        request_id: str = "",
    ) -> None:
        """Keep what is known; a class of one reason need not be told its reason."""
        super().__init__(message or type(self).__name__)
        self.reason = reason or reason_of(type(self))
        self.metadata = metadata
        self.field_violations = field_violations
        self.retry_after = retry_after
        self.request_id = request_id


class Cancelled(Refused):
    """The caller hung up."""

    code = "CANCELLED"


class InvalidArgument(Refused):
    """The request can never succeed as it is."""

    code = "INVALID_ARGUMENT"


class DeadlineExceeded(Refused):
    """No answer came in time. What was asked may have happened: send it again under the same ``request_id``."""

    code = "DEADLINE_EXCEEDED"


class NotFound(Refused):
    """There is no such thing for this caller."""

    code = "NOT_FOUND"


class AlreadyExists(Refused):
    """The name or the id is taken."""

    code = "ALREADY_EXISTS"


class PermissionDenied(Refused):
    """The caller is known and may not."""

    code = "PERMISSION_DENIED"


class ResourceExhausted(Refused):
    """There is no room, or too much was asked for."""

    code = "RESOURCE_EXHAUSTED"


class FailedPrecondition(Refused):
    """Something else has to change first."""

    code = "FAILED_PRECONDITION"


class Aborted(Refused):
    """Somebody else was quicker. Read again, then decide again."""

    code = "ABORTED"


class OutOfRange(Refused):
    """Beyond what there is."""

    code = "OUT_OF_RANGE"


class Unimplemented(Refused):
    """The gateway does not serve this method."""

    code = "UNIMPLEMENTED"


class Internal(Refused):
    """A fault of the gateway."""

    code = "INTERNAL"


class Unavailable(Refused):
    """The gateway cannot answer now; what was asked may have happened all the same."""

    code = "UNAVAILABLE"


class Unreachable(Unavailable):
    """Nobody answered at that address, or not in a way that can be trusted. No gateway has said this."""


class DataLoss(Refused):
    """The gateway has found damage in what it keeps."""

    code = "DATA_LOSS"


class Unauthenticated(Refused):
    """The call did not prove who calls."""

    code = "UNAUTHENTICATED"


BY_CODE: Mapping[str, type[Refused]] = MappingProxyType({kind.code: kind for kind in Refused.__subclasses__()})
"""The class for each gRPC code."""

_NO_REASON = frozenset({Refused, Unreachable, *BY_CODE.values()})


def reason_of(kind: type[Refused]) -> str:
    """Spell the reason that a class stands for: ``NoCapacity`` is ``NO_CAPACITY``; a class of a code has none."""
    return "" if kind in _NO_REASON else _WORD.sub("_", kind.__name__).upper()
