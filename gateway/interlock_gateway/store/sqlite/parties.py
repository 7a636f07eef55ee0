"""Reading parties and their keys. Every party sees every other, so that it knows with whom it deals (PTY-10)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from interlock_gateway.domain.names import PartyName
from interlock_gateway.domain.party import Party, PartyKey, Role
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, page
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import PARTIES, PARTY_KEYS


class Parties:
    """Parties, read."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def get(self, name: PartyName) -> Party | None:
        """Read one; ``None`` when there is none of this name."""
        return await self._readers.run(get, PARTIES, name.party, Condition())

    async def list(self, roles: Collection[Role] = (), *, size: int = 50, start: int = 0) -> Page[Party]:
        """Read a page, by name.

        Args:
            roles: Those with one of these alone; empty: all.
            size: At most so many.
            start: ``next_row`` of the page before.
        """
        return await self._readers.run(_by_name, roles, size, start)

    async def keys(self, party: PartyName, *, size: int = 50, start_row: int | None = None) -> Page[PartyKey]:
        """Read a page of a party's keys, the newest first, distrusted ones included."""
        return await self._readers.run(page, PARTY_KEYS, _of(party), size=size, start_row=start_row)

    async def key_ids(self, party: PartyName) -> tuple[str, ...]:
        """Ids of all keys of a party."""
        return await self._readers.run(_key_ids, party.party)


def _of(party: PartyName) -> Condition:
    return Condition("t.party = :party", {"party": party.party})


def _key_ids(connection: sqlite3.Connection, party: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT key FROM party_keys WHERE party = ? ORDER BY rowid", (party,)).fetchall()
    return tuple(key for (key,) in rows)


def _by_name(connection: sqlite3.Connection, roles: Collection[Role], size: int, start: int) -> Page[Party]:
    # There are hundreds of parties, not millions: counting rows off is as good as a cursor, and none is ever removed.
    rows = connection.execute(
        "SELECT body FROM parties AS t WHERE :roles = '[]' OR EXISTS ("
        "  SELECT 1 FROM json_each(t.body, '$.roles') AS has JOIN json_each(:roles) AS asked ON has.value = asked.value"
        ") ORDER BY key LIMIT :size OFFSET :start",
        {"roles": ENCODER.encode(sorted(roles)).decode(), "size": size + 1, "start": start},
    ).fetchall()
    decode = TABLE_OF[PARTIES].decode
    return Page([decode(body) for (body,) in rows[:size]], start + size if len(rows) > size else None)
