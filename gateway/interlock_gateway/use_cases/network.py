"""What of the network every decision may need: its secrets and its tables, the same for all calls."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from interlock_gateway.domain.capacity import DEFAULT_SIZES, SizeTable
from interlock_gateway.use_cases.personal import Personal


class Vault(Protocol):
    """Who encrypts the people of a reservation, each under a key of its own."""

    def seal(self, reservation: str, party: str, people: bytes, /) -> Personal:
        """Encrypt ``people`` for the reservation of this id and its carrier."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """The network.

    Attributes:
        pin_key: Derives every PIN; 32 bytes, never kept in the database.
        vault: Encrypts what is personal.
        sizes: Its size classes.
    """

    pin_key: bytes
    vault: Vault
    sizes: SizeTable = DEFAULT_SIZES

    def pin_tag(self, pin: str) -> int:
        """Write the tag of a PIN: 63 bits of a keyed hash, equal for equal PINs.

        It stands in the database where the PIN must not: 10^8 PINs are tried in a second by whoever has a plain hash.
        """
        digest = hashlib.blake2b(pin.encode("ascii"), key=self.pin_key, digest_size=8, person=b"interlock-pin")
        return int.from_bytes(digest.digest()) >> 1


@dataclass(frozen=True, slots=True)
class Reach:
    """How well a bank can be reached at this moment; its link knows.

    Attributes:
        last_heard_time: When it was last heard; ``None``: never.
        connected: Whether it is connected now, so that it can be asked.
    """

    last_heard_time: datetime | None
    connected: bool = False
