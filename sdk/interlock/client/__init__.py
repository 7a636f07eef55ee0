"""The two clients: ``Client`` waits, ``AsyncClient`` is awaited; the same methods, described once."""

from interlock.client.aio import AsyncClient
from interlock.client.retry import Retry
from interlock.client.sync import Client

__all__ = ["AsyncClient", "Client", "Retry"]
