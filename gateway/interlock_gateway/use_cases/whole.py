"""Remembering a value whole, for the retries of requests whose outcome no event tells (REQ-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from interlock_gateway.use_cases.desk import Desk

T = TypeVar("T")


def remember_whole(desk: Desk, value: T) -> T:
    """Have a value remembered as the answer, and give it."""
    desk.remember({"whole": msgspec.to_builtins(value)})
    return value


def remembered_whole(answer: Mapping[str, Any], kind: type[T]) -> T:
    """Build the value that ``remember_whole`` left."""
    return msgspec.convert(answer["whole"], kind)
