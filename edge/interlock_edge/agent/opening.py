"""Where an agent comes from: a directory, doors, and a clock."""

import base64
import secrets
from pathlib import Path

from interlock_edge import identity
from interlock_edge.agent.agent import Agent
from interlock_edge.agent.knowledge import Knowledge
from interlock_edge.agent.time import ROW, Sources, Timekeeper
from interlock_edge.bank.policy import Policy
from interlock_edge.bank.state import Bank
from interlock_edge.built import Layout
from interlock_edge.custody.fact import Fact, Lane
from interlock_edge.drivers.port import LockBus
from interlock_edge.journal.encoding import encoder
from interlock_edge.journal.journal import Journal
from interlock_edge.journal.sealing import sealer


def new_id() -> str:
    """Draw 80 random bits: the id of a journal, or of one life of the agent."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def open_agent(
    directory: Path, *, layout: Layout, bus: LockBus, sources: Sources, policy: Policy | None = None
) -> Agent:
    """Open the bank that enrolled in ``directory``. Close its ``journal`` when it is done with.

    Args:
        directory: Of the bank's key, identity and journal; the journal is made at the first start.
        layout: What it is made of.
        bus: Its lock boards.
        sources: Where time comes from.
        policy: The numbers that it goes by, until the gateway tells others.

    Raises:
        NotEnrolledError: no bank has enrolled there.
        JournalUnreadableError: its memory cannot be trusted, or another agent holds it.
        Flawed: its key or a signed document is not what it must be.
    """
    given, key, boot_id = identity.load(directory), identity.key_of(directory), new_id()
    path, encode, seal = directory / "journal", encoder(boot_id), sealer(given.audience, key)
    if path.exists():
        journal = Journal.open(path, encode=encode, seal=seal)
    else:
        journal = Journal.create(path, new_id(), encode=encode, seal=seal)
    try:
        timekeeper = Timekeeper(sources, journal.kept(ROW))
        at = timekeeper.now()
        knowledge = Knowledge.of(given, journal.told(), now=at.time)
        bank = Bank(boot_id, layout.doors(), policy or Policy(), manifest=knowledge.manifest)
        agent = Agent(bank, key=key, knowledge=knowledge, journal=journal, bus=bus, timekeeper=timekeeper)
        if journal.lanes.last(Lane.CUSTODY)[0] == 0:
            agent.record(Fact(given.predecessor, at))
    except BaseException:
        journal.close()
        raise
    return agent
