"""Who may call what, as the contract declares it beside each method: read once, at start-up (PTY-3, PTY-11).

A method that declares nothing is a mistake that must not wait for its first caller: the gateway does not start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message

from interlock.v1 import options_pb2
from interlock_gateway.domain.errors import NotOwn
from interlock_gateway.domain.names import PARTY_ID, owner
from interlock_gateway.domain.party import Role

_ANY: Final = re.compile(rf"parties/-|parties/{PARTY_ID}/banks/-|parties/-/banks/-", re.ASCII)
"""A parent for all that the caller may see; where a method takes it, the contract's pattern says so."""
_RELATIONS: Final = frozenset({options_pb2.RELATION_OWN, options_pb2.RELATION_ANY, options_pb2.RELATION_VIEWER})


class Undeclared(Exception):
    """A method of the contract does not say who may call it, or says what cannot be. The gateway must not start."""


@dataclass(frozen=True, slots=True)
class NamePath:
    """A field, or many, that holds a name.

    Attributes:
        path: Its path in the request, field by field.
        own: The name's party must be the caller.
    """

    path: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may call one method.

    Attributes:
        anyone: No call token is needed.
        roles: Those that may call; empty: any party.
        names: The names in a request and what the caller must be to them.
    """

    anyone: bool
    roles: frozenset[Role]
    names: tuple[NamePath, ...]

    def check(self, request: Message, party: str | None) -> None:
        """Judge the names of a request, on their text alone.

        Args:
            request: One message of the call.
            party: Party id of the caller; ``None`` for anyone.

        Raises:
            InvalidName: A name does not follow the grammar.
            NotOwn: A name that must be the caller's is another party's.
        """
        for name in self.names:
            for field, text in _texts(request, name.path, ""):
                if not text:
                    continue  # whether it may be empty, the contract's own rules say
                whose = text.split("/")[1] if _ANY.fullmatch(text) is not None else owner(text, field=field)
                if name.own and whose != party:
                    raise NotOwn(field=field)


def rules_of(services: Iterable[ServiceDescriptor]) -> Mapping[str, Rules]:
    """Read the rules of all methods, by full name (``package.Service/Method``).

    Raises:
        Undeclared: A method declares no callers, or a name that is not there.
    """
    return {f"{service.full_name}/{method.name}": _rules(method) for service in services for method in service.methods}


def _rules(method: MethodDescriptor) -> Rules:
    declared = method.GetOptions().Extensions[options_pb2.access]
    roles = frozenset(Role(options_pb2.Role.Name(each).removeprefix("ROLE_")) for each in declared.roles)
    if declared.callers == options_pb2.CALLERS_UNSPECIFIED:
        message = f"{method.full_name} does not declare who may call it"
        raise Undeclared(message)
    if (declared.callers == options_pb2.CALLERS_ROLES) is not bool(roles):
        message = f"{method.full_name} declares roles where it takes none, or none where it takes roles"
        raise Undeclared(message)
    anyone = declared.callers == options_pb2.CALLERS_ANYONE
    names = tuple(_name(method, each.field, each.relation) for each in declared.names)
    if anyone and any(name.own for name in names):
        message = f"{method.full_name} is open to anyone, so nothing in it can be the caller's own"
        raise Undeclared(message)
    return Rules(anyone=anyone, roles=roles, names=names)


def _name(method: MethodDescriptor, path: str, relation: int) -> NamePath:
    """Check a declared path against the request's descriptor."""
    steps = tuple(path.split("."))
    kind: Descriptor | None = method.input_type
    field: FieldDescriptor | None = None
    for step in steps:
        field = None if kind is None else kind.fields_by_name.get(step)
        if field is None:
            message = f"{method.full_name} declares the name {path}, which its request does not have"
            raise Undeclared(message)
        kind = field.message_type
    if field is None or field.type != FieldDescriptor.TYPE_STRING or relation not in _RELATIONS:
        message = f"{method.full_name} declares the name {path}, which is no text or has no relation"
        raise Undeclared(message)
    return NamePath(steps, own=relation == options_pb2.RELATION_OWN)


def _texts(message: Message, path: tuple[str, ...], before: str) -> Iterator[tuple[str, str]]:
    """Give each text at a path, with the path that leads to it: ``compartments[3].name``."""
    step, rest = path[0], path[1:]
    field = message.DESCRIPTOR.fields_by_name[step]
    value: Any = getattr(message, step)
    here = f"{before}{step}"
    if field.is_repeated:
        found = [(f"{here}[{index}]", each) for index, each in enumerate(value)]
    elif field.message_type is not None and not message.HasField(step):
        return
    else:
        found = [(here, value)]
    for where, each in found:
        if rest:
            yield from _texts(each, rest, f"{where}.")
        else:
            yield where, each
