"""The auditor: counts what a network has got wrong, from what lies on its disks and from nothing else.

It reads the gateway's database and each bank's journal with plain SQLite and the generated messages of the contract,
and imports none of the code that decides. Whoever decides wrongly would otherwise check its own error with the same
thought.
"""

from interlock_demo.auditor.audit import Audit, audit
from interlock_demo.auditor.findings import Finding, Trouble

__all__ = ["Audit", "Finding", "Trouble", "audit"]
