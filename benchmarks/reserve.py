"""What a durable reservation costs beside a bare gRPC call of the same size.

    ./dev run benchmarks/reserve.py [--size small|full] [--clients N] [--seed N] [--json]

``interlock gateway serve`` answers ``CreateReservation`` (authenticated, validated, planned, event in the outbox, token
signed, on disk) and ``BatchCreateReservations`` of 100; a bare ``grpc.aio`` server answers messages of the same size.
The same separate client processes drive both, in turn, in short rounds, so that whatever else the machine does hits all
alike. An untimed pass then counts, by ``strace``, what the gateway really flushes to disk.

With ``--json`` one object on stdout:

``ratio_single``
    Reservations a second, in single calls, over bare calls a second; the median over rounds. Aim: >= 0.50.
``ratio_batch``
    Reservations a second, in batches of 100, over bare calls a second. Aim: >= 2.0.
``bare_rps``, ``reserve_rps``, ``batch_rps``
    Bare calls, single reservations, reservations in batches a second; medians.
``p99_ms``
    The slowest hundredth of single reservations, as a client sees it.
``commits``, ``fsyncs``
    Of the untimed pass: transactions that promised something, and flushes of the file; ``null`` without strace.
``valid``
    Whether there were at least as many flushes as commits, and nothing was refused. If not, ``why`` says what was wrong
    and the exit code is 1.
``server_cpu_share``
    Processor time of the gateway over wall time, in single calls: at 1.0 the one loop is what limits.
``size``, ``seed``, ``clients``, ``rounds``
    As run.
"""

import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from reserve_world import IN_A_BATCH, INTERLOCK, make

HERE = Path(__file__).parent
SIZES = {"small": (2, 2.0), "full": (7, 5.0)}
"""Rounds, and seconds of each of the three passes of a round."""
IN_FLIGHT = {"single": 64, "batch": 4}
"""Calls under way at once, of all clients together."""
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def process(command: Sequence[str], **streams: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a process; it is ended with the context."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **streams) as running:
        try:
            yield running
        finally:
            running.terminate()


def said(running: subprocess.Popen[str]) -> str:
    """Read a line that a process prints."""
    assert running.stdout is not None
    line = running.stdout.readline()
    if not line:
        raise SystemExit(f"{running.args} said nothing")
    return line.strip()


def serving(directory: Path, *before: str) -> list[str]:
    """The command that serves the network in ``directory``."""
    serve = [INTERLOCK, "gateway", "serve", "--json", "--directory", str(directory)]
    return [*before, *serve, "--listen", "127.0.0.1:0", "--log-level", "WARNING"]


class Clients:
    """Client processes that run as one."""

    def __init__(self, running: Sequence[subprocess.Popen[str]]) -> None:
        """Wait until all are ready."""
        self._running = running
        for each in running:
            said(each)

    def drive(self, address: str, mode: str, seconds: float) -> list[dict[str, Any]]:
        """Let all send to one address at once; give what each says."""
        for each in self._running:
            assert each.stdin is not None
            each.stdin.write(f"{address} {mode} {seconds} {max(1, IN_FLIGHT[mode] // len(self._running))}\n")
            each.stdin.flush()
        return [json.loads(said(each)) for each in self._running]


@contextmanager
def clients(count: int, key: Path, seed: int) -> Iterator[Clients]:
    """Run client processes."""
    command = [sys.executable, str(HERE / "reserve_load.py"), str(key)]
    running = [
        subprocess.Popen([*command, f"{seed} {at}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for at in range(count)
    ]
    try:
        yield Clients(running)
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait()


def rate(answers: Sequence[dict[str, Any]]) -> float:
    """Calls a second of all clients together."""
    return sum(each["calls"] / each["seconds"] for each in answers)


def refused(answers: Sequence[dict[str, Any]]) -> int:
    """Calls, or items of batches looked into, that were refused."""
    return sum(each["refused"] for each in answers)


def cpu_s(pid: int) -> float:
    """Processor time of a process, its threads included, in seconds. Source: proc(5), fields 14 and 15 of stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def timed(directory: Path, driving: Clients, rounds: int, seconds: float) -> dict[str, Any]:
    """Measure, in rounds."""
    bare, single, batch, shares, ms = [], [], [], [], []
    wrong = 0
    with process(serving(directory)) as gateway:
        address = json.loads(said(gateway))["address"]
        warm = driving.drive(address, "single", 1.0)
        driving.drive(address, "batch", 1.0)
        with process([sys.executable, str(HERE / "reserve_bare.py"), str(warm[0]["bytes"])]) as other:
            plain = said(other)
            driving.drive(plain, "single", 1.0)
            for _ in range(rounds):
                bare.append(rate(driving.drive(plain, "single", seconds)))
                before, begin = cpu_s(gateway.pid), time.perf_counter()
                answers = driving.drive(address, "single", seconds)
                shares.append((cpu_s(gateway.pid) - before) / (time.perf_counter() - begin))
                single.append(rate(answers))
                ms += [each for answer in answers for each in answer["ms"]]
                wrong += refused(answers)
                answers = driving.drive(address, "batch", seconds)
                batch.append(rate(answers) * IN_A_BATCH)
                wrong += refused(answers)
    return {
        "ratio_single": round(statistics.median(a / b for a, b in zip(single, bare, strict=True)), 3),
        "ratio_batch": round(statistics.median(a / b for a, b in zip(batch, bare, strict=True)), 3),
        "bare_rps": round(statistics.median(bare)),
        "reserve_rps": round(statistics.median(single)),
        "batch_rps": round(statistics.median(batch)),
        "p99_ms": round(statistics.quantiles(ms, n=100)[98], 1),
        "server_cpu_share": round(statistics.median(shares), 2),
        "refused": wrong,
    }


def flushes(directory: Path, driving: Clients) -> tuple[int, int] | None:
    """Count commits and flushes of a pass under ``strace``; ``None`` where it is not installed."""
    if shutil.which("strace") is None:
        return None
    trace = directory / "strace.txt"
    before = _commits(directory)
    command = ("strace", "-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o", str(trace))
    with process(serving(directory, *command)) as tracer:
        driving.drive(json.loads(said(tracer))["address"], "single", 2.0)
        commits = _commits(directory) - before
        # Not strace, which would leave the gateway running; it ends with what it traces.
        children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGTERM)
        tracer.wait()
    return commits, len(re.findall(r"(?:fsync|fdatasync)\(.*?\) += 0|resumed>\) += 0", trace.read_text()))


def _commits(directory: Path) -> int:
    """Transactions that promised something: all that one of them remembers bears one instant."""
    with closing(sqlite3.connect(directory / "gateway.db")) as connection:
        (count,) = connection.execute("SELECT count(DISTINCT time) FROM requests").fetchone()
    return int(count)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rounds, seconds = SIZES[given.size]
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made) / "network"
        make(directory)
        with clients(given.clients, directory / "carrier.pem", given.seed) as driving:
            result = timed(directory, driving, rounds, seconds)
            counted = flushes(directory, driving)
    commits, fsyncs = counted or (None, None)
    why = []
    if commits is not None and fsyncs is not None and fsyncs < commits:
        why.append(f"{fsyncs} flushes for {commits} commits: something was not made durable")
    if result.pop("refused"):
        why.append("some requests were refused, so not all were reservations")
    result |= {"commits": commits, "fsyncs": fsyncs, "valid": not why, "why": "; ".join(why)}
    result |= {"size": given.size, "seed": given.seed, "clients": given.clients, "rounds": rounds}
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18} {value}")
    if why:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
