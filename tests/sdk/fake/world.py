"""What the fake gateway knows: one network with a carrier, an operator and two banks, and what callers made of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import RLock
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from google.type.latlng_pb2 import LatLng

from interlock import base64url
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.key_set import sign as sign_key_set
from interlock.keys import PrivateKey
from interlock.numbered import Number
from interlock.v1.bank_pb2 import BANK_STATE_OPEN, Bank, BankKey
from interlock.v1.discrepancy_pb2 import DISCREPANCY_KIND_SHORT_DEPOSIT, DISCREPANCY_STATE_OPEN, Discrepancy
from interlock.v1.event_pb2 import Event, ReservationEvent
from interlock.v1.options_pb2 import ROLE_CARRIER, ROLE_OPERATOR
from interlock.v1.party_pb2 import PARTY_STATE_ACTIVE, Party
from interlock.v1.reservation_pb2 import Reservation

NETWORK = "demo"
CARRIER = "parties/acme"
OPERATOR = "parties/city"
ALTONA = "parties/city/banks/altona"
DAMMTOR = "parties/city/banks/dammtor"
CODE = "welcome-acme-0001"

M = TypeVar("M", bound=Message)


class Refusal(Exception):
    """What a servicer raises to refuse a call; the server turns it into a status with ``ErrorInfo``."""

    def __init__(self, code: str, reason: str = "", message: str = "", *details: Message, **metadata: str) -> None:
        super().__init__(reason)
        self.status = Status(code=code_pb2.Code.Value(code), message=message or f"Refused: {reason}.")
        if reason:
            info = ErrorInfo(reason=reason, domain="interlock", metadata=metadata)
            self.status.details.add().Pack(info)
        for detail in details:
            self.status.details.add().Pack(detail)


@dataclass
class Seen:
    """One call as it arrived."""

    method: str
    request: Message
    caller: str
    authorization: str


def now() -> Timestamp:
    """The time, in the contract's form."""
    stamp = Timestamp()
    stamp.FromDatetime(datetime.now(UTC))
    return stamp


def name_of(number: int) -> str:
    """A reservation's id: 16 base32 characters that tell where it stands in the row."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:016d}")


@dataclass
class World:
    """The state behind all servicers."""

    key: PrivateKey = field(default_factory=PrivateKey.generate)
    operator_key: PrivateKey = field(default_factory=PrivateKey.generate)
    bank_key: PrivateKey = field(default_factory=PrivateKey.generate)
    signing_key: PrivateKey = field(default_factory=PrivateKey.generate)
    root_key: PrivateKey = field(default_factory=PrivateKey.generate)
    lock: RLock = field(default_factory=RLock)
    owners: dict[str, tuple[str, PrivateKey | None, Any]] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    banks: dict[str, Bank] = field(default_factory=dict)
    compartments: dict[str, list[Any]] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    steps: dict[str, list[Any]] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[bytes, Message]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    discrepancies: list[Discrepancy] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    codes: dict[str, str] = field(default_factory=lambda: {CODE: CARRIER})
    capacity: int = 1000
    forgotten: int = 0
    """So many events are no longer kept."""
    cuts: deque[Refusal] = field(default_factory=deque)
    """Each ends a stream after its next answer."""

    def __post_init__(self) -> None:
        """Fill the network."""
        self.owners = {
            self.key.public.kid: (CARRIER, None, self.key.public),
            self.operator_key.public.kid: (OPERATOR, None, self.operator_key.public),
        }
        for name, display_name, role in (
            (CARRIER, "Acme Parcels", ROLE_CARRIER),
            (OPERATOR, "City Lockers", ROLE_OPERATOR),
        ):
            self.parties[name] = Party(name=name, display_name=display_name, roles=[role], state=PARTY_STATE_ACTIVE)
        for name, display_name, audience, latitude in (
            (ALTONA, "Altona station", "aaaabbbbcccc", 53.552),
            (DAMMTOR, "Dammtor", "ddddeeeeffff", 53.560),
        ):
            self.banks[name] = Bank(
                name=name,
                display_name=display_name,
                token_audience=audience,
                position=LatLng(latitude=latitude, longitude=9.935),
                time_zone="Europe/Berlin",
                state=BANK_STATE_OPEN,
                keys=[
                    BankKey(
                        thumbprint=self.bank_key.public.kid,
                        public_key=self.bank_key.public.canonical_jwk().decode(),
                    )
                ],
                etag="1",
            )
        self.discrepancies = [
            Discrepancy(
                name=f"{ALTONA}/discrepancies/{name_of(7)}",
                kind=DISCREPANCY_KIND_SHORT_DEPOSIT,
                state=DISCREPANCY_STATE_OPEN,
            )
        ]

    @property
    def root(self) -> str:
        """Thumbprint of the root key."""
        return base64url.encode(self.root_key.public.thumbprint())

    def key_set(self) -> str:
        """The signed key set."""
        signed = now().seconds
        entry = NetworkKey(kid="k1", key=self.signing_key.public, use=Use.ACCESS, nbf=signed - 60, exp=signed + 86400)
        edition = KeySet(
            network=NETWORK,
            number=Number(era=1, n=1),
            iat=signed - 60,
            exp=signed + 86400,
            keys={"k1": entry},
            root=self.root_key.public,
        )
        return sign_key_set(edition, self.root_key)

    def once(self, caller: str, request: Any, make: Callable[[], M]) -> M:
        """Give the answer that the same ``request_id`` got before, or make it and remember it."""
        with self.lock:
            place = (caller, f"{type(request).__name__}/{request.request_id}")
            content = request.SerializeToString(deterministic=True)
            if place in self.answers:
                before, answer = self.answers[place]
                if before != content:
                    raise Refusal("ALREADY_EXISTS", "REQUEST_ID_REUSED", request_id=request.request_id)
                return answer  # type: ignore[return-value]  the same method made it
            answer = make()
            self.answers[place] = (content, answer)
            return answer

    def tell(self, kind: str, about: Reservation) -> None:
        """Write an event of type ``kind`` into the log."""
        with self.lock:
            place = len(self.events) + 1
            event = Event(
                id=f"{place:026d}",
                type=kind,
                source=f"//{NETWORK}",
                subject=about.name,
                time=now(),
                record_time=now(),
                sequence=about.revision,
                cursor=f"c{place}",
                reservation=ReservationEvent(reservation=about),
            )
            self.events.append(event)

    def page(self, items: Iterable[M], request: Any, *, least: int = 50) -> tuple[list[M], str]:
        """Cut one page out of ``items``; the token is the place where the next begins."""
        rows = list(items)
        start = int(request.page_token or 0)
        end = start + (request.page_size or least)
        return rows[start:end], str(end) if end < len(rows) else ""


def refuse(context: grpc.ServicerContext, refusal: Refusal) -> NoReturn:
    """End a call with a status and its details."""
    context.set_trailing_metadata((("grpc-status-details-bin", refusal.status.SerializeToString()),))
    code = {each.value[0]: each for each in grpc.StatusCode}[refusal.status.code]
    context.abort(code, refusal.status.message)
