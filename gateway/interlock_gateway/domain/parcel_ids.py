"""Identifiers on parcels, with their check digits (REQ-10).

A wrong check digit is a typing or scanning mistake, and finding it here saves a courier's walk to the wrong door.
"""

from __future__ import annotations

import re
from typing import Final

_SSCC: Final = re.compile(r"[0-9]{18}", re.ASCII)
_S10: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", re.ASCII)
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def is_sscc(text: str) -> bool:
    """Say whether ``text`` is a Serial Shipping Container Code: 18 digits, the last one right.

    Source: GS1 General Specifications 7.9.1, standard check digit calculation for GS1 data structures.
    """
    if not _SSCC.fullmatch(text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(text[:-1]))
    return int(text[-1]) == -weighted % 10


def is_s10(text: str) -> bool:
    """Say whether ``text`` is a postal item identifier: two letters, eight digits and a right check digit, two letters.

    Source: UPU standard S10, check digit: weights 8 6 4 2 3 5 9 7; 11 minus the sum modulo 11, where 10 becomes 0
    and 11 becomes 5.
    """
    if not _S10.fullmatch(text):
        return False
    serial, check = text[2:10], int(text[10])
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return check == {10: 0, 11: 5}.get(remainder, remainder)
