"""What a durable promise costs beside a bare gRPC call.

    ./dev run benchmarks/reserve.py [--size small|full] [--json]

A gateway on loopback, as ``interlock gateway serve`` runs it (calls authenticated, validated and planned, the event in
the outbox, tokens signed, every answer after its commit), against a bare ``grpc.aio`` server that answers as many bytes
and does nothing else. Both are driven by the same client processes with the same requests, in turns.

With ``--json`` one object on stdout:

``ratio_single``
    Reservations a second over bare calls a second, one reservation a call; the median over the rounds. Aim: >= 0.50.
``ratio_batch``
    Reservations a second over bare calls a second, a hundred reservations a call. Aim: >= 2.0.
``bare_rps``, ``reserve_rps``, ``batch_rps``
    Bare calls, single reservations, reservations in batches, a second.
``p99_ms``
    Of single reservations, from send to answer.
``commits``, ``fsyncs``
    Of the gateway in an untimed pass under strace. Fewer fsyncs than commits: not durable, so the run is invalid.
``valid``
    Whether every call was answered, and every commit synced.
``server_cpu_share``
    Of one core, that the gateway used during the single reservations.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from interlock import call_token

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import reserve_network  # noqa: E402 - beside this file

CLIENTS = 2
CALLERS = 32
"""Calls in flight of each client: 64 in all."""
BATCH = 100
BATCH_CALLERS = 4
BANKS = 50
ROUNDS = {"small": 3, "full": 9}
SECONDS = {"small": 2.0, "full": 5.0}
CREATE = "/interlock.v1.ReservationService/CreateReservation"
BATCH_CREATE = "/interlock.v1.ReservationService/BatchCreateReservations"
TICKS = os.sysconf("SC_CLK_TCK")


class Clients:
    """Client processes, each with a part of the reservations for its own."""

    def __init__(self, network: dict[str, Any], token: str) -> None:
        """Start them."""
        command = [sys.executable, str(HERE / "reserve_client.py")]
        self._children = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)
        ]
        self._network = network
        self._token = token
        self._first = 0

    def run(
        self, target: str, *, seconds: float, most: int, batch: int = 0, callers: int = CALLERS, clients: int = CLIENTS
    ) -> dict[str, Any]:
        """Have clients do one job at the same time; give the sum of it."""
        busy = self._children[:clients]
        for child in busy:
            job = {
                "target": target,
                "token": self._token,
                "method": BATCH_CREATE if batch else CREATE,
                "batch": batch,
                "callers": callers,
                "seconds": seconds,
                "most": most,
                "network": self._network,
                "first": self._first,
            }
            self._first += most * max(batch, 1)
            assert child.stdin is not None
            child.stdin.write(json.dumps(job) + "\n")
            child.stdin.flush()
        answers = [json.loads(child.stdout.readline()) for child in busy if child.stdout is not None]
        refused: dict[str, int] = {}
        for answer in answers:
            for reason, count in answer["refused"].items():
                refused[reason] = refused.get(reason, 0) + count
        return {
            "per_s": sum(answer["answered"] / answer["seconds"] for answer in answers),
            "answered": sum(answer["answered"] for answer in answers),
            "refused": refused,
            "latencies_ms": [each for answer in answers for each in answer["latencies_ms"]],
            "answer_bytes": max(answer["answer_bytes"] for answer in answers),
        }

    def close(self) -> None:
        """End them."""
        for child in self._children:
            child.communicate()


@contextmanager
def bare(answer_bytes: int) -> Iterator[str]:
    """Run the bare server; give its address."""
    command = [sys.executable, str(HERE / "reserve_bare.py"), str(answer_bytes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate()


@contextmanager
def gateway(directory: Path, *, log: Path, under: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:
    """Run the gateway; give its address and its process id."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{free.getsockname()[1]}"
    command = [*under, str(Path(sys.executable).with_name("interlock")), "gateway", "serve"]
    command += ["--directory", str(directory), "--listen", target]
    with log.open("ab") as out, subprocess.Popen(command, stdout=out, stderr=out) as server:
        try:
            yield target, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def cpu_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def synced(directory: Path, clients: Clients, log: Path) -> tuple[int, int]:
    """Count commits and fsyncs of the gateway while it takes a few hundred reservations."""
    strace = shutil.which("strace")
    if strace is None:
        return 0, 0
    counted = log.with_suffix(".strace")
    under = (strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(counted))
    before = _events(directory)
    with gateway(directory, log=log, under=under) as (target, _):
        # One after another: each reservation is a commit of its own.
        done = clients.run(target, seconds=600, most=200, callers=1, clients=1)
    commits = _events(directory) - before
    if commits != done["answered"]:
        message = f"{done['answered']} reservations were answered, and {commits} are in the log"
        raise SystemExit(message)
    return commits, len(re.findall(r"(fsync|fdatasync)\(\d+\)\s+= 0", counted.read_text()))


