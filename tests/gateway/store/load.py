"""A child process that reserves as fast as it can, and says on stdout what it was answered, line by line.

Started by the tests of crashes and full disks: ``python -m tests.gateway.store.load PATH ROUND [BYTES]``. Each line is
a JSON array: request id, name, jti of the deposit right, allocation version. With BYTES, no file may grow by more than
so much; when the store has refused three times the limit is lifted, and it goes on for as many reservations again.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import StoreUnavailable
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import Request
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.promise import Promised
from interlock_gateway.use_cases.reserve import Reserve
from tests.gateway.scene import NETWORK, NOON, Scene, order, scene

BANKS = tuple(BankName("oko", f"bank-{at}") for at in range(4))
DOORS = {SizeClass.M: 200}
"""Room for 15,200 stays, which no test reaches."""
CLIENTS = 16
STAY = timedelta(days=3)


def proposal(number: int, request_id: str) -> Reserve:
    """The reservation of a number: banks in turn, then windows in turn."""
    start = NOON + STAY * (number // len(BANKS) % 19)
    request = Request("acme", "Create", request_id, "digest")
    return Reserve(order(bank=BANKS[number % len(BANKS)], start=start), NETWORK, Reach(NOON), request)


def request_id(round_: int, number: int) -> str:
    """The request id of a number, another one each round."""
    return str(UUID(int=round_ << 64 | number))


async def reserve_for_ever(network: Scene, numbers: count[int], round_: int) -> None:
    """Reserve until killed; a client of many."""
    while True:
        number = next(numbers)
        outcome = await network.committer.submit(proposal(number, request_id(round_, number)))
        if isinstance(outcome, Promised):
            tell(outcome, request_id(round_, number))


def tell(promised: Promised, id_: str) -> None:
    """Write one line; a kill falls before or after it."""
    reservation = promised.reservation
    sys.stdout.write(
        json.dumps([id_, str(reservation.name), reservation.rights[0].jti, promised.allocation_version]) + "\n"
    )
    sys.stdout.flush()


async def until_full(network: Scene, round_: int, most: int) -> None:
    """Fill the disk, be refused, get room, go on."""
    size = max(path.stat().st_size for path in network.path.parent.iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + most, hard))
    refused = answered = 0
    for number in count():
        (outcome,) = await network.committer.submit_all([proposal(number, request_id(round_, number))])
        if isinstance(outcome, Promised):
            tell(outcome, request_id(round_, number))
            answered += 1
        elif isinstance(outcome, StoreUnavailable):
            refused += 1
        if refused == 3:
            break
    sys.stdout.write(json.dumps(["full", answered]) + "\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    for number in range(answered + refused):
        (outcome,) = await network.committer.submit_all([proposal(number, request_id(round_, number))])
        if isinstance(outcome, Promised):
            tell(outcome, request_id(round_, number))


async def main() -> None:
    """Run until killed, or through the full disk."""
    path, round_ = Path(sys.argv[1]), int(sys.argv[2])
    async with scene(path, doors=DOORS, banks=BANKS if round_ == 1 else (), seed=round_) as network:
        if len(sys.argv) > 3:
            await until_full(network, round_, int(sys.argv[3]))
            return
        numbers = count()
        await asyncio.gather(*(reserve_for_ever(network, numbers, round_) for _ in range(CLIENTS)))


if __name__ == "__main__":
    asyncio.run(main())
