"""A private key on disk: its owner alone can read it, and it is never overwritten."""

import os
from pathlib import Path

from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey


def save(key: PrivateKey, path: Path) -> None:
    """Write the PKCS #8 PEM to a new file that only its owner can read (0600), on disk before this returns.

    Raises:
        FileExistsError: ``path`` is there already; a key is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.to_pem())
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> PrivateKey:
    """Read the key that ``save`` wrote.

    Raises:
        Flawed: ``KEY``; the file holds no usable private key, or others than its owner may read or write it.
        OSError: the file cannot be read.
    """
    if path.stat().st_mode & 0o077:
        raise Flawed(Flaw.KEY, f"the mode of {path} is not 0600")
    return PrivateKey.from_pem(path.read_bytes())