def _events(directory: Path) -> int:
    with closing(sqlite3.connect(directory / reserve_network.DATABASE)) as database:
        return int(database.execute("SELECT position FROM log_head").fetchone()[0])


def measure(directory: Path, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Take turns, and give the figures."""
    key, banks = reserve_network.make(directory, banks=BANKS)
    begin = (int(time.time()) // 3600 + 1) * 3600
    token = call_token.mint(str(reserve_network.CARRIER), key, network=reserve_network.NETWORK, now=int(time.time()))
    clients = Clients({"carrier": str(reserve_network.CARRIER), "banks": banks, "begin": begin}, token)
    log = directory.parent / "gateway.log"
    found: dict[str, list[float]] = {"bare": [], "single": [], "batch": [], "ratio": [], "ratio_batch": []}
    latencies: list[float] = []
    cpu = wall = 0.0
    refused: dict[str, int] = {}
    most = int(4_000 * seconds)
    with gateway(directory, log=log) as (target, pid):
        warm = clients.run(target, seconds=1.0, most=500)
        if not warm["answered"]:
            message = f"nothing was promised: {warm['refused']}; see {log}:\n{log.read_text()[-2000:]}"
            raise SystemExit(message)
        with bare(warm["answer_bytes"]) as plain:
            clients.run(plain, seconds=0.5, most=500)
            for _ in range(rounds):
                bare_round = clients.run(plain, seconds=seconds, most=2 * most)
                used, since = cpu_s(pid), time.perf_counter()
                single = clients.run(target, seconds=seconds, most=most)
                cpu, wall = cpu + cpu_s(pid) - used, wall + time.perf_counter() - since
                batch = clients.run(target, seconds=seconds, most=most // 20, batch=BATCH, callers=BATCH_CALLERS)
                found["bare"].append(bare_round["per_s"])
                found["single"].append(single["per_s"])
                found["batch"].append(batch["per_s"])
                found["ratio"].append(single["per_s"] / bare_round["per_s"])
                found["ratio_batch"].append(batch["per_s"] / bare_round["per_s"])
                latencies += single["latencies_ms"]
                refused |= single["refused"] | batch["refused"]
    commits, fsyncs = synced(directory, clients, log)
    clients.close()
    middle = {name: statistics.median(values) for name, values in found.items()}
    return {
        "ratio_single": round(middle["ratio"], 3),
        "ratio_batch": round(middle["ratio_batch"], 3),
        "bare_rps": round(middle["bare"]),
        "reserve_rps": round(middle["single"]),
        "batch_rps": round(middle["batch"]),
        "p99_ms": round(statistics.quantiles(latencies, n=100)[98], 1),
        "commits": commits,
        "fsyncs": fsyncs,
        "server_cpu_share": round(cpu / wall, 2),
        "valid": not refused and fsyncs >= commits > 0,
        "refused": refused,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a durable promise costs beside a bare gRPC call.")
    parser.add_argument("--size", choices=sorted(ROUNDS), default="small")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args()
    # Beside the code and not in /tmp, which may be kept in memory, where fsync costs nothing.
    with tempfile.TemporaryDirectory(dir=HERE.parent, prefix=".benchmark-") as folder:
        figures = measure(Path(folder) / "network", rounds=ROUNDS[options.size], seconds=SECONDS[options.size])
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>18}  {value}")
    sys.exit(0 if figures["valid"] else 1)


if __name__ == "__main__":
    main()
