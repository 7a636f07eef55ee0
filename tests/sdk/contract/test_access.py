"""Every method says who may call it, and what the caller must be to each name in the request (PTY-3, PTY-9)."""

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from interlock.v1 import options_pb2
from interlock.v1.options_pb2 import CALLERS_ANYONE, CALLERS_ROLES, RELATION_UNSPECIFIED, MethodAccess
from tests.sdk.contract.reading import methods, ours, repeated
from tests.sdk.contract.rules import pattern

WITHOUT_A_CALL_TOKEN = {
    "interlock.v1.AccessService.GetKeySet": "public",
    "interlock.v1.PartyService.RegisterKey": "a one-time code is the proof",
    "interlock.v1.ReceiptService.SubmitReceipt": "the receipt is the proof",
    "interlock.edge.v1.EdgeLinkService.Enroll": "a one-time code is the proof",
    "interlock.edge.v1.EdgeLinkService.Connect": "the signed nonce is the proof",
}
"""The whole list; the simulator's hands, on loopback, are no part of a network."""

EACH = pytest.mark.parametrize("method", methods(), ids=lambda method: method.full_name)


def access(method: MethodDescriptor) -> MethodAccess:
    declared: MethodAccess = method.GetOptions().Extensions[options_pb2.access]
    return declared


def follow(message: Descriptor, path: str) -> FieldDescriptor:
    """Return the field at the end of a path.

    Raises:
        KeyError: there is none.
    """
    *before, last = path.split(".")
    for part in before:
        below = message.fields_by_name[part].message_type
        assert below is not None, part
        message = below
    return message.fields_by_name[last]


def resource_names(message: Descriptor, above: tuple[str, ...] = ()) -> set[str]:
    """Return the paths of all fields that hold the name of a resource and that a caller writes.

    A field holds one when the contract demands the form ``parties/...`` of it.
    """
    found = set()
    for field in message.fields:
        below = field.message_type
        if pattern(field).startswith("^parties/"):
            found.add(".".join([*above, field.name]))
        elif ours(below) and not below.GetOptions().map_entry:
            found |= resource_names(below, (*above, field.name))
    return found


@EACH
def test_pty_9_a_method_says_who_may_call_it(method: MethodDescriptor) -> None:
    declared = access(method)
    assert declared.callers
    assert bool(declared.roles) == (declared.callers == CALLERS_ROLES)
    assert len(set(declared.roles)) == len(declared.roles)
    assert options_pb2.ROLE_UNSPECIFIED not in declared.roles


def test_pty_9_without_a_call_token_by_a_list_alone() -> None:
    open_to_all = {method.full_name for method in methods() if access(method).callers == CALLERS_ANYONE}
    hands = {name for name in open_to_all if name.startswith("interlock.testing.v1.")}
    assert open_to_all - hands == set(WITHOUT_A_CALL_TOKEN)


@EACH
def test_pty_3_a_declared_path_leads_to_a_name(method: MethodDescriptor) -> None:
    for name in access(method).names:
        field = follow(method.input_type, name.field)
        assert field.type == FieldDescriptor.TYPE_STRING, name.field
        assert name.relation != RELATION_UNSPECIFIED, name.field


@EACH
def test_pty_3_every_name_in_a_request_has_its_relation(method: MethodDescriptor) -> None:
    paths = [name.field for name in access(method).names]
    assert len(set(paths)) == len(paths)
    assert resource_names(method.input_type) - set(paths) == set()


@EACH
def test_pty_3_one_who_must_own_a_name_gives_one(method: MethodDescriptor) -> None:
    # An empty name is judged by the field's own rules, so a name that must be the caller's is never optional.
    for name in access(method).names:
        field = follow(method.input_type, name.field)
        if name.relation == options_pb2.RELATION_OWN and not repeated(field):
            assert pattern(field) or name.field in MAY_BE_EMPTY, name.field


MAY_BE_EMPTY = {
    "bank.name": "a rule of the request itself demands it; on creation it does not exist yet",
}
