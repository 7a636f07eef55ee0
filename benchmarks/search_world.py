"""Databases of many banks for the search benchmark, alike in everything near any one spot.

Half of the banks stand in cities of 2,000 (one of half the banks where there are fewer), 4 a square kilometre, the
others in the country, 0.08 a square kilometre; so a larger network is a larger country with more cities, and not a
denser one. Each bank has 20 to 60 doors and 30 reservations that the planner admitted, one of ``MODELS`` sets of them.
Rows are written in bulk; where a bank stands comes into the index by the schema's own triggers.
"""

import math
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from planner_world import ASKED, DAY, DEPOSIT_WINDOW, HOUR, RECALL, make_up

from interlock_gateway.domain.bank import Address, Bank, BankState, BookableBy, BookableByMode, Input, Limits, Serves
from interlock_gateway.domain.capacity import Admission, Need, Plan, Request, admit, kept, packed
from interlock_gateway.domain.geography import EARTH_RADIUS_M, Position
from interlock_gateway.domain.names import BankName
from interlock_gateway.store.sqlite.schema import prepare
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.doors import Doors

NOW: Final = datetime(2026, 11, 2, 12, tzinfo=UTC)
CITY: Final = 2_000
CITY_DENSITY: Final = 4.0
COUNTRY_DENSITY: Final = 0.08
"""Banks a square kilometre; as in Warsaw and in Poland, in round numbers."""
APART_KM: Final = 200.0
CENTRE: Final = Position(48.0, 10.0)
MODELS: Final = 200
RESERVATIONS: Final = 30
PASSING: Final = 10
"""One model in so many passes all three filters of the searches; the others fail one, two or all three of them."""


@dataclass(frozen=True, slots=True)
class Square:
    """A square of even density, in kilometres from ``CENTRE``."""

    east: float
    north: float
    half: float

    def inside(self, chance: random.Random, margin: float = 0.0) -> Position:
        """Draw a point at least ``margin`` kilometres from the border.

        By the sinusoidal projection, which keeps areas, so that densities are what they are said to be.
        """
        reach = max(self.half - margin, 0.0)
        north = self.north + chance.uniform(-reach, reach)
        east = self.east + chance.uniform(-reach, reach)
        latitude = CENTRE.latitude + math.degrees(north * 1000 / EARTH_RADIUS_M)
        turn = east * 1000 / EARTH_RADIUS_M / math.cos(math.radians(latitude))
        return Position(latitude, CENTRE.longitude + math.degrees(turn))


