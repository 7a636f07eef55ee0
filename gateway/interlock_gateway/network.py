"""The directory of a network: what ``init`` writes once and ``serve`` reads at every start.

=================  ==================================================================================================
``network.json``   Public: network id, owner, thumbprint of the root key.
``root/``          The root key and the CA's key. ``serve`` never reads them; keep them on another machine.
``keys/``          The keys that sign access tokens (``a1``, ``a2``, ...) and the time (``l1``, ...), 0600.
``key-set.jwt``    The public halves, signed by the root; future keys stand in it ahead of their time.
``ca.jwt``         The CA's certificate, signed by the root.
``tls/``           CA certificate, server certificate and its key.
``secrets/``       The vault's master key and the PIN key, 32 bytes in hexadecimal, 0600.
``gateway.db``     The database.
``gateway.lock``   Locked by the process that serves.
=================  ==================================================================================================
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock import base64url, key_file, key_set
from interlock.flaws import Flawed
from interlock.key_set import KeySet, Use
from interlock.keys import PrivateKey
from interlock_gateway.vault import Vault

DATABASE: Final = "gateway.db"
LOCK: Final = "gateway.lock"
FACTS: Final = "network.json"
KEY_SET: Final = "key-set.jwt"
CA_DOCUMENT: Final = "ca.jwt"
CA_TYP: Final = "interlock-ca+jwt"


class DirectoryUnusable(Exception):
    """The directory is not, or not wholly, a network's; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key of the network and its name in the key set."""

    kid: str
    key: PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFiles:
    """What ``serve`` knows of its network.

    Attributes:
        directory: Where it lies.
        network_id: The network's id, ``iss`` of its tokens.
        owner: Party id of its first owner.
        key_set: As the root signed it; ``key_set.text`` is the document that banks hold.
        ca_document: The root-signed CA document.
        ca_pem: The CA's certificate.
        signers: Private keys by ``kid``.
        pin_key: Derives every PIN.
        vault: Seals what is personal, derives the secrets of banks.
    """

    directory: Path
    network_id: str
    owner: str
    key_set: KeySet
    ca_document: str
    ca_pem: bytes
    signers: Mapping[str, PrivateKey]
    pin_key: bytes
    vault: Vault

    @property
    def database(self) -> Path:
        """The database file."""
        return self.directory / DATABASE

    @property
    def server_certificate(self) -> tuple[bytes, bytes]:
        """Private key and certificate chain of the server, PEM."""
        folder = self.directory / "tls"
        return (folder / "server-key.pem").read_bytes(), (folder / "server.pem").read_bytes()

    def signer(self, use: Use, now: int) -> Signer:
        """Choose the key that signs at ``now``: the youngest that is valid, so that the older can end in peace.

        Raises:
            DirectoryUnusable: No key of this use is valid now.
        """
        valid = [
            entry
            for entry in self.key_set.keys.values()
            if entry.use is use and not entry.distrusted and entry.nbf <= now < entry.exp and entry.kid in self.signers
        ]
        if not valid:
            message = f"No key for {use.value} is valid now; sign a new key set with the root key."
            raise DirectoryUnusable(message)
        youngest = max(valid, key=lambda entry: entry.nbf)
        return Signer(youngest.kid, self.signers[youngest.kid])


def load(directory: Path) -> NetworkFiles:
    """Read the directory of a network, without its root.

    Raises:
        DirectoryUnusable: Something is missing or does not fit together.
    """
    try:
        facts = json.loads((directory / FACTS).read_text("utf-8"))
        held = key_set.read((directory / KEY_SET).read_text("ascii").strip(), base64url.decode(facts["root"]))
        return NetworkFiles(
            directory=directory,
            network_id=facts["network"],
            owner=facts["owner"],
            key_set=held,
            ca_document=(directory / CA_DOCUMENT).read_text("ascii").strip(),
            ca_pem=(directory / "tls" / "ca.pem").read_bytes(),
            signers={kid: key_file.load(directory / "keys" / f"{kid}.pem") for kid in sorted(held.keys)},
            pin_key=_secret(directory, "pin"),
            vault=Vault(_secret(directory, "vault")),
        )
    except FileNotFoundError as failure:
        message = (
            f"{failure.filename} is missing; make a network with: "
            f"interlock gateway init {directory} --network ID --owner PARTY"
        )
        raise DirectoryUnusable(message) from failure
    except (OSError, ValueError, KeyError, Flawed) as failure:
        message = f"{directory} cannot be used as a network's directory: {failure}."
        raise DirectoryUnusable(message) from failure


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Serve a directory alone: a second gateway on it would not hear what the first one tells its streams.

    The lock goes with the process, however that ends.

    Raises:
        DirectoryUnusable: Another process serves it.
    """
    with (directory / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            message = f"{directory} is served by another process."
            raise DirectoryUnusable(message) from failure
        yield


def _secret(directory: Path, name: str) -> bytes:
    return bytes.fromhex((directory / "secrets" / f"{name}.hex").read_text("ascii").strip())
