"""The production agent: real lock boards, the link and the kiosk. Nothing here leads to simulated doors or hands."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import entry_points
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from interlock_edge.agent.opening import open_agent
from interlock_edge.agent.time import Sources
from interlock_edge.built import LAYOUT, Layout
from interlock_edge.drivers.port import LockBus
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.server import Kiosk
from interlock_edge.link.client import Link
from interlock_edge.logs import to_stderr

DRIVERS = "interlock_edge.drivers"
"""The entry points by which packages bring drivers: each is a ``MakeBus``."""


class MakeBus(Protocol):
    """What a driver's package gives."""

    def __call__(self, directory: Path, layout: Layout) -> LockBus:
        """Open the boards as the directory's own files say they are wired."""
        ...


class NoDriverError(ValueError):
    """There are no boards to speak to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line; see there."""

    directory: Path
    kiosk: str
    locale: str


def driver(found: Mapping[str, Callable[[], MakeBus]]) -> MakeBus:
    """Return the one driver that is installed.

    Raises:
        NoDriverError: there is none, or more than one.
    """
    if not found:
        raise NoDriverError(
            "No driver for lock boards is installed; install the package of your boards' driver, "
            "or try the agent with: interlock edge simulate"
        )
    if len(found) > 1:
        raise NoDriverError(f"More than one driver is installed ({', '.join(sorted(found))}); remove all but one.")
    (load,) = found.values()
    return load()


def run(wanted: Wanted, note: Callable[[str], None]) -> None:
    """Run the agent until SIGINT or SIGTERM.

    Raises:
        NoDriverError: no driver is installed, or several are.
        NotEnrolledError: no bank has enrolled in the directory.
        JournalUnreadableError: its memory cannot be trusted; no door will open.
    """
    to_stderr()
    make = driver({point.name: point.load for point in entry_points(group=DRIVERS)})
    host = wanted.kiosk.rpartition(":")[0].strip("[]")
    if not ip_address(host).is_loopback:
        raise ValueError(f"The kiosk's page is for this machine alone; {host} is no loopback address.")
    asyncio.run(_serve(wanted, make, note))


async def _serve(wanted: Wanted, make: MakeBus, note: Callable[[str], None]) -> None:
    layout = Layout.read(wanted.directory / LAYOUT)
    agent = open_agent(
        wanted.directory, layout=layout, bus=make(wanted.directory, layout), sources=Sources.of_this_machine()
    )
    kiosk = Kiosk(lambda: agent, Catalogue.of(wanted.locale), wanted.kiosk)
    link = Link(agent, layout, gateway=agent.knowledge.identity.gateway)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await agent.start()
    note(f"{agent.knowledge.identity.bank}: kiosk at {await kiosk.start()}")
    tasks = [asyncio.create_task(agent.run()), asyncio.create_task(link.run()), asyncio.create_task(stop.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await kiosk.stop()
        agent.journal.close()
