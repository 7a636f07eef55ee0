"""What the services ask of the links to banks; ``links/`` has it, ``NoLinks`` stands in where nothing is linked."""

from __future__ import annotations

from typing import Any, Protocol

from interlock_gateway.domain.errors import NoLiveLink
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import Request
from interlock_gateway.use_cases.network import Reach


class Links(Protocol):
    """The links, seen from the services."""

    def reach(self, bank: BankName) -> Reach:
        """Say how well a bank can be reached at this moment."""
        ...

    def acknowledged(self, bank: BankName) -> int:
        """Number of the latest manifest that the bank has acknowledged; 0 for none."""
        ...

    async def acknowledges(self, bank: BankName, number: int, timeout_s: float) -> bool:
        """Wait until the bank has acknowledged a manifest's number; whether it did in time."""
        ...

    async def command(
        self,
        bank: BankName,
        body: Any,  # noqa: ANN401 - of ``edge.v1``, as the answer is
        deadline_s: float,
        request: Request | None = None,
    ) -> Any:  # noqa: ANN401
        """Ask a bank for something, and wait for its answer.

        Args:
            bank: Which.
            body: ``interlock.edge.v1.Command`` without its id and deadline.
            deadline_s: Seconds from now after which the bank must not act any more.
            request: Under what it is remembered; a repeated one is not sent again, and has the same answer.

        Returns:
            ``interlock.edge.v1.CommandResult``.

        Raises:
            NoLiveLink: The bank is not connected.
            CommandExpired: It did not answer in time, and will not act any more.
        """
        ...

    def manifest_changed(self, bank: BankName) -> None:
        """Have a connected bank told of the change that was just committed. Never waits."""
        ...


class NoLinks:
    """No bank is linked."""

    def reach(self, bank: BankName) -> Reach:  # noqa: ARG002
        """Nobody was ever heard."""
        return Reach(None)

    def acknowledged(self, bank: BankName) -> int:  # noqa: ARG002
        """Nothing was ever acknowledged."""
        return 0

    async def acknowledges(self, bank: BankName, number: int, timeout_s: float) -> bool:  # noqa: ARG002
        """Nobody will."""
        return False

    async def command(
        self,
        bank: BankName,
        body: Any,  # noqa: ANN401, ARG002
        deadline_s: float,  # noqa: ARG002
        request: Request | None = None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401
        """Nobody hears it."""
        raise NoLiveLink(bank=str(bank))

    def manifest_changed(self, bank: BankName) -> None:
        """Nobody wants to know."""