@dataclass(frozen=True, slots=True)
class Map:
    """Where the banks of one network stand."""

    country: Square
    cities: tuple[Square, ...]
    city: int
    rural: int

    @classmethod
    def of(cls, banks: int) -> "Map":
        """Lay out so many banks: the country in the middle, cities in rows south of it."""
        city, count = min(CITY, banks // 2), max(1, banks // (2 * CITY))
        rural = banks - city * count
        country = Square(0.0, 0.0, math.sqrt(rural / COUNTRY_DENSITY) / 2)
        half, row = math.sqrt(city / CITY_DENSITY) / 2, max(1, math.isqrt(count))
        first = -country.half - APART_KM
        cities = tuple(
            Square((at % row - row / 2) * APART_KM, first - at // row * APART_KM, half) for at in range(count)
        )
        return cls(country, cities, city, rural)

    def positions(self, chance: random.Random) -> Iterator[Position]:
        """Where each bank stands."""
        for city in self.cities:
            for _ in range(self.city):
                yield city.inside(chance)
        for _ in range(self.rural):
            yield self.country.inside(chance)

    def query(self, chance: random.Random, *, city: bool) -> Position:
        """Where a search begins: so far inside that a whole page lies around it."""
        return chance.choice(self.cities).inside(chance, 4.5) if city else self.country.inside(chance, 33.0)


@dataclass(frozen=True, slots=True)
class Model:
    """What banks of one make are alike in."""

    bank: Bank
    plan: Plan


def model(number: int, chance: random.Random) -> Model:
    """Make a bank, with reservations."""
    now = int(NOW.timestamp())
    plan = Plan.of(make_up(chance.randint(20, 60)), (), now=now)
    while len(plan.commitments) < RESERVATIONS:
        size = chance.choices(list(ASKED), list(ASKED.values()))[0]
        start = now + chance.randrange(-DAY, 9 * DAY)
        end = start + DEPOSIT_WINDOW + chance.choice((24, 48, 72)) * HOUR + RECALL
        asked = Request(f"r{len(plan.commitments):015}", Need(size), start, end, since=now)
        answer = admit(plan, asked, linked=False)
        if isinstance(answer, Admission):
            plan = kept(plan, answer)
    passes = [True] * 3
    if number % PASSING:
        while all(passes):
            passes = [chance.random() < 0.5 for _ in range(3)]
    inputs = {Input.SCANNER, Input.KEYPAD} if passes[0] else {Input.SCANNER}
    bank = Bank(
        name=BankName("operator", f"model-{number}"),
        display_name="Main station, by the east entrance",
        token_audience="a" * 12,
        latitude=0.0,
        longitude=0.0,
        address=Address("PL", "00-001", locality="Warszawa", lines=("Aleje Jerozolimskie 54",)),
        directions="Left of the entrance.",
        time_zone="Europe/Warsaw",
        state=BankState.OPEN,
        inputs=frozenset(inputs),
        serves=Serves(personal_id=passes[1]),
        limits=Limits(max_mass_g=30_000 if passes[2] else 10_000),
        bookable_by=BookableBy(BookableByMode.ALL),
        create_time=NOW,
        update_time=NOW,
    )
    return Model(bank, plan)


def build(path: Path, banks: int, seed: int) -> Map:
    """Write the database of so many banks."""
    models = [model(number, random.Random(f"{seed} model {number}")) for number in range(MODELS)]
    chance = random.Random(f"{seed} {banks}")
    country = Map.of(banks)
    prepare(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody else looks at the file before it is done, and a power cut would only cost the time to write it again.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        _write_models(connection, models)
        connection.execute("CREATE TEMP TABLE made (key TEXT PRIMARY KEY, model INTEGER) WITHOUT ROWID")
        connection.executemany(
            "INSERT INTO banks (key, version, operator, host, state, latitude, longitude, token_audience, body) "
            "VALUES (?, 1, 'operator', NULL, 'OPEN', ?, ?, ?, ?)",
            _rows(connection, models, country, chance),
        )
        for statement in _FROM_MODELS:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    return country


_FROM_MODELS: Final = (
    (
        "INSERT INTO doors (key, version, body) "
        "SELECT key, 1, replace(doors, '<bank>', key) FROM made JOIN model ON id = model"
    ),
    f"INSERT INTO books SELECT key, {RESERVATIONS}, {RESERVATIONS}, 0 FROM made ORDER BY key",  # noqa: S608 - numbers
    (
        'INSERT INTO commitments SELECT key, c.id, need, kind, start, "end", standing, 1, NULL, NULL, 0, 0 '
        "FROM made CROSS JOIN claim AS c ON c.model = made.model"
    ),
    # After the doors: other doors have a summary forgotten.
    (
        "UPDATE places SET summary = model.summary FROM made CROSS JOIN model ON model.id = made.model "
        "WHERE places.bank = made.key"
    ),
)


def _write_models(connection: sqlite3.Connection, models: list[Model]) -> None:
    """Write what is copied for each bank."""
    connection.execute("CREATE TEMP TABLE model (id INTEGER PRIMARY KEY, doors TEXT, summary BLOB)")
    connection.execute(
        'CREATE TEMP TABLE claim (model INTEGER, id TEXT, need INTEGER, kind INTEGER, start INTEGER, "end" INTEGER, '
        "standing INTEGER, PRIMARY KEY (model, id)) WITHOUT ROWID"
    )
    for number, each in enumerate(models):
        doors = Doors("<bank>", tuple(each.plan.layout.doors.values()))
        body = ENCODER.encode(doors).decode()
        connection.execute("INSERT INTO model VALUES (?, ?, ?)", (number, body, packed(each.plan)))
        connection.executemany(
            "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, c.id, c.need.code, c.kind.code, c.start, c.end, int(c.standing))
                for c in each.plan.commitments.values()
            ],
        )


def _rows(
    connection: sqlite3.Connection, models: list[Model], country: Map, chance: random.Random
) -> Iterator[tuple[str, float, float, str, str]]:
    """Give the rows of banks, in no order that has to do with where they stand."""
    bodies = [ENCODER.encode(each.bank).decode() for each in models]
    positions = list(country.positions(chance))
    chance.shuffle(positions)
    for number, position in enumerate(positions):
        at = chance.randrange(MODELS)
        key = f"parties/operator/banks/bank-{number}"
        connection.execute("INSERT INTO made VALUES (?, ?)", (key, at))
        body = (
            bodies[at]
            .replace(f'"model-{at}"', f'"bank-{number}"')
            .replace('"latitude":0.0', f'"latitude":{position.latitude}')
            .replace('"longitude":0.0', f'"longitude":{position.longitude}')
        )
        yield key, position.latitude, position.longitude, f"a{number:011}", body
