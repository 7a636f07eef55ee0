"""A client process of ``benchmarks/reserve.py``: calls one method as fast as it is answered.

Reads jobs from stdin, one JSON object a line, and answers each with one on stdout. It knows no server: the same jobs
go to the gateway and to the bare server. Requests are made before the clock starts.

A job: ``target``, ``token`` (call token), ``method`` (full path), ``batch`` (items a call, 0 for a single reservation),
``callers`` (calls in flight), ``seconds``, ``most`` (calls at most), ``network`` (carrier, banks), ``first`` (number of
the first reservation, so that no two clients ask for the same). The answer: ``calls``, ``answered`` (items promised),
``refused`` (how many, by reason or code), ``seconds``, ``latencies_ms``.
"""

import asyncio
import json
import sys
import time
import uuid
from collections import Counter
from typing import Any

import grpc

from interlock.v1 import need_pb2, reservation_pb2, reservation_service_pb2

HOUR = 3600
SLOTS = 440
"""Windows of three hours in the 60 days in which a window may begin."""


def reservation(number: int, *, carrier: str, banks: list[str], begin: int) -> bytes:
    """Make the request of a number: banks in turn, then windows in turn."""
    start = begin + number // len(banks) % SLOTS * 3 * HOUR
    request = reservation_service_pb2.CreateReservationRequest(
        parent=carrier,
        request_id=str(uuid.uuid4()),
        reservation=reservation_pb2.Reservation(
            bank=banks[number % len(banks)],
            need=need_pb2.Need(size_class=need_pb2.SIZE_CLASS_M),
            collect_for=reservation_pb2.CollectFor(hours=1),
        ),
    )
    wanted = request.reservation
    wanted.deposit_window.start_time.seconds = start
    wanted.deposit_window.end_time.seconds = start + HOUR
    wanted.parcels.add(carrier_reference=f"REF-{number:08}", mass_g=900)
    wanted.collector.name = "Ada Lovelace"
    wanted.collector.phone = "+48123456789"
    return request.SerializeToString()


def requests_of(job: dict[str, Any]) -> list[bytes]:
    """Make all requests of a job."""
    about = job["network"]
    batch = job["batch"]
    if not batch:
        return [reservation(job["first"] + at, **about) for at in range(job["most"])]
    calls = []
    for call in range(job["most"]):
        whole = reservation_service_pb2.BatchCreateReservationsRequest(parent=about["carrier"])
        for at in range(batch):
            whole.requests.add().ParseFromString(reservation(job["first"] + call * batch + at, **about))
        calls.append(whole.SerializeToString())
    return calls


async def carry_out(job: dict[str, Any]) -> dict[str, Any]:
    """Call until the time is over or the requests are."""
    requests = iter(requests_of(job))
    metadata = (("authorization", f"Bearer {job['token']}"),)
    refused: Counter[str] = Counter()
    answers: list[bytes] = []
    latencies: list[float] = []
    async with grpc.aio.insecure_channel(job["target"]) as channel:
        call = channel.unary_unary(job["method"])
        await channel.channel_ready()
        begin = time.perf_counter()
        until = begin + job["seconds"]

        async def caller() -> None:
            for request in requests:
                sent = time.perf_counter()
                if sent >= until:
                    return
                try:
                    answers.append(await call(request, metadata=metadata))
                except grpc.aio.AioRpcError as failure:
                    refused[f"{failure.code().name}: {failure.details()}"] += 1
                latencies.append((time.perf_counter() - sent) * 1000)

        await asyncio.gather(*(caller() for _ in range(job["callers"])))
        seconds = time.perf_counter() - begin
    answered = len(answers)
    if job["batch"]:
        answered = 0
        for answer in answers:
            for outcome in reservation_service_pb2.BatchCreateReservationsResponse.FromString(answer).outcomes:
                if outcome.WhichOneof("outcome") == "created":
                    answered += 1
                else:
                    refused[outcome.refused.message] += 1
    return {
        "calls": len(latencies),
        "answered": answered,
        "refused": dict(refused.most_common(5)),
        "seconds": seconds,
        "latencies_ms": latencies,
        "answer_bytes": len(answers[0]) if answers else 0,
    }


def main() -> None:
    """Carry out job after job."""
    for line in sys.stdin:
        print(json.dumps(asyncio.run(carry_out(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
