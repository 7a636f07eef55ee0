"""What a use case hands to the committer: a decision that has not been made yet (REQ-20).

A proposal decides over loaded values alone, so it can be decided again when somebody else was faster, or when a row
beside it in the batch turned out to be impossible. It touches nothing but its desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from interlock_gateway.ports import Request, Wanted
from interlock_gateway.use_cases.desk import Desk

T_co = TypeVar("T_co", covariant=True)


class Proposal(Protocol[T_co]):
    """One decision, from what is on the desk to what is left on it."""

    @property
    def request(self) -> Request | None:
        """Under what its outcome is remembered; ``None`` for what nobody retries, such as a lapse."""
        ...

    def needs(self, wanted: Wanted) -> None:
        """Name what it will ask the desk for, as far as is known before.

        Only a matter of speed: what is not named here is loaded when the desk is asked for it, and the proposal is
        then decided again from the start.
        """
        ...

    def decide(self, desk: Desk) -> T_co:
        """Decide.

        Returns:
            The answer, given to the caller once everything left on the desk is durable.

        Raises:
            Refusal: No; what it left on the desk is dropped and nothing is remembered.
        """
        ...

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> T_co:
        """Build the answer of a request that was committed before (REQ-2).

        Args:
            desk: For reading.
            answer: What ``decide`` left with ``desk.remember``.
        """
        ...
