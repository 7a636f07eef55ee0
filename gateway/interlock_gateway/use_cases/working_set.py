"""What the committer has at hand: values kept from before, and the batch that is being decided.

The cache is right because this process is the only one that writes while it serves; should another write all the
same, the versions do not match, the batch comes back, and what it touched is forgotten and loaded again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from interlock_gateway.ports import At, Batch, BookRow, Event, Found, Kept, Remembered, RequestKey, Wanted
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Below, Desk, NotAtHand

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

NOTHING = Kept(None, 0)


OpenBook = Callable[[BookRow, Below, int], Book]
"""Opens a book from its rows, what it stands on, and the present unix second; may raise ``NotAtHand``."""


class Recent(Generic[K, V]):
    """The values used last, up to a number."""

    def __init__(self, most: int) -> None:
        """Keep up to ``most`` values."""
        self._values: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def get(self, key: K) -> V | None:
        """Read a value and count it as used."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Keep a value; the one that was not used for longest goes."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, keys: Iterable[K]) -> None:
        """Drop what may be out of date."""
        for key in keys:
            self._values.pop(key, None)


class Cache:
    """Values and books that were read or written lately, as they are kept."""

    def __init__(self, *, values: int = 20_000, books: int = 5_000) -> None:
        """Keep up to so many of each."""
        self.values: Recent[At, Kept] = Recent(values)
        self.books: Recent[str, Book] = Recent(books)


class WorkingSet(Below):
    """One batch while it is being decided.

    Attributes:
        now: The instant of the batch's decisions.
        requests: Which of the batch's requests were committed before, as far as was loaded.
        missing: What desks asked for in vain.
    """

    def __init__(self, cache: Cache, open_book: OpenBook, now: datetime) -> None:
        """Start with nothing but the cache.

        Args:
            cache: What was read or written before.
            open_book: Opens a book from its rows and the bank's compartments, which it reads from this set.
            now: The instant of the batch's decisions.
        """
        self.now = now
        self._seconds = int(now.timestamp())
        self._cache = cache
        self._open_book = open_book
        self._found: dict[At, Kept] = {}
        self._values: dict[At, Any] = {}
        self._rows: dict[str, BookRow] = {}
        self._base: dict[str, Book] = {}
        self._books: dict[str, Book] = {}
        self._told: dict[tuple[str, int], Event] = {}
        self._events: list[Event] = []
        self._remembered: list[Remembered] = []
        self.requests: dict[RequestKey, Remembered] = {}
        self.missing = Wanted()

    # --- Loading -----------------------------------------------------------------------------------------------

    def lacks(self, wanted: Wanted) -> Wanted:
        """Say which of ``wanted`` has to be loaded."""
        return Wanted(
            {at for at in wanted.values if self._kept(at) is None},
            {bank for bank in wanted.books if bank not in self._base and self._cache.books.get(bank) is None},
            wanted.requests - self.requests.keys(),
            wanted.told - self._told.keys(),
        )

    def take_in(self, wanted: Wanted, found: Found) -> None:
        """Put what was loaded at hand; what was wanted and not found does not exist."""
        for at in wanted.values:
            kept = found.values.get(at)
            self._found[at] = NOTHING if kept is None else kept
            if kept is not None:
                self._cache.values.put(at, kept)
        for bank in wanted.books:
            self._rows[bank] = found.books.get(bank) or BookRow(bank)
        self.requests.update(found.requests)
        self._told.update(found.told)
        self.missing = Wanted()

    def _kept(self, at: At) -> Kept | None:
        kept = self._found.get(at)
        if kept is None:
            kept = self._cache.values.get(at)
            if kept is not None:
                self._found[at] = kept
        return kept

    # --- Reading, for desks ------------------------------------------------------------------------------------

    def value(self, at: At) -> Any:  # noqa: ANN401 - as many types as there are aggregates
        """Read a value as the proposals decided so far leave it."""
        if at in self._values:
            return self._values[at]
        kept = self._kept(at)
        if kept is None:
            self.missing.values.add(at)
            raise NotAtHand
        return kept.value

    def book(self, bank: str) -> Book:
        """Read a book as the proposals decided so far leave it."""
        book = self._books.get(bank)
        return self._kept_book(bank) if book is None else book

    def _kept_book(self, bank: str) -> Book:
        book = self._base.get(bank)
        if book is None:
            book = self._cache.books.get(bank)
            if book is None:
                row = self._rows.get(bank)
                if row is None:
                    self.missing.books.add(bank)
                    raise NotAtHand
                book = self._open_book(row, self, self._seconds)
                self._cache.books.put(bank, book)
            book.at(self._seconds)
            self._base[bank] = book
        return book

    def told(self, key: str, sequence: int) -> Event:
        """Read an event of the log."""
        event = self._told.get((key, sequence))
        if event is None:
            self.missing.told.add((key, sequence))
            raise NotAtHand
        return event

    # --- Deciding ----------------------------------------------------------------------------------------------

    def merge(self, desk: Desk, remembered: Remembered | None) -> None:
        """Take over what a proposal left on its desk."""
        self._values.update(desk.values)
        for bank, book in desk.books.items():
            if book.changed:
                below = self._books.get(bank)
                if below is None:
                    below = self._books[bank] = self._kept_book(bank).fork()
                below.absorb(book)
        self._events.extend(desk.events)
        if remembered is not None:
            self._remembered.append(remembered)

    def start_over(self) -> None:
        """Drop all decisions, and keep what is at hand."""
        self._values.clear()
        self._books.clear()
        self._events.clear()
        self._remembered.clear()

    def batch(self) -> Batch:
        """Give what is to be written."""
        return Batch(
            {at: Kept(value, self._version(at)) for at, value in self._values.items()},
            [book.change(self._base[bank].version) for bank, book in self._books.items()],
            self._events,
            self._remembered,
        )

    def _version(self, at: At) -> int:
        """The version that a write follows: a value written unread is taken to be new."""
        kept = self._kept(at)
        return 0 if kept is None else kept.version

    # --- Afterwards --------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The batch is written: bring the cache up to date."""
        for at, value in self._values.items():
            if value is None:
                self._cache.values.forget((at,))
            else:
                self._cache.values.put(at, Kept(value, self._version(at) + 1))
        for bank, book in self._books.items():
            self._base[bank].settle(book)

    def distrust(self) -> None:
        """Forget everything that this batch rests on: it may be out of date."""
        self._cache.values.forget({*self._found, *self._values})
        self._cache.books.forget({*self._base})
