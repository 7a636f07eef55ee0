"""A manifest change: checked, made durable, then acknowledged; or refused with one sentence (LNK-31 to LNK-33)."""

from interlock.edge.v1 import manifest_pb2
from interlock.flaws import Flawed
from interlock_edge.agent.agent import Agent
from interlock_edge.journal.database import JournalFullError
from interlock_edge.journal.decoding import handed_down_of, told_of

_APPLIED = manifest_pb2.MANIFEST_OUTCOME_APPLIED
_NEED_SNAPSHOT = manifest_pb2.MANIFEST_OUTCOME_NEED_SNAPSHOT
_REFUSED = manifest_pb2.MANIFEST_OUTCOME_REFUSED
_MOST_REASON = 500


async def take_in(agent: Agent, change: manifest_pb2.ManifestChange) -> manifest_pb2.ManifestAcknowledgement:
    """Take in one change and answer it."""
    held = _held(agent)
    to, start = (change.to.era, change.to.number), getattr(change, "from")
    if to == held:
        return _answer(agent, change, _APPLIED)  # its acknowledgement was lost
    if to < held:
        return _answer(agent, change, _REFUSED, "It is older than the manifest held.")
    if change.HasField("from") and (start.era, start.number) != held:
        return _answer(agent, change, _NEED_SNAPSHOT)
    try:
        await agent.tell(told_of(change), handed_down_of(change))
    except Flawed as flawed:
        return _answer(agent, change, _REFUSED, f"A signed document is not what it must be ({flawed.flaw}).")
    except (ValueError, JournalFullError) as error:
        return _answer(agent, change, _REFUSED, str(error))
    return _answer(agent, change, _APPLIED)


def _held(agent: Agent) -> tuple[int, int]:
    return agent.knowledge.manifest.era, agent.knowledge.manifest.number


def _answer(
    agent: Agent,
    change: manifest_pb2.ManifestChange,
    outcome: manifest_pb2.ManifestOutcome.ValueType,
    reason: str = "",
) -> manifest_pb2.ManifestAcknowledgement:
    era, number = _held(agent)
    return manifest_pb2.ManifestAcknowledgement(
        to=change.to,
        outcome=outcome,
        held=manifest_pb2.Version(era=era, number=number),
        reason=reason[:_MOST_REASON],
    )
