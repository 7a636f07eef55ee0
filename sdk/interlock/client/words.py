"""The contract's enumerations by short words: ``"M"`` for ``SIZE_CLASS_M``, ``"collect"`` for ``ACT_COLLECT``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from google.protobuf.descriptor import EnumDescriptor

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Enum(Protocol):
    """A generated enumeration, for example ``need_pb2.SizeClass``."""

    DESCRIPTOR: EnumDescriptor


V = TypeVar("V", bound=int)


def prefix(enum: EnumDescriptor) -> str:
    """Return what each value's name begins with: ``SIZE_CLASS_``."""
    return _CAPITAL.sub("_", enum.name).upper() + "_"


def words(enum: EnumDescriptor) -> list[str]:
    """Return the short words of ``enum`` in the contract's order, without UNSPECIFIED."""
    start = prefix(enum)
    return [value.name.removeprefix(start) for value in enum.values if value.number != 0]


def word(enum: EnumDescriptor, number: int) -> str:
    """Return the short word of a value: empty for 0, the number itself for one newer than this package."""
    value = enum.values_by_number.get(number)
    if value is None:
        return str(number)
    return "" if number == 0 else str(value.name.removeprefix(prefix(enum)))


def number(enum: Any, said: str | int | None) -> Any:  # noqa: ANN401  each enumeration has a type of its own
    """Return the value of ``enum`` that ``said`` means.

    Args:
        enum: The generated enumeration.
        said: A word in any case, with ``-`` or ``_``, with or without the prefix; a number; None or empty for 0.

    Raises:
        ValueError: there is no such word; the message lists those that there are.
    """
    if said is None or isinstance(said, int):
        return said or 0
    wanted = said.strip().upper().replace("-", "_").removeprefix(prefix(enum.DESCRIPTOR))
    if not wanted:
        return 0
    if wanted not in words(enum.DESCRIPTOR):
        kind = _CAPITAL.sub(" ", enum.DESCRIPTOR.name).lower()
        message = f"{said!r} is no {kind}; there are {', '.join(words(enum.DESCRIPTOR))}."
        raise ValueError(message)
    return enum.Value(prefix(enum.DESCRIPTOR) + wanted)


def numbers(enum: Any, said: Iterable[str | int]) -> list[Any]:  # noqa: ANN401
    """Return the values that several words mean."""
    return [number(enum, each) for each in said]
