"""The production agent in a process of its own, at boards that a driver's package brings."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fake_gateway import FakeGateway
from served import Served, serve

from interlock_edge.enrol import enrol
from interlock_edge.layouts import layout_of

pytestmark = pytest.mark.server

DRIVER = """
import time
from interlock_edge import main
from interlock_edge.drivers.simulated import SimulatedBank, SimulatedDoor

def make(directory, layout):
    return SimulatedBank(map(SimulatedDoor, layout.compartments), clock_ms=lambda: time.monotonic_ns() // 1_000_000)

class Point:
    name = "example"
    def load(self):
        return make

main.entry_points = lambda group: [Point()]
from interlock.cli import main as command
command()
"""


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[tuple[Served, str]]:
    gateway = FakeGateway(now=int(time.time()))
    gateway.manifest = gateway.snapshot()
    served, server, address = await serve(gateway)
    await asyncio.to_thread(enrol, gateway.code.text(), gateway=address, directory=directory, layout=layout_of("small"))
    command = ["edge", "run", "--directory", str(directory), "--kiosk", "127.0.0.1:0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRIVER, *command, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        said = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
        yield served, said.split()[-1]
    finally:
        process.terminate()
        ended = await process.wait()
        await server.stop(0)
    assert ended == 0


async def test_a_real_bank_links_and_opens_by_the_kiosk(tmp_path: Path) -> None:
    async with running(tmp_path) as (served, address), httpx.AsyncClient(base_url=address) as browser:
        await served.until(lambda: bool(served.gateway.acknowledged))
        await browser.post("/enter", json={"text": served.gateway.token("abcdefghijklmnop")})
        await served.until(lambda: "door_opened" in served.gateway.facts())
        seen = (await browser.get("/screen")).json()
        assert (seen["key"], seen["linked"]) == ("put_in", True)


async def test_the_kiosk_is_for_this_machine_alone(tmp_path: Path) -> None:
    command = ["edge", "run", "--directory", str(tmp_path), "--kiosk", "0.0.0.0:7480"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRIVER, *command, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"no loopback address" in said
