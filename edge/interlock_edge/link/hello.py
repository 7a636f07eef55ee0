"""The first moments of a link: a challenge, a signed Hello, and the time signed over this bank's own nonce (LNK-10)."""

from dataclasses import dataclass

from interlock.edge.v1 import link_service_pb2, manifest_pb2
from interlock.link_proof import prove_hello, time_proven
from interlock.numbered import Number
from interlock_edge.agent.agent import Agent
from interlock_edge.built import Layout
from interlock_edge.custody.fact import Lane
from interlock_edge.enrol import FIRMWARE
from interlock_edge.link.lanes import clock_reading, last_numbers

PROTOCOL_VERSION = 1
EPOCH = "link_epoch"
"""Name of the value in the journal."""
CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Said:
    """A Hello under way.

    Attributes:
        nonce: This bank's own.
        asked_ms: When it left, by the clock that never steps.
    """

    nonce: bytes
    asked_ms: int


def signed_hello(
    agent: Agent, layout: Layout, challenge: link_service_pb2.Challenge, said: Said
) -> link_service_pb2.SignedHello:
    """Answer the gateway's challenge: who this is, and where it stands."""
    knowledge, journal, at = agent.knowledge, agent.journal, agent.now()
    manifest = knowledge.manifest
    hello = link_service_pb2.Hello(
        bank=knowledge.identity.audience,
        protocol_versions=[PROTOCOL_VERSION],
        firmware=FIRMWARE,
        inventory=layout.inventory(),
        journal_id=journal.journal_id,
        last_numbers=last_numbers(journal.lanes),
        chain_hash=journal.lanes.last(Lane.CUSTODY)[1],
        manifest=manifest_pb2.Version(era=manifest.era, number=manifest.number),
        key_set=_version(knowledge.key_set.number),
        status_list=_version(knowledge.status.number if knowledge.status else Number(0, 0)),
        nonce=said.nonce,
        clock=clock_reading(at.time, at.uncertainty_s, suspect=at.suspect, boot_id=agent.boot_id, ms=at.ms),
        link_epoch=int(journal.kept(EPOCH) or 0),
    ).SerializeToString(deterministic=True)
    return link_service_pb2.SignedHello(
        hello=hello, signature=prove_hello(agent.key, nonce=challenge.nonce, hello=hello)
    )


def proven_time(agent: Agent, time: link_service_pb2.SignedTime, *, nonce: bytes) -> int | None:
    """Return the network's time in nanoseconds, or nothing: no key of the key set signed it over ``nonce``."""
    key = agent.knowledge.time_keys().get(time.kid)
    if key is None or not time_proven(key, nonce=nonce, unix_ns=time.unix_ns, proof=time.signature):
        return None
    return time.unix_ns


def _version(number: Number) -> manifest_pb2.Version:
    return manifest_pb2.Version(era=number.era, number=number.n)
