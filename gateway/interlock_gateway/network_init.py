"""Making a network: its keys, its signed documents, its database, its first owner."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from interlock import base64url, claims, jose, key_file, key_set
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.keys import PrivateKey, PublicKey
from interlock.numbered import Number
from interlock_gateway.codes import new_code
from interlock_gateway.domain.ids import key_id
from interlock_gateway.domain.names import PARTY_ID, PartyKeyName, PartyName
from interlock_gateway.domain.party import Party, PartyKey, Role, keyed
from interlock_gateway.network import CA_DOCUMENT, CA_TYP, DATABASE, FACTS, KEY_SET, DirectoryUnusable
from interlock_gateway.network_ca import Authority
from interlock_gateway.ports import Aggregate
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.schema import prepare
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import PARTIES, PARTY_KEYS, REGISTRATION_CODES
from interlock_gateway.vault import MASTER_BYTES

KEYS_OF_A_USE: Final = 3
"""The present key and two to come: banks that are offline for long know the next ones before they sign."""
KEY_SIGNS_FOR: Final = timedelta(days=100)
KEY_EVERY: Final = timedelta(days=90)
"""Keys overlap by ten days."""
KEY_SET_LASTS: Final = timedelta(days=270)
PREFIX: Final = {Use.ACCESS: "a", Use.LINK: "l"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A network that was made.

    Attributes:
        directory: Where it lies.
        network_id: Its id.
        owner: Name of its first owner.
        root: Thumbprint of the root key, base64url.
        code: The owner's registration code; empty where its key was given.
    """

    directory: Path
    network_id: str
    owner: PartyName
    root: str
    code: str


def make(
    directory: Path,
    *,
    network_id: str,
    owner: str,
    display_name: str = "",
    owner_key: PublicKey | None = None,
    hosts: Sequence[str] = ("localhost", "127.0.0.1", "::1"),
    now: datetime,
) -> Made:
    """Make a network in a new or empty directory.

    Args:
        directory: Where.
        network_id: 1 to 16 characters of ``[a-z][a-z0-9-]*``.
        owner: Party id of its first owner.
        display_name: Name of the owner's company; empty: the party id.
        owner_key: A public key of the owner; ``None``: a registration code is made.
        hosts: Names and addresses of the gateway, for its certificate.
        now: When.

    Raises:
        DirectoryUnusable: There is something in it already, or an id is misshapen. Nothing was written.
    """
    _check(directory, network_id, owner)
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    for folder in ("root", "keys", "tls", "secrets"):
        (directory / folder).mkdir(mode=0o700)
    root = PrivateKey.generate()
    key_file.save(root, directory / "root" / "root.pem")
    _write(directory / KEY_SET, key_set.sign(_first_keys(directory, network_id, root, now), root).encode())
    _certificates(directory, network_id, root, hosts, now)
    for name in ("vault", "pin"):
        _write(directory / "secrets" / f"{name}.hex", secrets.token_hex(MASTER_BYTES).encode(), mode=0o600)
    facts = {"network": network_id, "owner": owner, "root": root.public.kid}
    code = _first_owner(directory / DATABASE, PartyName(owner), display_name or owner, owner_key, now)
    # Last: a directory without it is one whose making was broken off.
    _write(directory / FACTS, json.dumps(facts, indent=2).encode() + b"\n")
    return Made(directory=directory, network_id=network_id, owner=PartyName(owner), root=root.public.kid, code=code)


def _check(directory: Path, network_id: str, owner: str) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        message = f"{directory} is not empty; a network is made in a new directory."
        raise DirectoryUnusable(message)
    if claims.NETWORK_ID.fullmatch(network_id) is None:
        message = f"{network_id!r} is no network id: up to 16 characters, a lower-case letter, then letters, digits, -."
        raise DirectoryUnusable(message)
    if re.fullmatch(PARTY_ID, owner, re.ASCII) is None:
        message = f"{owner!r} is no party id: 2 to 31 characters, a lower-case letter, then letters, digits, -."
        raise DirectoryUnusable(message)


def _first_keys(directory: Path, network_id: str, root: PrivateKey, now: datetime) -> KeySet:
    """Make the signing keys and the set of their public halves."""
    entries: dict[str, NetworkKey] = {}
    for use, prefix in PREFIX.items():
        for index in range(KEYS_OF_A_USE):
            key = PrivateKey.generate()
            kid = f"{prefix}{index + 1}"
            key_file.save(key, directory / "keys" / f"{kid}.pem")
            begins = now + index * KEY_EVERY
            entries[kid] = NetworkKey(
                kid=kid,
                key=key.public,
                use=use,
                nbf=int(begins.timestamp()),
                exp=int((begins + KEY_SIGNS_FOR).timestamp()),
            )
    return KeySet(
        network=network_id,
        number=Number(1, 1),
        iat=int(now.timestamp()),
        exp=int((now + KEY_SET_LASTS).timestamp()),
        keys=entries,
        root=root.public,
    )


def _certificates(directory: Path, network_id: str, root: PrivateKey, hosts: Sequence[str], now: datetime) -> None:
    authority = Authority(network_id, now=now)
    server_key, server = authority.server(hosts)
    _write(directory / "root" / "ca-key.pem", authority.key_pem, mode=0o600)
    _write(directory / "tls" / "ca.pem", authority.pem)
    _write(directory / "tls" / "server-key.pem", server_key, mode=0o600)
    _write(directory / "tls" / "server.pem", server)
    said = {"iss": network_id, "era": 1, "n": 1, "ca": [base64.b64encode(authority.der).decode()]}
    _write(directory / CA_DOCUMENT, jose.sign(said, typ=CA_TYP, key=root, kid=root.public.kid).encode())


def _first_owner(database: Path, name: PartyName, display_name: str, key: PublicKey | None, now: datetime) -> str:
    """Make the database with the network's owner in it; give the owner's code, or nothing where it has a key."""
    prepare(database)
    party = Party(
        name=name,
        display_name=display_name,
        roles=frozenset({Role.NETWORK_OWNER}),
        create_time=now,
        update_time=now,
    )
    rows: list[tuple[Aggregate[Any], Any]]
    if key is None:
        code, row = new_code(name, entropy=secrets, now=now)
        rows = [(PARTIES, party), (REGISTRATION_CODES, row)]
    else:
        code = ""
        rows = [
            (PARTIES, keyed(party, now=now)),
            (
                PARTY_KEYS,
                PartyKey(
                    name=PartyKeyName(name.party, key_id(key.thumbprint())),
                    display_name="first key",
                    public_key=key.canonical_jwk().decode(),
                    thumbprint=base64url.encode(key.thumbprint()),
                    create_time=now,
                ),
            ),
        ]
    with closing(connect(database)) as connection:
        for aggregate, value in rows:
            table = TABLE_OF[aggregate]
            cells = [*table.row(aggregate.key(value), 1, value), ENCODER.encode(value).decode()]
            names = ", ".join(f'"{each}"' for each in ("key", "version", *table.columns, "body"))
            marks = ", ".join("?" for _ in cells)
            connection.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', cells)  # noqa: S608 - our names
    return code


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a new file, on disk before this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
