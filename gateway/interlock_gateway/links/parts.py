"""What the links are built from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from interlock_gateway.links.dispatch import Links
from interlock_gateway.links.manifests import Manifests
from interlock_gateway.network import NetworkFiles
from interlock_gateway.ports import Clock, Entropy
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.use_cases.committer import Committer


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParts:
    """The parts.

    Attributes:
        committer: Decides and keeps every change.
        readers: Run the queries of reads.
        files: The network's keys and documents.
        links: Which banks are connected.
        clock: The present instant.
        entropy: Random bytes.
        monotonic_s: A clock that never goes back, in seconds.
        heartbeat: How often heartbeats go both ways.
        hello_within: A stream that has not proved a key by then is ended.
    """

    committer: Committer
    readers: Readers
    files: NetworkFiles
    links: Links
    clock: Clock
    entropy: Entropy
    monotonic_s: Callable[[], float]
    heartbeat: timedelta = timedelta(seconds=30)
    hello_within: timedelta = timedelta(seconds=20)

    @property
    def manifests(self) -> Manifests:
        """Builds what banks must know."""
        return Manifests(readers=self.readers, committer=self.committer, files=self.files, clock=self.clock)
