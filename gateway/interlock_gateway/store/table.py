"""How a type of value lies in a table: a key, a version, the columns that are searched, and the value as JSON.

The JSON is the value; the columns repeat what a WHERE or an ORDER BY needs. Nothing is ever read back from them, so
they cannot disagree with it for longer than one write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from interlock_gateway.ports import Aggregate

T = TypeVar("T")
Scalar = str | int | float | None
"""What a searched column holds."""

ENCODER = msgspec.json.Encoder(order="deterministic")
"""Writes dataclasses as JSON objects, instants as RFC 3339, bytes as base64, sets sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Table(Generic[T]):
    """The table of an aggregate.

    Attributes:
        aggregate: What lies in it.
        columns: For each searched column what it holds of a value, in the order of the table.
        decode: Reads the value from its JSON.
    """

    aggregate: Aggregate[T]
    columns: Mapping[str, Callable[[T], Scalar]] = field(default_factory=dict)
    decode: Callable[[str | bytes], T] = field(init=False)

    def __post_init__(self) -> None:
        """Make the decoder once."""
        decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(self.aggregate.type)
        object.__setattr__(self, "decode", decoder.decode)

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.aggregate.table

    def row(self, key: str, version: int, value: T) -> list[Any]:
        """Write the cells before the body: key, version, searched columns."""
        return [key, version, *[read(value) for read in self.columns.values()]]
