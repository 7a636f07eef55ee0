"""The manifest: a snapshot or a step, built from what the store holds now (LNK-30 to LNK-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from interlock import status_list
from interlock.edge.v1 import manifest_pb2
from interlock.key_set import Use
from interlock.numbered import Number
from interlock.status_list import Status, StatusArray, StatusList
from interlock_gateway.domain.facts import Act, Evidence
from interlock_gateway.domain.reservation import GONE, INSIDE, Reservation, RightStatus
from interlock_gateway.links import picture
from interlock_gateway.links.entries import configuration, entry, is_told
from interlock_gateway.links.flow import Step, Version
from interlock_gateway.links.picture import Picture
from interlock_gateway.network import NetworkFiles
from interlock_gateway.ports import Clock
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.use_cases.bank_link import IssuedStatusList
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.manifest_taken import Sent
from interlock_gateway.use_cases.status_lists import IssueStatusList

STATUS_LASTS: Final = timedelta(days=30)
STATUS_TTL: Final = timedelta(hours=12)
_LETTERS: Final = {Act.DEPOSIT: "d", Act.COLLECT: "c", Act.RECALL: "r"}


@dataclass(frozen=True, slots=True)
class Built:
    """A change, ready to be sent.

    Attributes:
        to: The version after it.
        change: As the contract has it.
        sent: What it says of each reservation.
    """

    to: Version
    change: manifest_pb2.ManifestChange
    sent: tuple[Sent, ...]


class Manifests:
    """Builds what banks must know."""

    def __init__(self, *, readers: Readers, committer: Committer, files: NetworkFiles, clock: Clock) -> None:
        """Build from these parts."""
        self._readers = readers
        self._committer = committer
        self._files = files
        self._clock = clock

    @property
    def era(self) -> int:
        """The era of every version."""
        return self._files.key_set.number.era

    async def latest(self, bank: str) -> Version:
        """The version to which a bank should come."""
        return Version(self.era, await self._readers.run(picture.latest, bank))

    async def build(self, bank: str, step: Step, *, hands_down: bool) -> Built | None:
        """Build a change; ``None`` where there is no such bank.

        Args:
            bank: The bank's name.
            step: From where.
            hands_down: A snapshot also tells who lies in which compartment, because the controller is a new one.
        """
        now = self._clock.now()
        if step.start is None:
            seen = await self._readers.run(picture.whole, bank, now)
        else:
            seen = await self._readers.run(picture.since, bank, step.start.number, now)
        if seen is None:
            return None
        to = Version(self.era, seen.number)
        change = manifest_pb2.ManifestChange(to=manifest_pb2.Version(era=to.era, number=to.number))
        if step.start is not None:
            getattr(change, "from").CopyFrom(manifest_pb2.Version(era=step.start.era, number=step.start.number))
        sent = self._reservations(change, seen)
        if seen.configured:
            change.configuration.CopyFrom(configuration(seen.bank, seen.doors, now))
            change.key_set = self._files.key_set.text
        if seen.revoked is not None:
            change.status_list = (await self._status(bank, seen)).text
        if step.start is None and hands_down:
            change.tenancies.extend(_tenancy(each) for each in seen.reservations if each.state in INSIDE)
        return Built(to, change, sent)

    async def heard(self, bank: str, *, after: int, number: int) -> tuple[Sent, ...]:
        """Give what a bank that holds ``number`` was told after ``after``, as far as nothing newer waits for it."""
        return tuple(map(_sent, await self._readers.run(picture.heard, bank, after, number)))

    def _reservations(self, change: manifest_pb2.ManifestChange, seen: Picture) -> tuple[Sent, ...]:
        now = self._clock.now()
        audience = seen.bank.token_audience
        secret = self._files.vault.bank_secret(audience)
        change.removed_reservations.extend(seen.missing)
        for each in seen.reservations:
            if is_told(each, now):
                group = seen.groups.get(each.name.reservation, "")
                change.reservations.append(
                    entry(each, group=group, token_audience=audience, bank_secret=secret, pin_key=self._files.pin_key)
                )
            else:
                change.removed_reservations.append(each.name.reservation)
        return tuple(_sent(each) for each in seen.reservations)

    async def _status(self, bank: str, seen: Picture) -> IssuedStatusList:
        sign = partial(self._sign_status, seen.bank.token_audience, seen.revoked or ())
        return await self._committer.submit(
            IssueStatusList(bank=bank, era=self.era, revoked=seen.revoked or (), sign=sign)
        )

    def _sign_status(self, subject: str, revoked: tuple[int, ...], number: int) -> str:
        now = self._clock.now()
        iat = int(now.timestamp())
        signer = self._files.signer(Use.ACCESS, iat)
        edition = StatusList(
            network=self._files.network_id,
            subject=subject,
            number=Number(self.era, number),
            iat=iat,
            exp=iat + int(STATUS_LASTS.total_seconds()),
            ttl_s=int(STATUS_TTL.total_seconds()),
            statuses=StatusArray.of(dict.fromkeys(revoked, Status.INVALID), size=status_list.SIZE),
        )
        return status_list.sign(edition, signer.key, signer.kid)


def _sent(reservation: Reservation) -> Sent:
    """Note what the bank is told, for when it has acknowledged it.

    A right that was used up ends with the entry where a sensor saw the compartment empty. Elsewhere it opens its door
    again for its grace, and the bank itself says when that is over (EVD-9).
    """
    moving = reservation.moving_to
    over = {RightStatus.REVOKED}
    if reservation.state in GONE and reservation.evidence is Evidence.SENSED:
        over.add(RightStatus.SPENT)
    ended = tuple(
        (right.act, right.series) for right in reservation.rights if right.status in over and not right.ended_at_bank
    )
    return Sent(reservation.name.reservation, None if moving is None else moving.code, ended)


def _tenancy(reservation: Reservation) -> manifest_pb2.TenancyEntry:
    collect = reservation.right(Act.COLLECT)
    return manifest_pb2.TenancyEntry(
        reservation=reservation.name.reservation,
        compartment=reservation.compartment or "",
        series=0 if collect is None else collect.series,
        parcel_numbers=[parcel.number for parcel in reservation.inside],
        spent_acts=[_LETTERS[right.act] for right in reservation.rights if right.status is RightStatus.SPENT],
    )
