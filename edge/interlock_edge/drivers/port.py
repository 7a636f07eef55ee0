"""What the agent asks of lock boards, in its own words. A driver turns them into frames (ACC-61).

There is no way to open every door: no method for it, and no lock number 0, which on some boards means just that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from interlock_edge.custody.door import Reading


@dataclass(frozen=True, slots=True)
class Sent:
    """The board took the pulse. Whether the door opened is for a later reading to show.

    On one family of boards the reply "not opened" has the same bytes as the request, and an echo on the line looks
    just like it; so no reply is ever taken for an opening.
    """


@dataclass(frozen=True, slots=True)
class Refused:
    """The pulse was not given.

    Attributes:
        reason: A plain sentence for the log.
    """

    reason: str


class LockBus(Protocol):
    """The lock boards of one bank, as one bus with one owner."""

    @property
    def boards(self) -> Mapping[str, tuple[str, ...]]:
        """The labels of the compartments on each board, by the board's name."""
        ...

    async def pulse(self, compartment: str) -> Sent | Refused:
        """Release one lock for the board's own pulse time; software never times a coil."""
        ...

    async def read(self, board: str) -> Mapping[str, Reading]:
        """Read the sensors of one board, by label. A board that does not answer gives UNKNOWN for all of them."""
        ...


class Wiring:
    """Which lock of which board belongs to which compartment: checked once, so that no door opens for another."""

    def __init__(self, locks: Mapping[str, tuple[str, int]]) -> None:
        """Take the map from labels to (board, lock).

        Args:
            locks: Lock numbers count from 1.

        Raises:
            ValueError: a lock number below 1, or two compartments on one lock.
        """
        by_lock: dict[tuple[str, int], str] = {}
        for label, (board, lock) in locks.items():
            if lock < 1:
                message = f"Compartment {label} is wired to lock {lock} of board {board}; locks count from 1."
                raise ValueError(message)
            if (board, lock) in by_lock:
                message = (
                    f"Compartments {by_lock[board, lock]} and {label} are both wired to lock {lock} of board {board}."
                )
                raise ValueError(message)
            by_lock[board, lock] = label
        self._locks = dict(locks)
        self._by_lock = by_lock

    def lock(self, compartment: str) -> tuple[str, int]:
        """Return (board, lock) of a compartment; ``KeyError`` for a label that is not wired."""
        return self._locks[compartment]

    def compartment(self, board: str, lock: int) -> str | None:
        """Return the label on a lock, or nothing."""
        return self._by_lock.get((board, lock))

    def boards(self) -> dict[str, tuple[str, ...]]:
        """Return the labels on each board."""
        boards: dict[str, list[str]] = {}
        for label, (board, _) in self._locks.items():
            boards.setdefault(board, []).append(label)
        return {board: tuple(labels) for board, labels in boards.items()}
