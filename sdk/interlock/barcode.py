"""A parcel's barcode as a bank's manifest holds it: a keyed digest of the scan (ACC-35, ACC-36).

Scanners differ in what they send for one label: some put the AIM symbology identifier in front, GS1 symbologies begin
with FNC1, sent as a group separator. Both go before the digest is made.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

from interlock.binding import derive

ENTRY_BYTES: Final = 16

# "]", a letter for the symbology, a modifier: "]C1" is GS1-128, "]d2" GS1 DataMatrix. Source: ISO/IEC 15424.
_AIM: Final = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_FNC1: Final = b"\x1d"


def key(bank_secret: bytes, version: int) -> bytes:
    """Derive a bank's barcode key of this version from its secret; 32 bytes."""
    return derive(bank_secret, b"interlock/barcode/v%d" % version)


def normalised(scan: bytes) -> bytes:
    """Return ``scan`` without its AIM symbology identifier and without FNC1."""
    prefix = _AIM.match(scan)
    return scan[prefix.end() if prefix else 0 :].replace(_FNC1, b"")


def entry(barcode_key: bytes, scan: bytes) -> bytes:
    """Make the manifest's entry for a scan; 16 bytes, the same whatever the scanner's settings are.

    Args:
        barcode_key: The bank's, from ``key``.
        scan: What the scanner sent, or what the label is known to hold; UTF-8.
    """
    return hmac.digest(barcode_key, normalised(scan), sha256)[:ENTRY_BYTES]
