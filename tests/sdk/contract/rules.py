"""What the contract demands of a field: its validation rules, read from the options."""

from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from interlock import _buf_validate

_FIELD: Any = _buf_validate.DESCRIPTOR.extensions_by_name["field"]


def rules(field: FieldDescriptor) -> Any:
    """Return the ``buf.validate.FieldRules`` of a field, or ``None`` where the contract states none."""
    options = field.GetOptions()
    return options.Extensions[_FIELD] if options.HasExtension(_FIELD) else None


def rule(field: FieldDescriptor, kind: str) -> Any:
    """Return the rules for one type, for example ``string``; of a repeated field, those for its items."""
    said = rules(field)
    if said is None:
        return None
    if said.HasField("repeated"):
        said = said.repeated.items
    return getattr(said, kind) if said.HasField(kind) else None


def pattern(field: FieldDescriptor) -> str:
    """Return the pattern that a text must match, or an empty text."""
    text = rule(field, "string") if field.type == FieldDescriptor.TYPE_STRING else None
    return text.pattern if text is not None else ""
