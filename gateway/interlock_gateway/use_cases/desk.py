"""The desk: where one proposal reads loaded values and leaves what it decided.

Desks are stacked. The lowest is the batch's: it holds what was loaded and what the proposals decided so far left
behind. Each proposal gets a desk of its own on top of it, so that a refusal is dropped by forgetting that desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from interlock_gateway.ports import Aggregate, At, Entropy, Event
from interlock_gateway.use_cases.book import Book

T = TypeVar("T")


class NotAtHand(Exception):
    """A desk was asked for what is not loaded yet; the committer loads it and has the proposal decided again."""


class Below:
    """What a desk stands on: reads that raise ``NotAtHand`` instead of waiting."""

    __slots__ = ()

    def value(self, at: At) -> Any:  # noqa: ANN401 - as many types as there are aggregates
        """The value kept at ``at``, or ``None``."""
        raise NotImplementedError

    def book(self, bank: str) -> Book:
        """The book of a bank as it stands; not to be changed, but forked."""
        raise NotImplementedError

    def told(self, key: str, sequence: int) -> Event:
        """An event of the log."""
        raise NotImplementedError


class Desk(Below):
    """What one proposal works with.

    Attributes:
        now: The instant of the decision, the same for the whole batch.
        entropy: Random bytes; drawn anew when the proposal is decided again.
        values: What this desk changed, by place; ``None`` for what it ended.
        books: Books that this desk opened.
        events: Told here, in order.
        answer: What is to be remembered of the request, or ``None``.
    """

    __slots__ = ("_below", "answer", "books", "entropy", "events", "now", "values")

    def __init__(self, below: Below, *, now: datetime, entropy: Entropy) -> None:
        """Stack an empty desk on ``below``."""
        self._below = below
        self.now = now
        self.entropy = entropy
        self.values: dict[At, Any] = {}
        self.books: dict[str, Book] = {}
        self.events: list[Event] = []
        self.answer: Mapping[str, Any] | None = None

    def get(self, aggregate: Aggregate[T], key: str) -> T | None:
        """Read a value as it stands after all that was decided before; ``None`` when there is none."""
        value: T | None = self.value(At(aggregate, key))
        return value

    def get_all(self, aggregate: Aggregate[T], keys: Iterable[str]) -> list[T]:
        """Read several values, loaded in one go; those that there are, in the order of their keys."""
        found: list[T] = []
        missing = False
        for key in keys:
            try:
                value = self.get(aggregate, key)
            except NotAtHand:
                missing = True
            else:
                found += [] if value is None else [value]
        if missing:
            raise NotAtHand
        return found

    def value(self, at: At) -> Any:  # noqa: ANN401 - as many types as there are aggregates
        """Read what is kept at a place."""
        return self.values[at] if at in self.values else self._below.value(at)

    def put(self, aggregate: Aggregate[T], value: T) -> None:
        """Keep a value under its key, in place of the one that was there."""
        self.values[At(aggregate, aggregate.key(value))] = value

    def end(self, aggregate: Aggregate[T], key: str) -> None:
        """Keep nothing under ``key`` any more."""
        self.values[At(aggregate, key)] = None

    def book(self, bank: str) -> Book:
        """Open the book of a bank: its capacity, its live PINs. To be changed in place."""
        book = self.books.get(bank)
        if book is None:
            book = self.books[bank] = self._below.book(bank).fork()
        return book

    def told(self, key: str, sequence: int) -> Event:
        """Read an event of before, for a replayed answer."""
        return self._below.told(key, sequence)

    def tell(self, event: Event) -> None:
        """Tell the world, once all of this is committed."""
        self.events.append(event)

    def remember(self, answer: Mapping[str, Any]) -> None:
        """Say from what the same answer can be built again; plain JSON values."""
        self.answer = answer
