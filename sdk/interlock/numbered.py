"""The number under which a key set, a status list or a manifest is guarded against rollback (ACC-40).

``n`` grows by use. ``era`` grows only when a gateway is restored from a backup and may have forgotten numbers that it
gave out; the root key signs that step.
"""

from typing import NamedTuple

from interlock import claims
from interlock.flaws import Flaw, Flawed

_MOST: int = 2**53 - 1


class Number(NamedTuple):
    """An edition; compares as a pair."""

    era: int
    n: int


def read(said: dict[str, object]) -> Number:
    """Take ``era`` and ``n``, each 1 .. 2**53-1, from a document's claims.

    Raises:
        Flawed: ``CLAIM``.
    """
    return Number(claims.whole(said.get("era"), 1, _MOST, "era"), claims.whole(said.get("n"), 1, _MOST, "n"))


def guard(held: Number, new: Number, *, same_text: bool) -> bool:
    """Say whether ``new`` takes the place of ``held``.

    Args:
        held: The edition held now.
        new: The edition offered.
        same_text: The two are the same text, byte for byte.

    Returns:
        True for a later edition; False for the edition held, offered once more.

    Raises:
        Flawed: ``ROLLED_BACK``; an earlier edition, or another text under the number held.
    """
    if new > held:
        return True
    if new == held and same_text:
        return False
    raise Flawed(Flaw.ROLLED_BACK)
