"""One audit of everything that lies below a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from interlock_demo.auditor import files
from interlock_demo.auditor.books import double_bookings
from interlock_demo.auditor.chains import Chain, Signer
from interlock_demo.auditor.findings import Finding, Trouble
from interlock_demo.auditor.log import lost_events
from interlock_demo.auditor.tenancies import overlaps

SignerOf = Callable[[Path], Signer | None]
"""Finds out whose receipts a journal must hold."""


@dataclass(slots=True)
class Audit:
    """What was looked at, and what was found.

    Attributes:
        gateways: Databases of gateways.
        journals: Journals of banks.
        events: Events in the logs.
        receipts: Receipts in the journals.
        verified: Receipts that hold.
        findings: Everything that went wrong; empty is what should be.
    """

    gateways: int = 0
    journals: int = 0
    events: int = 0
    receipts: int = 0
    verified: int = 0
    findings: list[Finding] = field(default_factory=list)

    def count(self, trouble: Trouble) -> int:
        """Return how often something of a kind went wrong."""
        return sum(finding.trouble is trouble for finding in self.findings)


def audit(directory: Path, *, signer_of: SignerOf = lambda _file: None, now: float | None = None) -> Audit:
    """Audit the gateways and banks whose files lie in ``directory`` and below.

    Args:
        directory: Where they keep their data.
        signer_of: Whose receipts a journal must hold, by its file; by default only the chain is held together.
        now: Unix seconds; None: the time.

    Raises:
        sqlite3.Error: A database is damaged.
        OSError: A file cannot be read.
    """
    found = Audit()
    for file in files.gateways(directory):
        with files.reading(file) as connection:
            found.gateways += 1
            found.events += connection.execute("SELECT COUNT(*) FROM events").fetchone()[0]
            found.findings += double_bookings(connection, now=now)
            found.findings += lost_events(connection)
    for file in files.journals(directory):
        with files.reading(file) as connection:
            chain = Chain()
            found.journals += 1
            found.findings += overlaps(connection)
            found.findings += chain.broken(connection, signer_of(file))
            found.receipts += chain.receipts
            found.verified += chain.verified
    return found
