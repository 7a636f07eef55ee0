"""What the contract demands of a field: its validation rules, read from the options."""

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from interlock import _buf_validate
from interlock.v1 import need_pb2

assert need_pb2.DESCRIPTOR  # generated code brings the rules' file into the pool
_FIELD = _buf_validate.DESCRIPTOR.extensions_by_name["field"]


def rules(field: FieldDescriptor) -> Message | None:
    """Return the rules of a field, or ``None`` where the contract states none."""
    options = field.GetOptions()
    return options.Extensions[_FIELD] if options.HasExtension(_FIELD) else None


def rule(field: FieldDescriptor, kind: str) -> Message | None:
    """Return the rules for one type, for example ``string``; of a repeated field, those for its items."""
    said = rules(field)
    if said is None:
        return None
    if said.HasField("repeated"):
        said = said.repeated.items  # type: ignore[attr-defined]  # FieldRules
    return getattr(said, kind) if said.HasField(kind) else None  # type: ignore[union-attr]  # FieldRules


def pattern(field: FieldDescriptor) -> str:
    """Return the pattern that a text must match, or an empty text."""
    if field.type != FieldDescriptor.TYPE_STRING:
        return ""
    text = rule(field, "string")
    return text.pattern if text is not None else ""  # type: ignore[attr-defined]  # StringRules
