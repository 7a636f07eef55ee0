"""A bank's book: all that is decided under the lock of one bank.

Its plan (which commitments stand, and in which kind of compartment), the PINs that are live there, the numbers that
it hands out. The lock is the book's version: a batch that changes a book follows one version of it, and is decided
again when that is no longer the latest (CAP-15).
"""

from __future__ import annotations

from collections.abc import Iterable

from interlock_gateway.domain.capacity import Admission, Commitment, Layout, Plan, kept, packed, staged
from interlock_gateway.ports import BookChange, BookRow

MOST_STATUS_INDICES = 10_000_000
"""Places in a bank's status list: what seven digits in a token can name (ACC-10)."""


class Book:
    """A book as one desk sees it: a fork of the one below, and what was changed since.

    Attributes:
        bank: The bank's name.
        version: How many decisions were made in it; the contract's ``allocation_version``.
        plan: The commitments as planned. Change it by the methods here, so that the change is written too.
        manifest_number: Number of the latest change that the bank must hear of.
        next_status_index: The next free place in the bank's status list.
        changed: Whether anything was changed since the fork.
    """

    __slots__ = (
        "_below",
        "_commitments",
        "_freed",
        "_manifest",
        "_pins",
        "bank",
        "changed",
        "manifest_number",
        "next_status_index",
        "plan",
        "version",
    )

    def __init__(self, bank: str, plan: Plan, *, below: Book | None = None) -> None:
        """Wrap a plan. Use ``opened`` and ``fork``."""
        self.bank = bank
        self.plan = plan
        self.version = 0
        self.manifest_number = 0
        self.next_status_index = 0
        self._below = below
        self.changed = False
        self._commitments: dict[str, Commitment | None] = {}
        self._pins: dict[int, str | None] = {}
        self._freed: set[int] = set()
        self._manifest: list[tuple[int, str]] = []

    @classmethod
    def opened(cls, row: BookRow, layout: Layout, *, now: int) -> Book:
        """Open a book from its rows.

        Args:
            row: As it is kept.
            layout: The bank's compartments as they are now.
            now: Unix seconds.
        """
        book = cls(row.bank, Plan.of(layout, row.commitments, now=now))
        book.version = row.version
        book.manifest_number = row.manifest_number
        book.next_status_index = row.next_status_index
        book._pins = {pin.tag: pin.subject for pin in row.pins}
        return book

    def fork(self) -> Book:
        """The same book, to be changed without changing this one."""
        book = Book(self.bank, self.plan, below=self)
        book.version = self.version
        book.manifest_number = self.manifest_number
        book.next_status_index = self.next_status_index
        return book

    # --- Capacity ----------------------------------------------------------------------------------------------

    def at(self, now: int) -> Plan:
        """The plan seen at ``now``, unix seconds: what should have ended and has not, has no end."""
        plan = self.plan = self.plan.at(now)
        return plan

    def keep(self, admission: Admission) -> None:
        """Keep an admission that need not wait: its moves are made and its request is planned.

        Raises:
            ValueError: It waits for the bank; see ``stage``.
        """
        self._replan(kept(self.plan, admission), [move.id for move in admission.moves])
        self._commitments[admission.request.id] = self.plan.commitments[admission.request.id]

    def stage(self, admission: Admission) -> tuple[str, ...]:
        """Make the first moves of an admission that waits for the bank.

        Returns:
            Ids of the commitments that moved or are being moved; the bank must hear of each.
        """
        ids = tuple(move.id for move in admission.moves if move.stage == 0)
        self._replan(staged(self.plan, admission), ids)
        return ids

    def put(self, commitment: Commitment) -> None:
        """Count a commitment, in place of the one of its id if there is one. Not judged: facts come in this way too."""
        before = self.plan.commitments.get(commitment.id)
        if commitment != before:
            plan = self.plan.plus(commitment) if before is None else self.plan.changed(commitment)
            self._replan(plan, (commitment.id,))

    def release(self, commitment_id: str) -> None:
        """Give the capacity of a commitment back; nothing when it has none."""
        if commitment_id in self.plan.commitments:
            self._replan(self.plan.minus(commitment_id), ())
            self._commitments[commitment_id] = None

    def refit(self, layout: Layout) -> None:
        """Count the same commitments on other doors: one has jammed, is back, was built in."""
        self._replan(self.plan.on(layout), ())

    def _replan(self, plan: Plan, ids: Iterable[str]) -> None:
        self.plan = plan
        for each in ids:
            self._commitments[each] = plan.commitments[each]
        self._count()

    # --- PINs --------------------------------------------------------------------------------------------------

    def holder(self, tag: int) -> str | None:
        """Which PIN subject holds the PIN of this tag; ``None`` when it is free."""
        if tag in self._pins:
            return self._pins[tag]
        return None if self._below is None else self._below.holder(tag)

    def take_pin(self, tag: int, subject: str) -> None:
        """Make a PIN live that is free, or that ``subject`` holds already.

        Raises:
            ValueError: Another subject holds it.
        """
        holder = self.holder(tag)
        if holder == subject:
            return
        if holder is not None:
            message = f"a PIN at {self.bank} is taken"
            raise ValueError(message)
        self._pins[tag] = subject
        self._count()

    def free_pins(self, subject: str) -> None:
        """Free the PINs that a subject holds: the bank has acknowledged the end of all that they stand for (RES-32)."""
        for tag in [tag for tag, holder in self.pins().items() if holder == subject]:
            self._pins[tag] = None
            self._freed.add(tag)
            self._count()

    def pins(self) -> dict[int, str | None]:
        """Who holds which PIN, by tag."""
        return self._pins if self._below is None else self._below.pins() | self._pins

    # --- Numbers -----------------------------------------------------------------------------------------------

    def status_index(self) -> int:
        """Give out the next place in the bank's status list."""
        index = self.next_status_index
        self.next_status_index = (index + 1) % MOST_STATUS_INDICES
        self._count()
        return index

    def tell_bank(self, subject: str) -> int:
        """Note that the bank must hear of a change, and give the manifest's number after it.

        Args:
            subject: Id of the reservation that changed; empty for the configuration.
        """
        self.manifest_number += 1
        self._manifest.append((self.manifest_number, subject))
        self._count()
        return self.manifest_number

    def _count(self) -> None:
        """Count the decision: one a proposal, however much it changes."""
        if not self.changed:
            self.changed = True
            self.version += 1

    # --- Layers ------------------------------------------------------------------------------------------------

    def absorb(self, fork: Book) -> None:
        """Take over what was changed in a fork of this book."""
        self.plan = fork.plan
        self.version = fork.version
        self.manifest_number = fork.manifest_number
        self.next_status_index = fork.next_status_index
        self.changed = self.changed or fork.changed
        self._commitments.update(fork._commitments)
        self._pins.update(fork._pins)
        self._freed |= fork._freed
        self._manifest.extend(fork._manifest)

    def settle(self, fork: Book) -> None:
        """Take over a fork that has been written: what it changed is what is kept now."""
        self.absorb(fork)
        self.changed = False
        self._commitments.clear()
        self._manifest.clear()
        self._freed.clear()
        for tag in fork._freed:
            if self._pins[tag] is None:
                del self._pins[tag]

    def change(self, before: int) -> BookChange:
        """Say what is to be written.

        Args:
            before: The version that it follows.
        """
        return BookChange(
            self.bank,
            before,
            self.version,
            self.manifest_number,
            self.next_status_index,
            self._commitments,
            {tag: subject for tag, subject in self._pins.items() if subject is not None},
            self._freed,
            self._manifest,
            packed(self.plan),
        )
