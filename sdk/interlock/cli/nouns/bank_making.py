"""From a site to a bank with compartments: three calls, each of which may be made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from google.protobuf.message import Message
from google.type.latlng_pb2 import LatLng
from google.type.postal_address_pb2 import PostalAddress

from interlock.cli import names
from interlock.cli.sites.layout import Column, compartments
from interlock.cli.sites.site import Site
from interlock.client import Client
from interlock.v1.bank_pb2 import (
    BOOKABLE_BY_MODE_ALL,
    BOOKABLE_BY_MODE_LIST,
    BOOKABLE_BY_MODE_NONE,
    Bank,
    BookableBy,
)
from interlock.v1.need_pb2 import INPUT_KEYPAD, INPUT_SCANNER, INPUT_SCREEN

_INPUTS: Final = (INPUT_SCANNER, INPUT_KEYPAD, INPUT_SCREEN)
"""What a bank is taken to have until its own controller says."""


@dataclass(frozen=True, slots=True)
class Made:
    """A bank that went in, and how many compartments with it."""

    bank: Bank
    compartments: int


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes banks that differ in their sites alone.

    Attributes:
        client: The operator's.
        party: The operator.
        columns: The layout; none: banks without compartments.
        bookable_by: Who may book them.
        open_at_once: Have them take reservations.
    """

    client: Client
    party: str
    columns: tuple[Column, ...]
    bookable_by: BookableBy
    open_at_once: bool

    def make(self, site: Site) -> Made:
        """Make one bank, or find it as it was made before from the same site.

        Raises:
            interlock.errors.AlreadyExists: another bank has the id.
            interlock.errors.Refused: the gateway's reasons.
        """
        wanted = bank_of(site, self.bookable_by)
        name = f"{self.party}/banks/{site.bank_id}"
        bank = self.client.create_bank(site.bank_id, wanted, request_id=_same_again(name, wanted))
        doors: Sequence[object] = ()
        if self.columns:
            listed = list(compartments(name, self.columns))
            again = _same_again(name, *listed)
            doors = self.client.create_compartments(name, listed, request_id=again)
        if self.open_at_once:
            bank = self.client.open_bank(name, request_id=_same_again(f"{name}:open"))
        return Made(bank, len(doors))


def bank_of(site: Site, bookable_by: BookableBy) -> Bank:
    """Put a site into the contract's words."""
    return Bank(
        display_name=site.display_name,
        position=LatLng(latitude=site.latitude, longitude=site.longitude),
        address=PostalAddress(
            region_code=site.region_code,
            postal_code=site.postal_code,
            locality=site.locality,
            address_lines=site.address_lines,
        ),
        directions=site.directions,
        time_zone=site.time_zone,
        inputs=_INPUTS,
        bookable_by=bookable_by,
    )


def bookable(said: str) -> BookableBy:
    """Read who may book: ``all``, ``none``, or a list of carriers."""
    match said.strip().lower():
        case "all":
            return BookableBy(mode=BOOKABLE_BY_MODE_ALL)
        case "none" | "":
            return BookableBy(mode=BOOKABLE_BY_MODE_NONE)
        case listed:
            carriers = [names.party(each.strip()) for each in listed.split(",") if each.strip()]
            return BookableBy(mode=BOOKABLE_BY_MODE_LIST, parties=carriers)


def _same_again(name: str, *parts: Message) -> str:
    """Return the request id of a call that is made again for the same thing: the same for the same content.

    An import that broke off is simply run again: a gateway gives the first answer for what went in before, for as long
    as it remembers request ids (REQ-1).
    """
    content = b"".join(part.SerializeToString(deterministic=True) for part in parts)
    return str(uuid5(NAMESPACE_URL, f"{name}#{content.hex()}"))
