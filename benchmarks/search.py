"""What a search costs in networks of 1,000 to 1,000,000 banks, alike in everything near the spot that is searched.

    ./dev run benchmarks/search.py [--size small|full] [--queries N] [--seed N] [--folder DIR] [--json]

Each search asks for room for one parcel of class M, S or L, for 48 hours, at banks with a keypad that check who the
collector is and take 20 kg: 90 % of the banks do not. A page of 20, from the database alone: nothing is kept between
searches but SQLite's 32 MB of pages. Half of the searches begin in a city, half in the country (``search_world``). All
networks take turns in short rounds, so that whatever else the machine does hits all of them.

With ``--json`` one object on stdout:

``ms_by_banks``
    Milliseconds of a search, the median, by the number of banks.
``growth``
    That of the largest network over that of the smallest. Aim: <= 2.
``p99_ms``
    The slowest hundredth, in the largest network.
``candidates_per_query``
    Banks examined for a page, the mean, by the number of banks.
``found_per_query``
    Banks found for a page, the mean, by the number of banks.
``checked``
    Answers about room that were compared with the planner's, counted anew from the rows; all agreed, or it stops.
``build_s``
    Seconds to write each database.
``size``, ``seed``, ``queries``
    As run; queries for each network.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from search_world import NOW, Map, build

from interlock_gateway.domain.capacity import DEFAULT_SIZES, Need, SizeClass, availability
from interlock_gateway.domain.parcel import Restriction, RestrictionKind
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.reservation import CollectorNeeds
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.places import SqliteDirectory, SqlitePlaces
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.search import SearchBanks
from interlock_gateway.use_cases.searching import Asked, SearchResult

SIZES = {"small": (1_000, 5_000, 20_000), "full": (1_000, 10_000, 100_000, 1_000_000)}
ROUND = 10
"""Searches of one network in a row."""
CHECKED = 200
"""Searches, of each network, whose answers about room are compared with the planner's."""
CARRIER = Viewer("carrier", frozenset({Role.CARRIER}))
STAY, RECALL = timedelta(hours=48), timedelta(hours=24)
LINKED = Reach(NOW, connected=True)


def question(network: Map, chance: random.Random) -> Asked:
    """Draw a search."""
    start = NOW + timedelta(hours=chance.randrange(48))
    return Asked(
        viewer=CARRIER,
        position=network.query(chance, city=chance.random() < 0.5),
        radius_m=100_000,
        need=NeedAsked(chance.choice((SizeClass.S, SizeClass.M, SizeClass.L))),
        mass_g=20_000,
        restrictions=(Restriction(RestrictionKind.PERSONAL_ID),),
        collector=CollectorNeeds(pin_only=True),
        start=start,
        end=start + timedelta(hours=8),
        collect_for=CollectFor(48),
    )


def check(path: Path, asked: Asked, result: SearchResult) -> int:
    """Compare every answer about room with the planner's own; give how many there were."""
    assert asked.need is not None
    assert asked.need.size_class is not None
    assert asked.start is not None
    assert asked.end is not None
    need = Need(asked.need.size_class)
    start, end = int(asked.start.timestamp()), int((asked.end + STAY + RECALL).timestamp())
    with closing(connect(path, read_only=True)) as connection:
        places = SqlitePlaces(connection)
        for found in result.found:
            plan = places.plan(found.bank.name, int(NOW.timestamp()))
            expected = availability(plan, need, start, end, linked=True)
            if found.rooms[0].availability is not expected:
                raise SystemExit(f"{found.bank.name}: {found.rooms[0].availability}, but the planner says {expected}")
    return len(result.found)


async def measure(paths: dict[int, Path], maps: dict[int, Map], queries: int, seed: int) -> dict[str, object]:
    """Search all networks in turn."""
    chances = {banks: random.Random(f"{seed} searches") for banks in paths}
    readers = {banks: Readers(path, threads=1) for banks, path in paths.items()}
    searches = {
        banks: SearchBanks(
            SqliteDirectory(each), lambda _: LINKED, DEFAULT_SIZES, time.monotonic, timedelta(seconds=60)
        )
        for banks, each in readers.items()
    }
    spent: defaultdict[int, list[float]] = defaultdict(list)
    examined: defaultdict[int, list[int]] = defaultdict(list)
    pages: defaultdict[int, list[int]] = defaultdict(list)
    checked = 0
    for round_ in range(-1, -(-queries // ROUND)):
        for banks, search in searches.items():
            for _ in range(ROUND):
                asked = question(maps[banks], chances[banks])
                begin = time.perf_counter()
                result = await search(asked, now=NOW)
                took = time.perf_counter() - begin
                if round_ < 0:  # opens files and warms the interpreter
                    continue
                spent[banks].append(took * 1000)
                examined[banks].append(result.looked_at)
                pages[banks].append(len(result.found))
                if len(spent[banks]) <= CHECKED:
                    checked += check(paths[banks], asked, result)
    for each in readers.values():
        each.close()
    small, large = min(paths), max(paths)
    middle = {banks: statistics.median(each) for banks, each in spent.items()}
    return {
        "ms_by_banks": {str(banks): round(each, 2) for banks, each in middle.items()},
        "growth": round(middle[large] / middle[small], 2),
        "p99_ms": round(statistics.quantiles(spent[large], n=100)[98], 2),
        "candidates_per_query": {str(banks): round(statistics.mean(each)) for banks, each in examined.items()},
        "found_per_query": {str(banks): round(statistics.mean(each), 1) for banks, each in pages.items()},
        "checked": checked,
    }


@contextmanager
def folder(given: Path | None) -> Iterator[Path]:
    """Where the databases lie: removed afterwards, unless the folder was given."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with folder(given.folder) as where:
        paths = {banks: where / f"{banks}.db" for banks in SIZES[given.size]}
        maps, took = {}, {}
        for banks, path in paths.items():
            path.unlink(missing_ok=True)
            begin = time.perf_counter()
            maps[banks] = build(path, banks, given.seed)
            took[str(banks)] = round(time.perf_counter() - begin, 1)
        result = asyncio.run(measure(paths, maps, given.queries, given.seed))
    result |= {"build_s": took, "size": given.size, "seed": given.seed, "queries": given.queries}
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:22} {value}")


if __name__ == "__main__":
    main()
