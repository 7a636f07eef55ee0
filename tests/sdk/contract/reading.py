"""The contract as descriptors and as prose: every file, method, message and field of ours, with its comment.

The stubs carry no comments, so the prose comes from the sources by way of protoc.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TypeGuard

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

import interlock.edge.v1
import interlock.testing.v1
import interlock.v1
from interlock.v1 import options_pb2

ROOT = Path(__file__).parents[3]
PACKAGES = (interlock.v1, interlock.edge.v1, interlock.testing.v1)


@cache
def files() -> tuple[FileDescriptor, ...]:
    """Every file of ours, by name."""
    found = {}
    for package in PACKAGES:
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if module.name.endswith("_pb2"):
                descriptor: FileDescriptor = importlib.import_module(module.name).DESCRIPTOR
                found[descriptor.name] = descriptor
    return tuple(found[name] for name in sorted(found))


def methods() -> list[MethodDescriptor]:
    """Every method, in the order of its file."""
    return [method for file in files() for service in file.services_by_name.values() for method in service.methods]


def messages() -> list[Descriptor]:
    """Every message of ours, nested ones too; the entries of maps are no messages of anybody's."""

    def below(message: Descriptor) -> Iterator[Descriptor]:
        yield message
        for nested in message.nested_types:
            if not nested.GetOptions().map_entry:
                yield from below(nested)

    return [each for file in files() for message in file.message_types_by_name.values() for each in below(message)]


def enums() -> list[EnumDescriptor]:
    """Every enum of ours."""
    return [enum for file in files() for enum in file.enum_types_by_name.values()]


def ours(message: Descriptor | None) -> TypeGuard[Descriptor]:
    """Whether a message is of our contract and not of Google's."""
    return message is not None and message.full_name.startswith("interlock.")


def reachable(
    roots: Iterable[Descriptor], *, by: Callable[[Descriptor], Iterable[FieldDescriptor]] = attrgetter("fields")
) -> list[Descriptor]:
    """Return the messages of ours that can stand in ``roots`` at any depth, themselves included, by name.

    Args:
        roots: Where to begin.
        by: The fields of a message that are followed.
    """
    found: dict[str, Descriptor] = {}
    waiting = list(roots)
    while waiting:
        message = waiting.pop()
        if message.full_name not in found and ours(message):
            found[message.full_name] = message
            waiting += [field.message_type for field in _fields(message, by) if field.message_type is not None]
    return [found[name] for name in sorted(found) if not found[name].GetOptions().map_entry]


def _fields(message: Descriptor, by: Callable[[Descriptor], Iterable[FieldDescriptor]]) -> Iterable[FieldDescriptor]:
    """Return the fields to follow; of a map's entry, which nobody wrote a comment for, all of them."""
    return message.fields if message.GetOptions().map_entry else by(message)


def output_only(element: FieldDescriptor | Descriptor) -> bool:
    """Whether a request carries the element only because it carries a resource as read."""
    return "Output only" in comments()[element.full_name]


def written(message: Descriptor) -> list[FieldDescriptor]:
    """Return the fields of a message that a caller writes."""
    return [field for field in message.fields if not output_only(field)]


def requests() -> list[Descriptor]:
    """Return every message that a caller of the parties' contract writes, by name."""
    inputs = [method.input_type for method in methods() if method.full_name.startswith("interlock.v1.")]
    return reachable(inputs, by=written)


def repeated(field: FieldDescriptor) -> bool:
    """Whether a field may stand many times."""
    return bool(field.is_repeated)


def home(field: FieldDescriptor) -> Descriptor:
    """Return the message that a field belongs to; only an extension has none."""
    assert field.containing_type is not None
    return field.containing_type


def audience(field: FieldDescriptor) -> frozenset[int]:
    """Return who sees a field: its own audience, or the default of its message; empty for the party in the name."""
    own = frozenset(field.GetOptions().Extensions[options_pb2.audience])
    return own or frozenset(home(field).GetOptions().Extensions[options_pb2.default_audience])


@cache
def comments() -> dict[str, str]:
    """Return the comment above each element, by its full name; an enum's value as ``Enum.VALUE``.

    Raises:
        AssertionError: protoc refused a file.
    """
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "contract.binpb"
        well_known = Path(protoc.__file__).parent / "_proto"
        includes = [f"-I{ROOT / 'proto'}", f"-I{ROOT / 'third_party' / 'proto'}", f"-I{well_known}"]
        names = [file.name for file in files()]
        assert not protoc.main(["protoc", *includes, "--include_source_info", f"--descriptor_set_out={image}", *names])
        sources = FileDescriptorSet.FromString(image.read_bytes())
    found = {}
    for source in sources.file:
        for place in source.source_code_info.location:
            name = _name(source, list(place.path))
            if name:
                found[f"{source.package}.{name}"] = " ".join(place.leading_comments.split())
    return found


def _name(source: object, path: list[int]) -> str:
    """Turn a source position into a name; empty for a position inside an element."""
    names = []
    at: object = source
    for number, index in zip(path[::2], path[1::2], strict=False):
        descriptor: Descriptor = at.DESCRIPTOR  # type: ignore[attr-defined]  # at is a descriptor message
        field = descriptor.fields_by_number[number]
        if not repeated(field) or field.message_type is None or "name" not in field.message_type.fields_by_name:
            return ""
        at = getattr(at, field.name)[index]
        names.append(at.name)  # type: ignore[attr-defined]  # just looked
    return ".".join(names) if len(path) % 2 == 0 else ""
