"""``interlock login``: a key made on this machine, its public half registered, and a profile that says so.

The private key never leaves the machine. A login that breaks off is simply typed again: the key that was made is used
once more, and the gateway gives the same answer to the same code and key.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from interlock import key_file
from interlock import profile as profiles
from interlock.cli.endings import Usage
from interlock.cli.grammar import shortcut
from interlock.cli.session import Session
from interlock.cli.views import View, lines
from interlock.keys import PrivateKey
from interlock.profile import DEFAULT, Profile


def login(
    session: Session,
    gateway: Annotated[str, typer.Argument(help="Where the gateway is: gateway.example:7443.")],
    code: Annotated[str, typer.Option(help="The registration code, from the network owner; - reads it from stdin.")],
    profile: Annotated[str, typer.Option(help="Name of the profile to write.")] = DEFAULT,
    ca: Annotated[str, typer.Option(help="File with the network's own certificate authority, PEM.")] = "",
    purpose: Annotated[str, typer.Option("--for", help="What this key is for, without personal data.")] = "",
) -> View:
    """Make a key, register its public half with a one-time code, and write a profile (0600)."""
    if profile in profiles.names():
        message = f"There is a profile {profile} already; choose another name with --profile."
        raise Usage(message)
    file = profiles.key_file(profile)
    key = _key(file)
    kept_ca = str(Path(ca).resolve()) if ca else ""
    said = sys.stdin.read().strip() if code == "-" else code
    registered = session.open(Profile(gateway, ca=kept_ca)).register_key(said, key, display_name=purpose)
    known = Profile(gateway, registered.party, registered.network_id, key=str(file), ca=kept_ca)
    # Whose network it is, is learnt once, here, while the code vouches for the gateway; from now on it is pinned.
    root = session.open(known).network().root_key_thumbprint
    written = replace(known, root=root).save(profile)
    data = {
        "profile": profile,
        "file": str(written),
        "key_file": str(file),
        "party": registered.party,
        "network": registered.network_id,
        "root": root,
    }
    chosen = "" if profile == DEFAULT else f" Use it with --profile {profile}, or INTERLOCK_PROFILE={profile}."
    return lines(data, f"You are {registered.party} in the network {registered.network_id}.{chosen}")


def _key(file: Path) -> PrivateKey:
    profiles.make_private(file.parent)
    if file.exists():
        return key_file.load(file)
    key = PrivateKey.generate()
    key_file.save(key, file)
    return key


app = shortcut("login", example="gateway.example:7443 --code welcome-acme-0001", calls=False)(login)
