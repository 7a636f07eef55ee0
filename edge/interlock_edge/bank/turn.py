"""One step in the making: the state so far, what is to be written, and the effects in their order.

Whatever was put since the last effect is written before the next one, in one transaction. So "on disk before its
effect" holds by construction, not by the care of each caller (ACC-52).
"""

from dataclasses import replace
from typing import Any

from interlock_edge.bank.effects import (
    Alarm,
    Alert,
    Answer,
    Effect,
    Persist,
    Pulse,
    Screen,
    Show,
)
from interlock_edge.bank.state import Bank, Opening, Question
from interlock_edge.clock import Instant
from interlock_edge.custody.change import OPENINGS_KEPT_S, RESULTS_KEPT, Change, CommandResult, OpeningMade
from interlock_edge.custody.door import Door, Withdrawal
from interlock_edge.custody.fact import (
    CompartmentRestored,
    CompartmentWithdrawn,
    CustodyBody,
    Fact,
    TelemetryBody,
    Use,
)
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy


class Turn:
    """A step in the making. Lives inside one call of ``step`` and is never seen outside it."""

    def __init__(self, bank: Bank, now: Instant) -> None:
        """Begin a step at ``now``."""
        self.bank = bank
        self.now = now
        self._effects: list[Effect] = []
        self._facts: list[Fact] = []
        self._ledger: dict[Right, LedgerRow] = {}
        self._tenancies: dict[str, Tenancy] = {}
        self._ended: dict[str, None] = {}
        self._forgotten: dict[Right, None] = {}
        self._doors: dict[str, Door] = {}
        self._openings: list[OpeningMade] = []
        self._results: list[CommandResult] = []

    # What lives while the agent runs.

    def set(self, **changes: Any) -> None:  # noqa: ANN401  the types are those of the fields of Bank
        """Change fields of the state that are not kept on disk."""
        self.bank = replace(self.bank, **changes)

    def set_opening(self, opening: Opening | None) -> None:
        """Begin, change or end the one opening under way."""
        self.set(opening=opening)

    def ask(self, question: Question) -> None:
        """Keep a question open for its door."""
        self.set(questions={**self.bank.questions, question.compartment: question})

    def drop_question(self, compartment: str) -> None:
        """Forget the question of a door, if there is one."""
        self.set(questions={label: q for label, q in self.bank.questions.items() if label != compartment})

    # What is kept on disk.

    def record(self, body: CustodyBody | TelemetryBody) -> None:
        """Append a fact."""
        self._facts.append(Fact(body, self.now))

    def put_row(self, row: LedgerRow) -> None:
        """Put a ledger row."""
        self._ledger[row.right] = row
        self.set(ledger={**self.bank.ledger, row.right: row})

    def forget_rows(self, rights: frozenset[Right]) -> None:
        """Remove ledger rows that no copy of a token can ask for any more."""
        if rights:
            self._forgotten.update(dict.fromkeys(rights))
            self.set(ledger={right: row for right, row in self.bank.ledger.items() if right not in rights})

    def put_tenancy(self, tenancy: Tenancy) -> None:
        """Put a tenancy."""
        self._tenancies[tenancy.reservation] = tenancy
        self._ended.pop(tenancy.reservation, None)
        self.set(tenancies={**self.bank.tenancies, tenancy.reservation: tenancy})

    def end_tenancy(self, reservation: str) -> None:
        """Remove a tenancy."""
        self._tenancies.pop(reservation, None)
        self._ended[reservation] = None
        self.set(tenancies={key: value for key, value in self.bank.tenancies.items() if key != reservation})

    def put_door(self, door: Door) -> None:
        """Put what is kept about a door."""
        self._doors[door.label] = door
        self.set(doors={**self.bank.doors, door.label: door})

    def withdraw(self, compartment: str, why: Withdrawal, reservation: str = "") -> None:
        """Take a door out of service and say so; a door that is out already stays out for its first reason."""
        door = self.bank.door(compartment)
        if door.withdrawn is None:
            self.put_door(replace(door, withdrawn=why))
            self.record(CompartmentWithdrawn(compartment, why, reservation))

    def restore(self, compartment: str) -> None:
        """Take a door back into service and say so."""
        door = self.bank.door(compartment)
        if door.withdrawn is not None:
            self.put_door(replace(door, withdrawn=None))
            self.record(CompartmentRestored(compartment))

    def count_opening(self, *, remote: bool) -> None:
        """Count one opening against the limits."""
        made = OpeningMade(self.now.time, remote)
        self._openings.append(made)
        recent = tuple(opening for opening in self.bank.openings if opening.time > self.now.time - OPENINGS_KEPT_S)
        self.set(openings=(*recent, made))

    def put_result(self, result: CommandResult) -> None:
        """Keep the result of a command and send it."""
        self._results.append(result)
        kept = [*self.bank.results.items(), (result.command, result)][-RESULTS_KEPT:]
        self.set(results=dict(kept))
        self._effect(Answer(result))

    # Effects.

    def pulse(self, compartment: str) -> None:
        """Pulse a lock."""
        self._effect(Pulse(compartment))

    def show(self, screen: Screen, compartment: str = "", *, parcels: int = 0, attempt: int = 0) -> None:
        """Put a screen up."""
        self._effect(Show(screen, compartment, parcels, attempt))

    def alarm(self, alert: Alert, compartment: str) -> None:
        """Tell the operator."""
        self._effect(Alarm(alert, compartment))

    def answer_again(self, result: CommandResult) -> None:
        """Send a result that is kept already."""
        self._effect(Answer(result))

    def finish(self) -> tuple[Bank, tuple[Effect, ...]]:
        """End the step."""
        self._flush()
        return self.bank, tuple(self._effects)

    def _effect(self, effect: Effect) -> None:
        self._flush()
        self._effects.append(effect)

    def _flush(self) -> None:
        change = Change(
            facts=tuple(self._facts),
            ledger=tuple(self._ledger.values()),
            forgotten=tuple(self._forgotten),
            tenancies=tuple(self._tenancies.values()),
            ended_tenancies=tuple(self._ended),
            doors=tuple(self._doors.values()),
            openings=tuple(self._openings),
            results=tuple(self._results),
        )
        if change == Change():
            return
        self._effects.append(Persist(change))
        for pending in (self._facts, self._openings, self._results):
            pending.clear()
        for rows in (self._ledger, self._forgotten, self._tenancies, self._ended, self._doors):
            rows.clear()


def use_of(row: LedgerRow) -> Use:
    """Say on whose word a door opens, as facts tell it."""
    return Use(
        right=row.right,
        form=row.form,
        series=row.series,
        command=row.command,
        presence=row.presence,
        grace=row.reopening,
    )
