"""Leaving of a message what its reader may see, from the audiences that the contract declares (PTY-10).

A field is seen in the views that it declares, or else those that its message declares, or else those of the field that
holds the message; ``PUBLIC`` is everybody. What a hidden field holds is hidden with it, so a nested message is seen in
the narrower of both. A message that declares nothing anywhere is its owner's, and is given to nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from interlock.v1 import options_pb2
from interlock_gateway.domain.viewers import View

M = TypeVar("M", bound=Message)

_Audience = frozenset[View]


class _Plan(NamedTuple):
    """What is to be done to a message of one type for one set of views."""

    hidden: tuple[str, ...]
    nested: tuple[tuple[str, bool, _Plan], ...]
    """Name, whether repeated, and the plan of what is in it; only what has something hidden in it."""


def project(message: M, views: Collection[View]) -> M:
    """Clear, in place, all that a reader in ``views`` may not see; give the message back."""
    _apply(message, _plan(message.DESCRIPTOR, frozenset(views) | {View.PUBLIC}, frozenset()))
    return message


def _apply(message: Message, plan: _Plan) -> None:
    for name in plan.hidden:
        message.ClearField(name)
    for name, repeated, inner in plan.nested:
        if repeated:
            for each in getattr(message, name):
                _apply(each, inner)
        elif message.HasField(name):
            _apply(getattr(message, name), inner)


@lru_cache(maxsize=1024)
def _plan(kind: Descriptor, views: _Audience, inherited: _Audience) -> _Plan:
    """Plan once for each message type, set of views and what the holding field declares."""
    default = _views(kind.GetOptions().Extensions[options_pb2.default_audience]) or inherited
    hidden: list[str] = []
    nested: list[tuple[str, bool, _Plan]] = []
    for field in kind.fields:
        audience = _views(field.GetOptions().Extensions[options_pb2.audience]) or default
        if not audience & views:
            hidden.append(field.name)
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            inner = _plan(field.message_type, views, audience)
            if inner.hidden or inner.nested:
                nested.append((field.name, _repeated(field), inner))
    return _Plan(tuple(hidden), tuple(nested))


def _repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated)


def _views(numbers: Sequence[options_pb2.Audience.ValueType]) -> _Audience:
    return frozenset(View(options_pb2.Audience.Name(each).removeprefix("AUDIENCE_")) for each in numbers)
