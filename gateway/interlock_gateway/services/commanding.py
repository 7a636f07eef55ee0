"""Asking a bank for something over its link, and answering with the command as it then is (LNK-40, BNK-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from google.protobuf.duration_pb2 import Duration

from interlock.edge.v1 import command_pb2
from interlock.v1 import access_refusal_pb2
from interlock_gateway.domain.errors import AccessRefused, NoLiveLink, OpeningLimit
from interlock_gateway.domain.names import BankName, CommandName
from interlock_gateway.ports import Request, Viewer
from interlock_gateway.services.parts import Parts
from interlock_gateway.store.sqlite.live_banks import LiveBanks
from interlock_gateway.use_cases.bank_link import StoredCommand

DEFAULT_TIMEOUT_S: Final = 10.0
OPENING_AGAIN_AFTER: Final = timedelta(minutes=1)
"""The shortest span over which a bank counts its openings; it does not say itself when it opens again."""


def timeout_of(said: Duration) -> float:
    """Read for how long a command holds, in seconds; empty: the default."""
    return said.seconds + said.nanos / 1e9 or DEFAULT_TIMEOUT_S


async def ask_bank(
    parts: Parts, bank: BankName, body: command_pb2.Command, *, timeout_s: float, request: Request | None
) -> StoredCommand:
    """Ask, wait, and give the command as it is kept.

    Args:
        parts: Of the gateway.
        bank: Which bank.
        body: What is asked, without id, epoch and deadline.
        timeout_s: Seconds after which the bank must not act any more.
        request: A repeated one is not sent again.

    Raises:
        NoLiveLink: The bank is not connected; nothing was asked.
        CommandExpired: It did not answer in time, and will not act any more.
        OpeningLimit: It has been opened as often as it allows.
        AccessRefused: It refused.
    """
    result: command_pb2.CommandResult = await parts.links.command(bank, body, timeout_s, request)
    if result.outcome == command_pb2.COMMAND_OUTCOME_REFUSED:
        if result.access_refusal == access_refusal_pb2.ACCESS_REFUSAL_OPENING_LIMIT:
            raise OpeningLimit(bank=str(bank), retry_after=OPENING_AGAIN_AFTER)
        name = access_refusal_pb2.AccessRefusal.Name(result.access_refusal).removeprefix("ACCESS_REFUSAL_")
        raise AccessRefused(bank=str(bank), access_refusal=name)
    gateway = Viewer(bank.party)
    stored = await LiveBanks(parts.readers).command(CommandName(bank.party, bank.bank, result.id), gateway)
    if stored is None:  # the row is written before the answer is given, so the bank answered for another
        raise NoLiveLink(bank=str(bank))
    return stored
