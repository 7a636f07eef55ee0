"""The people of a reservation, as they are kept: encrypted, each under a key of its own (PTY-12).

Who encrypts and decrypts is the vault, at the rim. Destroying ``wrapped_key`` erases one person alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """Collector and shipper of one reservation.

    Attributes:
        reservation: The reservation's id.
        party: Party id of the carrier, whose key wraps the data key.
        wrapped_key: The data key, wrapped; empty once erased.
        ciphertext: What only the data key reads; empty once erased.
    """

    reservation: str
    party: str
    wrapped_key: bytes
    ciphertext: bytes

    @property
    def erased(self) -> bool:
        """Whether nobody can read it any more."""
        return not self.wrapped_key
