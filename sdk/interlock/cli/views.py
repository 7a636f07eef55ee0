"""What a command shows: one object for a machine, and the same as a table or a few lines for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from interlock.client.values import moment
from interlock.client.words import word

M = TypeVar("M", bound=Message)

_SIGNED = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
"""A compact JWS: a token or a receipt."""


@dataclass(frozen=True, slots=True)
class View:
    """One answer.

    Attributes:
        data: What ``--json`` prints, one object.
        picture: What a person sees; made only when somebody looks.
        whole: Names and texts below the picture that must not be broken into lines, so that they can be copied.
    """

    data: dict[str, Any]
    picture: Callable[[], RenderableType]
    whole: tuple[tuple[str, str], ...] = ()

    def json(self) -> str:
        """Write ``data`` on one line, in UTF-8."""
        return json.dumps(self.data, ensure_ascii=False)


def as_json(message: Message) -> dict[str, Any]:
    """Return a message as the contract's JSON, with the field names of the contract."""
    said: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return said


def lines(data: dict[str, Any], *text: str) -> View:
    """Show a few lines."""
    return View(data, lambda: Text(harmless("\n".join(text))))


def detail(data: dict[str, Any], rows: Iterable[tuple[str, object]]) -> View:
    """Show one thing as names and values; what is empty is left out, and signed texts stand below."""
    said = [(name, str(value)) for name, value in rows if value not in (None, "", ())]
    whole = tuple((name, text) for name, text in said if _SIGNED.fullmatch(text))

    def picture() -> RenderableType:
        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, text in said:
            if (name, text) not in whole:
                table.add_row(name, Text(harmless(text)))
        return table

    return View(data, picture, whole)


def listing(
    key: str, items: Iterable[M], columns: Sequence[tuple[str, Callable[[M], object]]], *, nothing: str
) -> View:
    """Show many things as a table.

    Args:
        key: The name of the list in the object.
        items: The things.
        columns: Heading, and what stands below it for one thing.
        nothing: The sentence where there is none.
    """
    things = list(items)

    def picture() -> RenderableType:
        if not things:
            return Text(nothing)
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading, _ in columns:
            table.add_column(heading, overflow="fold")
        for thing in things:
            table.add_row(*(Text(harmless(str(value(thing)))) for _, value in columns))
        return table

    return View({key: [as_json(thing) for thing in things]}, picture)


def state(message: Message, field: str = "state") -> str:
    """Return the short word of an enumeration field."""
    described = message.DESCRIPTOR.fields_by_name[field]
    return word(_enum(described), getattr(message, field))


def states(message: Message, field: str) -> str:
    """Return the short words of a repeated enumeration field."""
    described = message.DESCRIPTOR.fields_by_name[field]
    return ", ".join(word(_enum(described), value) for value in getattr(message, field))


def _enum(field: Any) -> EnumDescriptor:  # noqa: ANN401  upb and python have descriptors of their own
    described: EnumDescriptor = field.enum_type
    return described


def when(message: Message, field: str) -> str:
    """Return an instant in the reader's own time zone, or nothing where there is none."""
    return local(moment(getattr(message, field))) if message.HasField(field) else ""


def at(stamp: Timestamp) -> str:
    """Return an instant in the reader's own time zone."""
    return local(moment(stamp))


def local(time: datetime) -> str:
    """Return an aware datetime in the reader's own time zone, to the minute."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def harmless(text: str) -> str:
    """Return ``text`` without what a terminal would obey: others have written parts of it."""
    return "".join(each if each.isprintable() or each == "\n" else "?" for each in text)
