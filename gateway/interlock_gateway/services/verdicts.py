"""Who calls: call tokens judged once, and believed until they end or their party is suspended (CAL-1 to CAL-4).

A verdict is kept under the SHA-256 of the token, so that a signature is checked once in ten minutes and not once a
call. Whoever suspends a party or distrusts a key drops the verdicts of that party, and ends its streams.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from interlock import call_token
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock.strict_json import decode
from interlock_gateway.domain.errors import CallTokenInvalid
from interlock_gateway.domain.party import Party, PartyKey
from interlock_gateway.ports import Clock, Viewer
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, get, page
from interlock_gateway.use_cases.aggregates import PARTIES, PARTY_KEYS

MOST_KEPT: Final = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A call token that counts.

    Attributes:
        party: Who calls, as it is registered.
        exp: Unix seconds from which the token counts no more.
    """

    party: Party
    exp: int

    @property
    def viewer(self) -> Viewer:
        """The caller, for reads."""
        return Viewer(self.party.name.party, self.party.roles)


class Verdicts:
    """Judges call tokens."""

    def __init__(self, readers: Readers, *, network: str, clock: Clock) -> None:
        """Judge by the register of parties.

        Args:
            readers: Of the database.
            network: The network's id, for which tokens must be meant.
            clock: The present instant.
        """
        self._readers = readers
        self._network = network
        self._clock = clock
        self._kept: OrderedDict[bytes, Verdict] = OrderedDict()
        self._streams: defaultdict[str, set[asyncio.Task[object]]] = defaultdict(set)
        self._drops = 0
        self.closing = False
        """The gateway goes down: streams end because of that, and not because of their callers."""

    async def judge(self, token: str) -> Verdict:
        """Say who calls.

        Raises:
            CallTokenInvalid: It does not prove who calls; the flaw is logged and not told.
        """
        digest = hashlib.sha256(token.encode()).digest()
        now = int(self._clock.now().timestamp())
        kept = self._kept.get(digest)
        if kept is not None and now < kept.exp:
            return kept
        drops = self._drops
        try:
            verdict = await self._judged(token, now)
        except Flawed as flaw:
            log.info("a call token was refused", extra={"flaw": str(flaw)})
            raise CallTokenInvalid from flaw
        # Somebody may have been suspended while the register was read; then the verdict serves this call alone.
        if drops == self._drops:
            self._kept[digest] = verdict
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return verdict

    async def _judged(self, token: str, now: int) -> Verdict:
        thumbprint = call_token.key_id(token)
        found = await self._readers.run(_registered, thumbprint)
        if found is None:
            raise CallTokenInvalid
        key, party = found
        public = PublicKey.from_jwk(decode(key.public_key.encode()))
        said = call_token.read(token, {thumbprint: public}, actor=str(party.name), network=self._network, now=now)
        if said.certificate_sha256 is not None:
            # Bound to a client certificate, and no connection here shows one.
            raise CallTokenInvalid
        return Verdict(party, said.exp)

    def drop(self, party: str) -> None:
        """Forget what was judged of a party, and end its streams: it was suspended, or a key of it distrusted."""
        self._drops += 1
        for digest in [digest for digest, kept in self._kept.items() if kept.party.name.party == party]:
            del self._kept[digest]
        for task in tuple(self._streams.get(party, ())):
            task.cancel()

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._streams.values()))

    def end_streams(self) -> None:
        """End all streams: the gateway goes down."""
        self.closing = True
        for task in [task for tasks in self._streams.values() for task in tasks]:
            task.cancel()

    @contextmanager
    def streaming(self, party: str) -> Iterator[None]:
        """Have the present task cancelled when the party is dropped."""
        task = asyncio.current_task()
        if task is None:
            message = "a stream runs in a task"
            raise RuntimeError(message)
        self._streams[party].add(task)
        try:
            yield
        finally:
            self._streams[party].discard(task)
            if not self._streams[party]:
                del self._streams[party]


def _registered(connection: sqlite3.Connection, thumbprint: str) -> tuple[PartyKey, Party] | None:
    """Find a trusted key by its thumbprint, and whose it is."""
    condition = Condition("t.thumbprint = :thumbprint", {"thumbprint": thumbprint})
    found = page(connection, PARTY_KEYS, condition, size=1).values
    if not found or found[0].distrust_time is not None:
        return None
    party = get(connection, PARTIES, found[0].name.party, Condition())
    return None if party is None else (found[0], party)
