"""The types and limits of single claims, checked exactly: an integer is no boolean, no string and no float (ACC-5)."""

import re
from typing import Final, TypeVar

from interlock.flaws import Flaw, Flawed

NETWORK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,15}", re.ASCII)
"""A network: 1..16 characters."""
AUDIENCE: Final = re.compile(r"[a-z2-7]{12}", re.ASCII)
"""A bank's ``token_audience``: 12 base32 characters, shown in the directory, never reused."""
RESERVATION_ID: Final = re.compile(r"[a-z2-7]{16}", re.ASCII)
"""A reservation, a service visit or a journal: 16 base32 characters, 80 random bits."""
GROUP_ID: Final = re.compile(r"[a-z2-7]{10}", re.ASCII)
"""A collector group: 10 base32 characters, 50 random bits; its length tells it from a reservation (ACC-13)."""
COLLECT_SUBJECT: Final = re.compile(r"[a-z2-7]{16}|[a-z2-7]{10}", re.ASCII)
"""Whose parcels a collect right opens: a reservation's or a collector group's."""
JTI: Final = re.compile(r"[A-Za-z0-9_-]{16}", re.ASCII)
"""A token: 16 base64url characters, 96 random bits."""
PARTY_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,30}", re.ASCII)
"""A party, without ``parties/``."""
COMPARTMENT_LABEL: Final = re.compile(r"[A-Za-z0-9-]{1,12}", re.ASCII)
"""A compartment, as its door shows it."""

LAST_SECOND: Final = 9_999_999_999
"""The last instant that a claim can name: ten digits, in the year 2286."""

_Choice = TypeVar("_Choice", bound=str)


def text(value: object, pattern: re.Pattern[str], name: str) -> str:
    """Return ``value`` if it is a string of this form.

    Raises:
        Flawed: ``CLAIM``, with ``name`` as its detail.
    """
    if type(value) is not str or pattern.fullmatch(value) is None:
        raise Flawed(Flaw.CLAIM, name)
    return value


def whole(value: object, low: int, high: int, name: str) -> int:
    """Return ``value`` if it is an integer of ``low`` .. ``high``, both included.

    Raises:
        Flawed: ``CLAIM``, with ``name`` as its detail.
    """
    if type(value) is not int or not low <= value <= high:
        raise Flawed(Flaw.CLAIM, name)
    return value


def instant(value: object, name: str) -> int:
    """Return ``value`` if it is a NumericDate without a fraction: Unix seconds, at most ten digits (RFC 7519 2).

    Raises:
        Flawed: ``CLAIM``, with ``name`` as its detail.
    """
    return whole(value, 0, LAST_SECOND, name)


def choice(value: object, kind: type[_Choice], name: str) -> _Choice:
    """Return the member of the string enumeration ``kind`` that ``value`` spells.

    Raises:
        Flawed: ``CLAIM``, with ``name`` as its detail.
    """
    if not isinstance(value, str):
        raise Flawed(Flaw.CLAIM, name)
    try:
        return kind(value)
    except ValueError as error:
        raise Flawed(Flaw.CLAIM, name) from error
