"""``interlock key``: the keys with which the caller's own party signs its calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock import key_file
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, detail, listing, when
from interlock.keys import PrivateKey
from interlock.v1.party_pb2 import PartyKey

app = Noun("key", "The keys with which your party signs its calls.")


def _view(key: PartyKey) -> View:
    rows = [
        ("name", key.name),
        ("for", key.display_name),
        ("thumbprint", key.thumbprint),
        ("registered", when(key, "create_time")),
        ("last used", when(key, "last_use_time")),
        ("distrusted", when(key, "distrust_time")),
    ]
    return detail({"key": as_json(key)}, rows)


@app.verb("list", example="")
def list_keys(session: Session) -> View:
    """List your party's keys, the newest first, distrusted ones included."""
    return listing(
        "keys",
        session.client.keys(),
        [
            ("NAME", lambda key: key.name),
            ("FOR", lambda key: key.display_name),
            ("REGISTERED", lambda key: when(key, "create_time")),
            ("LAST USED", lambda key: when(key, "last_use_time")),
            ("DISTRUSTED", lambda key: when(key, "distrust_time")),
        ],
        nothing="There is no key.",
    )


@app.verb("add", example="dispatch.pem --for 'dispatch server'")
def add(
    session: Session,
    file: Annotated[Path, typer.Argument(help="Where the new private key is written, for you alone (0600).")],
    purpose: Annotated[str, typer.Option("--for", help="What it is for, without personal data.")] = "",
) -> View:
    """Make one more key, for another machine or in place of one that is to go, and register its public half."""
    key = PrivateKey.generate()
    key_file.save(key, file)
    return _view(session.client.add_key(key, display_name=purpose))


@app.verb("remove", example="parties/acme/keys/mfrggzdfmztwq2lk")
def remove(session: Session, name: Annotated[str, typer.Argument(help="The key, parties/{party}/keys/{key}.")]) -> View:
    """Distrust a key for good: calls that it signs are refused within a second."""
    return _view(session.client.distrust_key(name))
