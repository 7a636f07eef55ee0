"""``interlock demo`` and ``interlock audit``."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final, NoReturn

import typer
from grpc import RpcError
from rich.console import Console

from interlock.cli.endings import Ending
from interlock.cli.grammar import Noun, shortcut
from interlock.cli.session import Session
from interlock.cli.views import View, lines
from interlock.errors import InterlockError
from interlock_demo.auditor import audit as audited
from interlock_demo.auditor.findings import Trouble
from interlock_demo.network import CARRIER, OPERATOR, Network, running
from interlock_demo.story.chapters import CHAPTERS
from interlock_demo.story.telling import Teller
from interlock_demo.story.world import World
from interlock_demo.summary import summary

_WIDTH: Final = 120


def demo(
    session: Session,
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the network up at the end, until Ctrl-C.")] = False,
) -> None:
    """Have parcels cross a network of a gateway and three banks on this machine, one bank cut off in between.

    Everything is made in a temporary folder and gone at the end.
    """
    console = Console(file=sys.stderr, quiet=True) if session.json else Console(width=None if _watched() else _WIDTH)
    with tempfile.TemporaryDirectory(prefix="interlock-demo-") as folder, _terminable():
        teller = Teller(console)
        console.print("Starting a network in a temporary folder ...", style="dim")
        with running(Path(folder)) as network:
            try:
                world = World(network, teller)
                for title, chapter in CHAPTERS:
                    teller.chapter(title)
                    chapter(world)
                result = summary(world)
            except (InterlockError, RpcError):
                for line in network.processes.errors():
                    session.note(line)
                raise
            session.emit(_view(result))
            if not _good(result):
                session.ending = Ending.REFUSED
            if keep:
                _keep(session, network)


def _view(result: dict[str, Any]) -> View:
    states: dict[str, int] = {}
    for each in result["reservations"]:
        states[each["state"]] = states.get(each["state"], 0) + 1
    receipts = result["receipts"]
    ended = ", ".join(f"{count} {state.lower()}" for state, count in sorted(states.items()))
    return lines(
        result,
        "",
        f"{len(result['reservations'])} reservations: {ended}.",
        f"{result['offline_deposits']} deposits and {result['offline_collections']} collections at a bank that was "
        "cut off.",
        f"{receipts['issued']} receipts, {receipts['verified']} verified, "
        f"chain {'whole' if receipts['chain_ok'] else 'BROKEN'}; {result['events']} events.",
        f"{len(result['refused'])} attempts refused; {result['discrepancies']} discrepancy for people to look at.",
        f"The auditor counts {result['double_bookings']} double bookings and {result['lost_events']} lost events. "
        f"{result['seconds']} s.",
    )


def _good(result: dict[str, Any]) -> bool:
    return result["receipts"]["chain_ok"] and not result["double_bookings"] and not result["lost_events"]


def _keep(session: Session, network: Network) -> None:
    network.keep_profiles()
    hands = "\n".join(f"  {bank.place.name:<12} {bank.name}" for bank in network.banks.values())
    session.note(
        f"""
The network stays up at {network.gateway} until Ctrl-C. Its banks:
{hands}
Type next, in another terminal:
  interlock search 38.07,23.78 --radius 10000 --profile {CARRIER}
  interlock reservation list --profile {CARRIER}
  interlock discrepancy list --profile {OPERATOR}
  interlock event list --profile {OPERATOR}"""
    )
    while True:
        network.processes.check()
        time.sleep(1)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let a plain ``kill`` end us as Ctrl-C does, also where a shell has us ignore that: what was started is ended."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _watched() -> bool:
    return os.isatty(sys.stdout.fileno())


app = shortcut("demo", example="--keep", calls=False)(demo)

auditing = Noun("audit", "Count what a network got wrong, from its disks alone.")


@auditing.callback()
def _audit() -> None:
    """Count what a network got wrong, from its disks alone."""  # with one verb alone, typer would drop the noun


@auditing.verb("run", example="--directory /var/lib/interlock", calls=False)
def run(
    session: Session,
    directory: Annotated[Path, typer.Option(help="Folder with the data of gateways and banks, at any depth.")],
) -> View:
    """Look for double bookings, lost events and broken receipts below a folder."""
    found = audited(directory)
    if found.findings:
        session.ending = Ending.REFUSED
    data = {
        "gateways": found.gateways,
        "journals": found.journals,
        "events": found.events,
        "receipts": found.receipts,
        **{f"{trouble.value}s": found.count(trouble) for trouble in Trouble},
        "findings": [{"trouble": each.trouble, "where": each.where, "what": each.what} for each in found.findings],
    }
    said = [f"{each.trouble}: {each.where}: {each.what}" for each in found.findings]
    looked = f"{found.gateways} gateways with {found.events} events, {found.journals} journals with "
    return lines(data, *said, f"{looked}{found.receipts} receipts: {len(found.findings)} findings.")
