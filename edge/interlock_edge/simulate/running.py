"""Starts a simulated bank with its hands and, if wanted, its kiosk; runs until the process is told to end."""

import asyncio
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import grpc

from interlock.testing.v1 import hands_service_pb2_grpc
from interlock_edge.built import LAYOUT, Layout
from interlock_edge.enrol import enrol
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.server import Kiosk
from interlock_edge.layouts import layout_of
from interlock_edge.link.backoff import Backoff
from interlock_edge.logs import to_stderr
from interlock_edge.simulate.hands import Hands, loopback
from interlock_edge.simulate.table import Table

FIRST_RETRY_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line; see there."""

    directory: Path
    layout: str
    code: str
    gateway: str
    hands: str
    kiosk: str
    locale: str
    ready_file: Path | None
    retry_s: float


async def simulate(wanted: Wanted, note: Callable[[str], None]) -> None:
    """Run a simulated bank until SIGINT or SIGTERM.

    Raises:
        NotLoopbackError: hands or kiosk would be open to other machines.
        NotEnrolledError: no bank is in the directory and no code was given.
    """
    to_stderr()
    loopback(wanted.hands)
    catalogue = Catalogue.of(wanted.locale)
    if wanted.code and not (wanted.directory / "bank.json").exists():
        layout = layout_of(wanted.layout)
        await asyncio.to_thread(enrol, wanted.code, gateway=wanted.gateway, directory=wanted.directory, layout=layout)
    kept = wanted.directory / LAYOUT
    layout = Layout.read(kept) if kept.exists() else layout_of(wanted.layout)
    table = Table(wanted.directory, layout, backoff=Backoff(FIRST_RETRY_S, wanted.retry_s))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = grpc.aio.server()
    hands_service_pb2_grpc.add_HandsServiceServicer_to_server(Hands(table, catalogue), server)
    port = server.add_insecure_port(wanted.hands)
    kiosk = Kiosk(table.running, catalogue, loopback(wanted.kiosk)) if wanted.kiosk else None
    try:
        agent = await table.plug_in()
        await server.start()
        ready = {"bank": agent.knowledge.identity.bank, "hands": f"{wanted.hands.rpartition(':')[0]}:{port}"}
        if kiosk is not None:
            ready["kiosk"] = await kiosk.start()
        note("Simulated bank: " + ", ".join(f"{name} {value}" for name, value in ready.items()))
        if wanted.ready_file is not None:
            fresh = wanted.ready_file.with_name(wanted.ready_file.name + ".new")
            fresh.write_text(json.dumps(ready))
            fresh.rename(wanted.ready_file)
        await _until(stop, table)
    finally:
        if kiosk is not None:
            await kiosk.stop()
        await server.stop(0.5)
        await table.pull_plug()


async def _until(stop: asyncio.Event, table: Table) -> None:
    """Wait until the process is told to end.

    Raises:
        Exception: that with which the agent has ended by itself.
    """
    table.failed.add_done_callback(lambda _: stop.set())
    await stop.wait()
    if table.failed.done():
        table.failed.result()
