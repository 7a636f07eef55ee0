"""The rules that stand in the contract beside each field, enforced before anything is decided (REQ-13)."""

from __future__ import annotations

from typing import Any, Final

import protovalidate
from google.protobuf.message import Message

from interlock_gateway.services.status import FieldFlaw, Misshapen

_VALIDATOR: Final = protovalidate.Validator()


def validate(request: Message) -> None:
    """Hold a request against the contract.

    Raises:
        Misshapen: It breaks a rule; every field that does is named.
    """
    violations = _VALIDATOR.collect_violations(request)
    if violations:
        raise Misshapen([FieldFlaw(_path(each.proto.field), each.proto.message) for each in violations])


def _path(field: Any) -> str:  # noqa: ANN401 - a message of a library without types
    """Write the path of a field as ``reservation.parcels[2].sscc``; empty for the request as a whole."""
    if field is None:
        return ""
    steps = []
    for element in field.elements:
        subscript = element.subscript
        steps.append(element.field_name if subscript is None else f"{element.field_name}[{subscript.value}]")
    return ".".join(steps)
