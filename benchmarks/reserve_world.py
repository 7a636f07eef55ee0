"""A network for the reserve benchmark, and the requests that are sent to it.

One carrier; banks of 60 doors that were heard of a moment ago; reservations of classes and starts drawn from a seed, on
the terms that hold where nothing is said, spread so thin that all of them fit.
"""

import random
import secrets
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.interval_pb2 import Interval
from planner_world import DAY, HOUR, make_up

from interlock import base64url, key_file
from interlock.keys import PrivateKey
from interlock.v1 import collector_pb2, need_pb2, parcel_pb2, reservation_pb2, reservation_service_pb2
from interlock_gateway.domain.bank import Address, Bank, BankState, BookableBy, BookableByMode, Input
from interlock_gateway.domain.ids import key_id
from interlock_gateway.domain.names import BankName, PartyKeyName, PartyName
from interlock_gateway.domain.party import Party, PartyKey, Role, keyed
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import BANK_LINKS, BANKS, DOORS, PARTIES, PARTY_KEYS
from interlock_gateway.use_cases.bank_link import BankLink
from interlock_gateway.use_cases.doors import Doors

NETWORK: Final = "bench"
CARRIER: Final = "carrier"
BANKS_COUNT: Final = 1_000
DOORS_COUNT: Final = 60
SPREAD_S: Final = 50 * DAY
"""Deposit windows start within so long from now."""
INTERLOCK: Final = str(Path(sys.executable).with_name("interlock"))
"""The command, as installed beside this interpreter."""
CREATE: Final = "/interlock.v1.ReservationService/CreateReservation"
BATCH: Final = "/interlock.v1.ReservationService/BatchCreateReservations"
IN_A_BATCH: Final = 100


def make(directory: Path) -> None:
    """Make a network in ``directory``, with its carrier's key beside it."""
    command = [INTERLOCK, "gateway", "init", str(directory)]
    subprocess.run([*command, "--network", NETWORK, "--owner", "owner"], check=True, stdout=subprocess.DEVNULL)
    now = datetime.now(UTC)
    key = PrivateKey.generate()
    key_file.save(key, directory / "carrier.pem")
    name = PartyName(CARRIER)
    party = Party(
        name=name,
        display_name="Carrier",
        roles=frozenset({Role.CARRIER}),
        create_time=now,
        update_time=now,
    )
    public = PartyKey(
        name=PartyKeyName(CARRIER, key_id(key.public.thumbprint())),
        display_name="benchmark",
        public_key=key.public.canonical_jwk().decode(),
        thumbprint=base64url.encode(key.public.thumbprint()),
        create_time=now,
    )
    layout = make_up(DOORS_COUNT)
    with closing(connect(directory / "gateway.db")) as connection:
        connection.execute("BEGIN")
        _put(connection, PARTIES, keyed(party, now=now))
        _put(connection, PARTY_KEYS, public)
        for number in range(BANKS_COUNT):
            bank = _bank(number, now)
            _put(connection, BANKS, bank)
            _put(connection, DOORS, Doors(str(bank.name), tuple(layout.doors.values())))
            _put(connection, BANK_LINKS, BankLink(bank=str(bank.name), last_heard_time=now))
        connection.execute("COMMIT")


def _put(connection: sqlite3.Connection, aggregate: Any, value: Any) -> None:
    table = TABLE_OF[aggregate]
    cells = [*table.row(aggregate.key(value), 1, value), ENCODER.encode(value).decode()]
    names = ", ".join(f'"{each}"' for each in ("key", "version", *table.columns, "body"))
    connection.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(cells))})', cells)  # noqa: S608 - our names


def _bank(number: int, now: datetime) -> Bank:
    return Bank(
        name=BankName("operator", f"bank-{number}"),
        display_name=f"Bank {number}",
        token_audience="".join("abcdefghijklmnopqrstuvwxyz234567"[number >> 5 * at & 31] for at in range(12)),
        latitude=50.0,
        longitude=10.0,
        address=Address("DE"),
        time_zone="Europe/Berlin",
        state=BankState.OPEN,
        inputs=frozenset({Input.SCANNER, Input.KEYPAD}),
        bookable_by=BookableBy(BookableByMode.ALL),
        create_time=now,
        update_time=now,
    )


@dataclass(frozen=True, slots=True)
class Template:
    """A serialized request whose request ids all begin alike, so that a new request is one replacement of bytes.

    Attributes:
        body: The request.
        prefix: How its request ids begin: 23 of 36 characters.
    """

    body: bytes
    prefix: bytes

    def fresh(self) -> bytes:
        """The same request under request ids of its own."""
        return self.body.replace(self.prefix, str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))[:23].encode())


def singles(count: int, seed: object) -> list[Template]:
    """Draw requests for one reservation each."""
    chance = random.Random(str(seed))
    made = []
    for _ in range(count):
        id_ = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        made.append(Template(_create(chance, id_).SerializeToString(), id_[:23].encode()))
    return made


def batches(count: int, seed: object) -> list[Template]:
    """Draw requests for ``IN_A_BATCH`` reservations each."""
    chance = random.Random(str(seed))
    made = []
    for _ in range(count):
        prefix = str(uuid.UUID(int=chance.getrandbits(128), version=4))[:23]
        items = [_create(chance, f"{prefix}-{number:012x}") for number in range(IN_A_BATCH)]
        batch = reservation_service_pb2.BatchCreateReservationsRequest(parent=f"parties/{CARRIER}", requests=items)
        made.append(Template(batch.SerializeToString(), prefix.encode()))
    return made


def _create(chance: random.Random, request_id: str) -> reservation_service_pb2.CreateReservationRequest:
    start = int(datetime.now(UTC).timestamp()) + chance.randrange(HOUR, SPREAD_S)
    window = Interval(start_time=Timestamp(seconds=start), end_time=Timestamp(seconds=start + 8 * HOUR))
    return reservation_service_pb2.CreateReservationRequest(
        parent=f"parties/{CARRIER}",
        request_id=request_id,
        reservation=reservation_pb2.Reservation(
            bank=f"parties/operator/banks/bank-{chance.randrange(BANKS_COUNT)}",
            need=need_pb2.Need(size_class=chance.choice((2, 2, 3, 3, 4))),
            deposit_window=window,
            parcels=[parcel_pb2.Parcel(carrier_reference=f"R{chance.randrange(10**9):09}", mass_g=1_200)],
            collector=collector_pb2.Collector(name="Ada Lovelace", phone="+48600000000"),
        ),
    )
