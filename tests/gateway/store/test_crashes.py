"""Killed in the middle, out of disk: what was answered is there, once, with its events (REQ-9, REQ-23, EVT-1)."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from interlock_gateway.domain.errors import StoreUnavailable
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.use_cases.promise import Promised
from tests.gateway.scene import scene
from tests.gateway.store import load

ROOT = Path(__file__).parents[3]


def start(path: Path, round_: int, *more: str) -> subprocess.Popen[str]:
    """Start a child that reserves."""
    command = [sys.executable, "-m", "tests.gateway.store.load", str(path), str(round_), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(connect(path)) as connection:
        return connection.execute(query).fetchall()


def check_database(path: Path) -> None:
    """What must hold of the tables among themselves, whatever happened."""
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    # Positions without a gap; each event with its readers.
    positions = [position for (position,) in rows(path, "SELECT position FROM events ORDER BY position")]
    assert positions == list(range(1, len(positions) + 1))
    assert rows(path, "SELECT position FROM log_head") == [(len(positions),)]
    assert rows(path, "SELECT DISTINCT position FROM event_audience ORDER BY position") == [(at,) for at in positions]
    # A reservation, its event, its claim on room, its people, its PIN and its remembered request: all or none.
    made = rows(path, "SELECT 'parties/' || carrier || '/reservations/' || key, bank FROM reservations ORDER BY key")
    assert rows(path, "SELECT key, sequence FROM events ORDER BY substr(key, -16)") == [(name, 1) for name, _ in made]
    assert rows(path, "SELECT id, bank FROM commitments ORDER BY id") == [(name[-16:], bank) for name, bank in made]
    assert rows(path, "SELECT key FROM personal ORDER BY key") == [(name[-16:],) for name, _ in made]
    assert rows(path, "SELECT answer ->> 'name' FROM requests ORDER BY substr(answer ->> 'name', -16)") == [
        (name,) for name, _ in made
    ]
    assert rows(path, "SELECT count(*) FROM pins") == [(len(made),)]
    # As many decisions at each bank, and as many changes told to it, as there are reservations.
    counts = rows(path, "SELECT bank, count(*), count(*), 2 * count(*) FROM reservations GROUP BY bank ORDER BY bank")
    books = "SELECT bank, version, manifest_number, next_status_index FROM books ORDER BY bank"
    assert rows(path, books) == counts
    assert rows(path, "SELECT count(*) FROM manifest_log") == [(len(made),)]


async def check_answers(path: Path, answered: list[list[Any]], round_: int) -> None:
    """Every answer is in the database, and every retry gets it again."""
    async with scene(path, banks=(), seed=round_ + 1000) as network:
        for id_, name, jti, version in answered:
            number = int(id_.replace("-", ""), 16) & (1 << 64) - 1
            again = await network.committer.submit(load.proposal(number, id_))
            assert isinstance(again, Promised)
            told = [str(again.reservation.name), again.reservation.rights[0].jti, again.allocation_version]
            assert told == [name, jti, version]
            assert await network.now(again.reservation) == again.reservation


async def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path, random_cases: Random, *, full_size: bool) -> None:
    """Killed again and again on one database, each time at another moment."""
    path = tmp_path / "gateway.db"
    rounds = 50 if full_size else 5
    for round_ in range(1, rounds + 1):
        with start(path, round_) as child:
            assert child.stdout is not None
            wanted = random_cases.randrange(1, 400 // rounds)
            answered = [json.loads(child.stdout.readline()) for _ in range(wanted)]
            child.kill()
            # What it had written before the kill was answered too; the last line may have been cut.
            rest = [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        answered += [json.loads(line) for line in rest]
        check_database(path)
        await check_answers(path, answered, round_)
        check_database(path)


async def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    """STORE_UNAVAILABLE while it is full; the process lives on, and goes on when there is room."""
    path = tmp_path / "gateway.db"
    child = start(path, 1, "2000000")
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    lines = [json.loads(line) for line in out.splitlines()]
    at = next(index for index, line in enumerate(lines) if line[0] == "full")
    before, after = lines[:at], lines[at + 1 :]
    assert lines[at] == ["full", len(before)]
    assert len(before) > 5
    assert after[: len(before)] == before, "the same requests got other answers"
    assert len(after) == len(before) + 3, "what was refused for want of room was not promised afterwards"
    check_database(path)
    await check_answers(path, after, 1)


async def test_a_file_that_breaks_while_it_is_served_is_refused_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    async with scene(path, doors=load.DOORS, banks=load.BANKS) as network:
        assert isinstance(await network.committer.submit(load.proposal(0, load.request_id(1, 0))), Promised)
    async with scene(path, banks=()) as network:
        content = path.read_bytes()
        broken = content[:4096] + b"\xff" * (len(content) - 4096)
        path.write_bytes(broken)
        with pytest.raises(StoreUnavailable):
            await network.committer.submit(load.proposal(1, load.request_id(1, 1)))
        with pytest.raises(StoreUnavailable):
            await network.book()
    assert path.read_bytes() == broken
