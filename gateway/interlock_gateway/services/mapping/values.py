"""What every mapping needs: instants, lengths of time, closed vocabularies, money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money

from interlock_gateway.domain.parcel import Value
from interlock_gateway.domain.words import Word

W = TypeVar("W", bound=Word)

_NANOS: Final = 1_000_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Vocabulary(Protocol):
    """A generated enum. Each has a type of its own for its values."""

    DESCRIPTOR: EnumDescriptor

    def Name(self, number: Any) -> str:  # noqa: ANN401 - as generated
        """Return the full name of a value."""
        ...

    def Value(self, name: str) -> Any:  # noqa: ANN401 - as generated
        """Return the value of a full name."""
        ...


def stamp(instant: datetime | None) -> Timestamp | None:
    """Write an instant; nothing for ``None``, which leaves the field unset."""
    if instant is None:
        return None
    since = instant - _EPOCH
    return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000)


def instant(said: Timestamp) -> datetime:
    """Read an instant, to the microsecond."""
    return _EPOCH + timedelta(seconds=said.seconds, microseconds=said.nanos // 1000)


def duration(length: timedelta) -> Duration:
    """Write a length of time."""
    return Duration(seconds=length.days * 86_400 + length.seconds, nanos=length.microseconds * 1000)


def length_of(said: Duration) -> timedelta:
    """Read a length of time, to the microsecond."""
    return timedelta(seconds=said.seconds, microseconds=said.nanos // 1000)


def _prefix(enum: Vocabulary) -> str:
    """What stands before every value name of an enum: its own name in capitals."""
    first: str = enum.DESCRIPTOR.values_by_number[0].name
    return first.removesuffix("UNSPECIFIED")


@lru_cache(maxsize=2_048)  # a dozen for each reservation that is shown
def number(enum: Vocabulary, word: str | None) -> Any:  # noqa: ANN401 - each enum has a type of its own
    """Write a word as the value of ``enum`` of the same name; 0 for ``None``."""
    return 0 if word is None else enum.Value(f"{_prefix(enum)}{word}")


def named(enum: Vocabulary, value: int, words: type[W]) -> W:
    """Read a value that is not 0 as the word of the same name."""
    return words(enum.Name(value).removeprefix(_prefix(enum)))


def money(value: Value | None) -> Money | None:
    """Write an amount; nothing for ``None``."""
    if value is None:
        return None
    units, fraction = divmod(value.amount, 1)
    return Money(currency_code=value.currency, units=int(units), nanos=int(fraction * _NANOS))


def value_of(said: Money) -> Value:
    """Read an amount."""
    return Value(said.currency_code, Decimal(said.units) + Decimal(said.nanos) / _NANOS)
