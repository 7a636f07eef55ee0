"""A client process: sends requests as fast as they are answered, for as long as it is told.

    python benchmarks/reserve_load.py KEY_FILE SEED

A line on stdin says ``ADDRESS single|batch SECONDS IN_FLIGHT``; a line of JSON on stdout answers with ``calls``,
``seconds``, ``refused`` and ``ms``, the milliseconds of each call. Requests are bytes made beforehand, so that it costs
the same whoever is asked; answers are looked into only as far as is needed to see a refusal.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
from reserve_world import BATCH, CARRIER, CREATE, NETWORK, Template, batches, singles

from interlock import call_token, key_file
from interlock.v1 import reservation_service_pb2


class Tally:
    """What came of the calls."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.ms: list[float] = []
        self.refused = 0
        self.answer = b""


async def client(
    call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes],
    templates: Iterator[Template],
    metadata: tuple[tuple[str, str], ...],
    end: float,
    tally: Tally,
) -> None:
    """Call, again and again."""
    while (begin := time.perf_counter()) < end:
        try:
            tally.answer = await call(next(templates).fresh(), metadata=metadata)
        except grpc.aio.AioRpcError as failure:
            if not tally.refused:
                print(failure.code(), failure.details(), file=sys.stderr)
            tally.refused += 1
        tally.ms.append((time.perf_counter() - begin) * 1000)


def refused_in(answer: bytes) -> int:
    """Count the items of a batch that were refused."""
    outcomes = reservation_service_pb2.BatchCreateReservationsResponse.FromString(answer).outcomes
    return sum(each.WhichOneof("outcome") == "refused" for each in outcomes)


async def main() -> None:
    """Obey until stdin ends."""
    key = key_file.load(Path(sys.argv[1]))
    token = call_token.mint(f"parties/{CARRIER}", key, network=NETWORK, now=int(time.time()) - 5)
    metadata = (("authorization", f"Bearer {token}"),)
    made = {
        "single": (CREATE, itertools.cycle(singles(10_000, f"{sys.argv[2]} single"))),
        "batch": (BATCH, itertools.cycle(batches(200, f"{sys.argv[2]} batch"))),
    }
    print(json.dumps("ready"), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        address, mode, seconds, in_flight = line.split()
        method, templates = made[mode]
        tally = Tally()
        async with grpc.aio.insecure_channel(address) as channel:
            begin = time.perf_counter()
            end = begin + float(seconds)
            call = channel.unary_unary(method)
            await asyncio.gather(*(client(call, templates, metadata, end, tally) for _ in range(int(in_flight))))
            took = time.perf_counter() - begin
        if mode == "batch" and tally.answer:
            tally.refused += refused_in(tally.answer)
        said = {"calls": len(tally.ms), "seconds": took, "refused": tally.refused, "bytes": len(tally.answer)}
        print(json.dumps({**said, "ms": tally.ms}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
