"""Serves the page on loopback, within the agent's own loop."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from interlock_edge.agent.agent import Agent
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.page import page


class Kiosk:
    """The page of one bank."""

    def __init__(self, agent: Callable[[], Agent], catalogue: Catalogue, address: str) -> None:
        """Take the address, ``127.0.0.1:PORT``; whoever calls has held that it is loopback."""
        host, _, port = address.rpartition(":")
        self._socket = socket.create_server((host, int(port)))
        config = uvicorn.Config(page(agent, catalogue), log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Serve; return the page's address."""
        # _serve leaves the process's signals to whoever runs the agent.
        self._task = asyncio.create_task(self._server._serve([self._socket]))  # noqa: SLF001
        host, port = self._socket.getsockname()[:2]
        return f"http://{host}:{port}/"

    async def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()
