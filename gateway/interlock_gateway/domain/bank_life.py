"""The life of a bank: planned, open, closing, emptying, closed (BNK-2). Ids are never used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import auto
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.errors import BankNotEmpty, BankWrongState, WindowPast
from interlock_gateway.domain.words import Word


class BankCommand(Word):
    """What its operator, its host or the gateway asks of a bank's life."""

    OPEN = auto()
    CLOSE = auto()
    """Take no commitment beyond a time."""
    REOPEN = auto()
    """Change one's mind while it is closing."""
    EMPTY = auto()
    """Take nothing in any more: the closing end has come, or it cannot wait."""
    SHUT = auto()
    """All custody is out."""
    WRITE_OFF = auto()
    """The bank is gone, with whatever was in it."""


_S = BankState
_C = BankCommand

BANK_COMMANDS: Final[Mapping[tuple[BankState, BankCommand], BankState]] = MappingProxyType(
    {
        (_S.PLANNED, _C.OPEN): _S.OPEN,
        (_S.PLANNED, _C.SHUT): _S.CLOSED,
        (_S.OPEN, _C.CLOSE): _S.CLOSING,
        (_S.OPEN, _C.EMPTY): _S.EMPTYING,
        (_S.CLOSING, _C.CLOSE): _S.CLOSING,
        (_S.CLOSING, _C.REOPEN): _S.OPEN,
        (_S.CLOSING, _C.EMPTY): _S.EMPTYING,
        (_S.EMPTYING, _C.SHUT): _S.CLOSED,
        **{(state, _C.WRITE_OFF): _S.CLOSED for state in (_S.OPEN, _S.CLOSING, _S.EMPTYING)},
    }
)


def move(
    bank: Bank,
    command: BankCommand,
    *,
    now: datetime,
    closing_end: datetime | None = None,
    reason: str = "",
    holding: int = 0,
) -> Bank:
    """Move a bank along its life.

    Args:
        bank: As it is.
        command: What is asked.
        now: Instant of the request.
        closing_end: With CLOSE: no commitment reaches beyond this.
        reason: With CLOSE, EMPTY and WRITE_OFF: why.
        holding: Reservations whose parcels it still holds, or whose rights may still work there.

    Raises:
        BankWrongState: Its life does not go that way.
        WindowPast: The closing end is over already, or missing.
        BankNotEmpty: It cannot be shut while it holds custody.
    """
    state = BANK_COMMANDS.get((bank.state, command))
    if state is None:
        raise BankWrongState(bank=str(bank.name), state=bank.state)
    if command is BankCommand.SHUT and holding:
        raise BankNotEmpty(bank=str(bank.name), reservation_count=holding)
    if command is BankCommand.CLOSE and (closing_end is None or closing_end <= now):
        raise WindowPast(field="closing_end_time", end_time=closing_end or now)
    return changed(
        replace(
            bank,
            state=state,
            closing_end=closing_end if state is BankState.CLOSING else None,
            closing_reason=reason or ("" if state is BankState.OPEN else bank.closing_reason),
            write_off_time=now if command is BankCommand.WRITE_OFF else bank.write_off_time,
        ),
        now=now,
    )


def changed(bank: Bank, *, now: datetime) -> Bank:
    """Count a change of the bank itself: a new revision for its event, a new edition for its etag."""
    return replace(bank, revision=bank.revision + 1, edition=bank.edition + 1, update_time=now)


def noted(bank: Bank) -> Bank:
    """Count an event of the bank's link: a new revision, and the etag stays (BNK-8)."""
    return replace(bank, revision=bank.revision + 1)
