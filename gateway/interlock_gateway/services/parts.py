"""What servicers are built from: the parts of one gateway."""

from __future__ import annotations

from dataclasses import dataclass

from interlock_gateway.events.log import EventLog
from interlock_gateway.network import NetworkFiles
from interlock_gateway.ports import Clock, Entropy
from interlock_gateway.services.links_port import Links
from interlock_gateway.services.verdicts import Verdicts
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.use_cases.committer import Committer
from interlock_gateway.use_cases.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts.

    Attributes:
        committer: Decides and keeps every change.
        readers: Run the queries of reads.
        log: The event log.
        files: The network's keys and documents.
        network: What decisions need of the network.
        links: The links to banks.
        clock: The present instant.
        entropy: Random bytes.
        verdicts: Who calls, as far as call tokens have been judged.
    """

    committer: Committer
    readers: Readers
    log: EventLog
    files: NetworkFiles
    network: Network
    links: Links
    clock: Clock
    entropy: Entropy
    verdicts: Verdicts
