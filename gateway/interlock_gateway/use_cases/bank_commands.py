"""Commands to a bank as rows: pending, sent, result (LNK-40 to LNK-43)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from interlock_gateway.domain.errors import CommandUnknown
from interlock_gateway.domain.ids import ID_BYTES, random_id
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_LINKS, COMMANDS
from interlock_gateway.use_cases.bank_link import CommandState, StoredCommand
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.open_link import held_link

OPEN = frozenset({CommandState.PENDING, CommandState.SENT})
"""Nothing is known of what became of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that is written down.

    Attributes:
        command: As it is kept now.
        again: It was asked before under the same ``request_id``, and must not be sent a second time.
    """

    command: StoredCommand
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBank:
    """Write a command down before it is sent.

    Attributes:
        bank: The bank's name.
        epoch: Of the link that is to carry it.
        body: The serialized command, without id, epoch and deadline.
        timeout: How long it holds.
        request: Under what it is remembered that it was asked; also says who asks.
    """

    bank: str
    epoch: int
    body: bytes
    timeout: timedelta
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the link."""
        wanted.values.add(At(BANK_LINKS, self.bank))

    def decide(self, desk: Desk) -> Asked:
        """Decide.

        Raises:
            LinkSuperseded: Another link of the bank is the latest.
        """
        held_link(desk, self.bank, self.epoch)
        command = StoredCommand(
            id=random_id(desk.entropy.token_bytes(ID_BYTES)),
            bank=self.bank,
            body=self.body,
            state=CommandState.SENT,
            create_time=desk.now,
            deadline=desk.now + self.timeout,
            requested_by="" if self.request is None else self.request.party,
        )
        desk.put(COMMANDS, command)
        desk.remember({"id": command.id})
        return Asked(command)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Asked:
        """Give the command as it is now.

        Raises:
            CommandUnknown: It was asked so long ago that it is kept no more.
        """
        command = desk.get(COMMANDS, answer["id"])
        if command is None:
            raise CommandUnknown(command=answer["id"])
        return Asked(command, again=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnded:
    """Write down what became of a command. The bank's own word counts, and counts once.

    Attributes:
        id: Of the command.
        bank: The bank's name: a bank answers its own commands alone.
        state: What became of it.
        result: The bank's answer, serialized; empty where it gave none in time.
    """

    id: str
    bank: str
    state: CommandState
    result: bytes = b""
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the command."""
        wanted.values.add(At(COMMANDS, self.id))

    def decide(self, desk: Desk) -> StoredCommand | None:
        """Give the command as it is now; ``None`` where there is none of this id at the bank."""
        command = desk.get(COMMANDS, self.id)
        if command is None or command.bank != self.bank:
            return None
        if command.state in OPEN or (self.result and not command.result):
            command = replace(command, state=self.state, result=self.result, result_time=desk.now)
            desk.put(COMMANDS, command)
        return command

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> StoredCommand | None:
        """Never remembered."""
        raise NotImplementedError
