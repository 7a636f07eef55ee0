"""Profiles: who a program is and which gateway it speaks to, kept in files that only their owner can read.

A profile is one small JSON object in ``{config}/profiles/{name}.json``; its key lies beside, in ``{config}/keys``.
``{config}`` is ``$INTERLOCK_CONFIG_DIR``, else ``$XDG_CONFIG_HOME/interlock``, else ``~/.config/interlock``
(XDG Base Directory Specification 0.8).
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final

from interlock.errors import InterlockError

DEFAULT: Final = "default"
"""The profile that is meant where none is named."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
_OVERRIDES: Final = ("gateway", "party", "network", "key", "ca", "root")
"""What ``INTERLOCK_GATEWAY`` and the like override."""


class NotLoggedIn(InterlockError):
    """There is no usable profile; the sentence says what to type."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who calls which gateway. Holds no secret: the key is named by its file.

    Attributes:
        gateway: ``host:port``.
        party: ``parties/{party}``; empty for calls that are open to anyone.
        network: The network's id.
        key: File of the party's private key; empty where there is none.
        ca: File with the network's own certificate authority; empty for the system's.
        root: Thumbprint of the network's root key; empty where none is pinned.
    """

    gateway: str
    party: str = ""
    network: str = ""
    key: str = ""
    ca: str = ""
    root: str = ""

    def save(self, name: str, *, environ: Mapping[str, str] = os.environ) -> Path:
        """Write the profile, in one step: another process sees the former one or this one.

        Returns:
            Its file.

        Raises:
            NotLoggedIn: ``name`` is no name for a profile.
        """
        file = _file(name, environ)
        make_private(file.parent)
        descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{name}.")  # 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as text:
            json.dump(asdict(self), text, indent=2)
            text.write("\n")
        Path(draft).replace(file)
        return file

    @classmethod
    def load(cls, name: str = DEFAULT, *, environ: Mapping[str, str] = os.environ) -> Profile:
        """Read a profile.

        Raises:
            NotLoggedIn: there is none of that name, or its file holds none.
        """
        file = _file(name, environ)
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            return cls(**{each.name: _text(said.get(each.name, "")) for each in fields(cls)})
        except FileNotFoundError as error:
            known = names(environ=environ)
            also = f" There are {', '.join(known)}." if known else ""
            message = (
                f"There is no profile {name}.{also} Make it with: interlock login GATEWAY --code CODE"
                f"{'' if name == DEFAULT else f' --profile {name}'}"
            )
            raise NotLoggedIn(message) from error
        except (OSError, ValueError, AttributeError) as error:
            message = f"The profile {file} cannot be read; remove it and log in again."
            raise NotLoggedIn(message) from error

    @classmethod
    def resolve(cls, name: str = "", *, gateway: str = "", environ: Mapping[str, str] = os.environ) -> Profile:
        """Find out who calls which gateway.

        Args:
            name: The profile asked for; empty: ``INTERLOCK_PROFILE``, else ``default``.
            gateway: Goes before that of the profile and of ``INTERLOCK_GATEWAY``.
            environ: ``INTERLOCK_GATEWAY``, ``_PARTY``, ``_NETWORK``, ``_KEY``, ``_CA``, ``_ROOT`` override the profile.

        Raises:
            NotLoggedIn: the profile asked for is not there, or none is and no gateway is said either.
        """
        overrides = {
            each: environ[f"INTERLOCK_{each.upper()}"]
            for each in _OVERRIDES
            if environ.get(f"INTERLOCK_{each.upper()}")
        }
        if gateway:
            overrides["gateway"] = gateway
        asked = name or environ.get("INTERLOCK_PROFILE", "")
        try:
            profile = cls.load(asked or DEFAULT, environ=environ)
        except NotLoggedIn:
            if asked or "gateway" not in overrides:
                raise
            profile = cls(gateway="")
        return replace(profile, **overrides)


def directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the profiles and keys; it need not exist."""
    own = environ.get("INTERLOCK_CONFIG_DIR")
    if own:
        return Path(own)
    shared = environ.get("XDG_CONFIG_HOME", "")
    # A relative path is to be ignored (XDG Base Directory Specification 0.8, section "Basics").
    return (Path(shared) if Path(shared).is_absolute() else Path.home() / ".config") / "interlock"


def names(*, environ: Mapping[str, str] = os.environ) -> list[str]:
    """List the profiles that there are, by name."""
    return sorted(file.stem for file in (directory(environ) / "profiles").glob("*.json"))


def key_file(name: str, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the key of a profile lies."""
    return _checked(name, directory(environ) / "keys" / f"{name}.pem")


def make_private(folder: Path) -> None:
    """Make ``folder`` and what lies above it, for its owner alone where it is new."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():  # mkdir gives its mode to the last folder alone
            each.mkdir(mode=0o700, exist_ok=True)


def _file(name: str, environ: Mapping[str, str]) -> Path:
    return _checked(name, directory(environ) / "profiles" / f"{name}.json")


def _checked(name: str, file: Path) -> Path:
    if _NAME.fullmatch(name) is None:
        message = f"{name!r} is no name for a profile: letters, digits, dots and hyphens, up to 63."
        raise NotLoggedIn(message)
    return file


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004  caught by load, as every other flaw of the file is
    return value
