"""Who a bank is: what it was given when it enrolled, in one file beside its key, both for their owner alone.

The file is written last and whole; a directory without it holds a bank that has not enrolled yet.
"""

import json
import os
from base64 import b64decode
from dataclasses import asdict, dataclass, field
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

from interlock import base64url, jose, key_file
from interlock.keys import PrivateKey, PublicKey
from interlock.strict_json import decode
from interlock_edge.custody.fact import JournalStarted

CA_TYP = "interlock-ca+jwt"
CA_MOST_CHARS = 65_536


class NotEnrolledError(ValueError):
    """There is no bank in the directory. The message says what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What an enrolment leaves at the bank.

    Attributes:
        gateway: Where its gateway is, as it was typed.
        network: The ``iss`` of its tokens.
        bank: ``parties/{operator}/banks/{bank}``.
        audience: Its ``token_audience``.
        root_key: The network's root key, canonical JWK.
        key_set: The signed key set of that day; a later one is in the journal.
        authority: The network's certificate authority, signed by the root; empty where there is none.
        secret: 32 bytes, from which its PIN and barcode keys derive; shows in no ``repr``.
        predecessor: For a controller that replaces another: the last fact known of that one.
    """

    gateway: str
    network: str
    bank: str
    audience: str
    root_key: str
    key_set: str
    authority: str
    secret: bytes = field(repr=False)
    predecessor: JournalStarted = field(default_factory=JournalStarted)

    @property
    def root(self) -> PublicKey:
        """The network's root key."""
        return PublicKey.from_jwk(decode(self.root_key.encode()))

    def authority_pem(self) -> bytes | None:
        """Return the certificates by which the gateway is known, as PEM; nothing where the system's are meant.

        Raises:
            Flawed: the root did not sign them.
        """
        if not self.authority:
            return None
        root = self.root
        _, said = jose.read(self.authority, typs=frozenset({CA_TYP}), keys={root.kid: root}, most_chars=CA_MOST_CHARS)
        listed = said.get("ca")
        ders = [b64decode(each) for each in listed] if isinstance(listed, list) else []
        return "".join(map(DER_cert_to_PEM_cert, ders)).encode() or None


def key_of(directory: Path) -> PrivateKey:
    """Return the bank's own key; made here, on the device, the first time it is asked for.

    Raises:
        Flawed: ``KEY``; the file is no key, or others than its owner may read it.
    """
    path = directory / "key.pem"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        key_file.save(PrivateKey.generate(), path)
    return key_file.load(path)


def save(identity: Identity, directory: Path) -> None:
    """Write the identity whole or not at all; it is on disk when this returns."""
    said = asdict(identity) | {
        "secret": base64url.encode(identity.secret),
        "predecessor": asdict(identity.predecessor)
        | {"previous_hash": base64url.encode(identity.predecessor.previous_hash)},
    }
    path, fresh = directory / "bank.json", directory / "bank.json.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(said, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(directory: Path) -> Identity:
    """Read what ``save`` wrote.

    Raises:
        NotEnrolledError: nothing was written yet.
    """
    path = directory / "bank.json"
    if not path.exists():
        message = f"No bank has enrolled in {directory}; type: interlock edge enrol --help"
        raise NotEnrolledError(message)
    said = json.loads(path.read_text())
    before = said["predecessor"]
    said["secret"] = base64url.decode(said["secret"])
    said["predecessor"] = JournalStarted(
        before["previous_journal_id"], before["previous_number"], base64url.decode(before["previous_hash"])
    )
    return Identity(**said)
