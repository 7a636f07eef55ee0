"""What a refusal is.

A refusal is a value with typed facts; the sentence that a person reads is a template over those facts, so a machine
can read all that a person can. The ``reason`` is public: it is the name of a value of the contract's
``interlock.v1.ErrorReason`` without its prefix, and clients branch on it. Which gRPC status a reason travels
under is not known here (REQ-12).

A command may be refused, a fact never is: nothing in this module is raised while a fact is taken in (RES-6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

_registry: dict[str, type[Refusal]] = {}


class Refusal(Exception):
    """What the network declines to do, and why.

    Subclasses are dataclasses: each field is one fact. A subclass that names a ``field`` fact points at the
    misshapen field by its path in the request (``parcels[2].sscc``); one with ``retry_after`` says when to try again.
    """

    reason: ClassVar[str]
    """Value name of ``interlock.v1.ErrorReason`` without ``ERROR_REASON_``; never reused, never renamed."""

    template: ClassVar[str]
    """The sentence for people, over the names of the facts."""

    def __init_subclass__(cls) -> None:
        """Enter the class in the registry; two classes with one reason cannot be imported."""
        super().__init_subclass__()
        if _registry.setdefault(cls.reason, cls) is not cls:
            message = f"two refusals share the reason {cls.reason}"
            raise TypeError(message)

    @property
    def facts(self) -> dict[str, str]:
        """The facts as text, for ``google.rpc.ErrorInfo.metadata``; what is not known (``None``) is left out."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: _text(value) for name, value in values if value is not None}

    def __str__(self) -> str:
        """Fill the template."""
        return self.template.format_map(_Facts(self.facts))


class _Facts(dict[str, str]):
    """Facts for a template, in which an unknown fact reads as a word instead of failing."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def _text(value: object) -> str:
    """Write one fact: instants as RFC 3339 in UTC, lengths of time in whole seconds, sets sorted."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return str(int(value.total_seconds()))
        case frozenset():
            return ",".join(sorted(str(each) for each in value))
        case tuple():
            return ",".join(str(each) for each in value)
        case _:
            return str(value)


def refusals() -> Mapping[str, type[Refusal]]:
    """All refusals by reason; the contract's enum has exactly these values besides UNSPECIFIED."""
    return MappingProxyType(_registry)
