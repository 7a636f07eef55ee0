"""``Enroll``: the contract's messages around the use case (LNK-1 to LNK-6)."""

from __future__ import annotations

import json
from functools import partial

from interlock.edge.v1 import fact_pb2, inventory_pb2, link_service_pb2
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock.v1 import need_pb2
from interlock_gateway.domain.bank import Input, VerifiesAt
from interlock_gateway.domain.errors import CodeInvalid
from interlock_gateway.network import NetworkFiles
from interlock_gateway.services.mapping.values import named
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.enrolment import Answering, Enrol, refused_if_used


async def enroll(
    request: link_service_pb2.EnrollRequest, *, committer: Committer, files: NetworkFiles
) -> link_service_pb2.EnrollResponse:
    """Redeem a code.

    Raises:
        CodeInvalid: No such code, wrong proof, over, or a key that is none.
        CodeUsed: Used with another key; people have been told.
    """
    try:
        key = PublicKey.from_jwk(json.loads(request.public_key))
    except (Flawed, ValueError) as flaw:
        raise CodeInvalid from flaw
    inventory = request.inventory
    proposal = Enrol(
        code_id=request.code_id,
        key=key,
        nonce=request.nonce,
        proof=request.proof,
        inputs=frozenset(named(need_pb2.Input, each, Input) for each in inventory.inputs if each),
        verifies_at=_verifies_at(inventory),
        firmware=request.firmware,
        root_thumbprint=files.key_set.root.thumbprint(),
        vault=files.vault,
        compose=partial(_compose, files),
    )
    answer = refused_if_used(await committer.submit(proposal))
    return link_service_pb2.EnrollResponse(enrolment=answer.enrolment, proof=answer.proof)


def _verifies_at(inventory: inventory_pb2.Inventory) -> VerifiesAt:
    if not inventory.verifies_at:
        return VerifiesAt.BANK
    return named(inventory_pb2.VerifiesAt, inventory.verifies_at, VerifiesAt)


def _compose(files: NetworkFiles, said: Answering) -> bytes:
    """Write what a new controller learns."""
    before = said.predecessor
    predecessor = None
    if before is not None:
        predecessor = fact_pb2.JournalStarted(
            previous_journal_id=before.journal_id, previous_hash=before.hash, previous_number=before.number
        )
    return link_service_pb2.Enrolment(
        network=files.network_id,
        bank=said.bank,
        token_audience=said.token_audience,
        root_key=files.key_set.root.canonical_jwk().decode(),
        key_set=files.key_set.text,
        certificate_authority=files.ca_document,
        sealed_secret=said.sealed_secret,
        predecessor=predecessor,
    ).SerializeToString(deterministic=True)
