"""How a new bank and its network come to trust each other: one code, one call, two proofs (LNK-2, LNK-3).

Nothing of the connection is trusted for it: who answers is believed for the HMAC under the code's secret, the documents
for the root key whose thumbprint stands in the code.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import grpc

from interlock import errors, key_set
from interlock.client.channel import target
from interlock.edge.v1 import link_service_pb2, link_service_pb2_grpc
from interlock.enrolment import EnrolmentCode, answer_proof, enrol_proof, proofs_equal, unseal
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey
from interlock.strict_json import decode
from interlock_edge import identity
from interlock_edge.built import LAYOUT, Layout
from interlock_edge.custody.fact import JournalStarted
from interlock_edge.identity import Identity

CALL_S = 20.0
FIRMWARE = "interlock-edge 0.1.0"


@dataclass(frozen=True, slots=True)
class Asking:
    """One attempt to enrol. Nothing in it waits or speaks.

    Attributes:
        code: The operator's.
        key: The bank's own.
        nonce: 32 fresh bytes.
    """

    code: EnrolmentCode
    key: PrivateKey
    nonce: bytes

    def request(self, layout: Layout) -> link_service_pb2.EnrollRequest:
        """Make the request: it proves the code and never carries its secret."""
        return link_service_pb2.EnrollRequest(
            code_id=self.code.code_id,
            public_key=self.key.public.canonical_jwk().decode(),
            nonce=self.nonce,
            proof=enrol_proof(self.code, public_key=self.key.public, nonce=self.nonce),
            inventory=layout.inventory(),
            firmware=FIRMWARE,
        )

    def believed(self, answer: link_service_pb2.EnrollResponse, *, gateway: str) -> Identity:
        """Check the answer and take what it gives.

        Raises:
            Flawed: ``SIGNATURE`` for a gateway that does not know the code; ``KEY_UNKNOWN`` for another root than the
                code names; whatever is wrong with the key set, the certificates or the seal.
        """
        if not proofs_equal(answer.proof, answer_proof(self.code, nonce=self.nonce, answer=answer.enrolment)):
            raise Flawed(Flaw.SIGNATURE, "proof")
        given = link_service_pb2.Enrolment.FromString(answer.enrolment)
        root = PublicKey.from_jwk(decode(given.root_key.encode()))
        if not proofs_equal(root.thumbprint(), self.code.root_thumbprint):
            raise Flawed(Flaw.KEY_UNKNOWN, "root_key")
        if key_set.read(given.key_set, root.thumbprint()).network != given.network:
            raise Flawed(Flaw.ISSUER, "key_set")
        before = given.predecessor
        made = Identity(
            gateway=gateway,
            network=given.network,
            bank=given.bank,
            audience=given.token_audience,
            root_key=given.root_key,
            key_set=given.key_set,
            authority=given.certificate_authority,
            secret=unseal(self.code, given.sealed_secret),
            predecessor=JournalStarted(before.previous_journal_id, before.previous_number, before.previous_hash),
        )
        made.authority_pem()
        return made


def enrol(code: str, *, gateway: str, directory: Path, layout: Layout, ca: Path | None = None) -> Identity:
    """Enrol a bank and keep what it was given. Safe to repeat: the same key asks again.

    Args:
        code: The operator's one-time code.
        gateway: ``host:port``; plain text on this machine alone.
        directory: The bank's own. Its key is made there and never leaves it.
        layout: What the bank is made of; kept beside the key.
        ca: Certificates to trust for the connection, PEM; by default the system's.

    Raises:
        Flawed: the code, or the answer, is not what it must be.
        Refused: the gateway says no, or nobody answers.
        FileExistsError: the directory holds an enrolled bank already.
    """
    if (directory / "bank.json").exists():
        message = f"A bank has enrolled in {directory} already; it was left as it is."
        raise FileExistsError(message)
    asking = Asking(EnrolmentCode.parse(code), identity.key_of(directory), secrets.token_bytes(32))
    where = target(gateway, ca=ca)
    opened = (
        grpc.insecure_channel(where.address, where.options())
        if where.plain
        else grpc.secure_channel(where.address, where.credentials(), where.options())
    )
    with opened as channel:
        try:
            answer = link_service_pb2_grpc.EdgeLinkServiceStub(channel).Enroll(asking.request(layout), timeout=CALL_S)
        except grpc.RpcError as failure:
            raise errors.from_failure(failure, gateway=gateway) from failure
    given = asking.believed(answer, gateway=gateway)
    (directory / LAYOUT).write_text(layout.text)
    identity.save(given, directory)
    return given
