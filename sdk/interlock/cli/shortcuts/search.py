"""``interlock search``: banks near a point with room for a parcel."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli import asked
from interlock.cli.grammar import shortcut
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, listing, state
from interlock.v1.directory_service_pb2 import FoundBank


def _room(found: FoundBank) -> str:
    return ", ".join(f"{state(each, 'size_class')} {state(each, 'availability').lower()}" for each in found.classes)


def search(
    session: Session,
    near: Annotated[
        str, typer.Argument(help="Latitude and longitude in degrees: 53.55,9.93. South and west: -- -33.9,18.4")
    ],
    size: asked.Size = "",
    mm: asked.Mm = "",
    climate: asked.Climate = "",
    features: asked.Features = None,
    radius: Annotated[int, typer.Option(help="How far, in metres; 0: 5000.", min=0, max=100_000)] = 0,
    mass: Annotated[int, typer.Option(help="Of the heaviest parcel, in grams; 0: not asked.", min=0)] = 0,
    inputs: Annotated[list[str] | None, typer.Option("--input", help="scanner, keypad, ...; repeat it.")] = None,
    start: asked.From = "",
    end: asked.Until = "",
    collect_for: asked.CollectIn = "",
    full: Annotated[bool, typer.Option("--full", help="Those without room too.")] = False,
    most: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
) -> View:
    """Find banks that would take these parcels in this window, nearest first."""
    missing: list[str] = []
    search = session.client.search_banks(
        asked.position(near),
        radius_m=radius,
        size=size,
        size_mm=asked.millimetres(mm),
        climate=climate,
        features=features or (),
        mass_g=mass,
        inputs=inputs or (),
        window=asked.window(start, end),
        collect_for=asked.collecting(collect_for) if collect_for else None,
        include_full=full,
        page_size=min(most, 100),
        on_unreachable=missing.append,
    )
    found = [each for each, _ in zip(search, range(most), strict=False)]
    for name in dict.fromkeys(missing):
        session.note(f"{name} did not answer in time; it may have room all the same.")
    view = listing(
        "banks",
        found,
        [
            ("BANK", lambda each: each.bank.name),
            ("CALLED", lambda each: each.bank.display_name),
            ("METRES", lambda each: each.distance_m),
            ("ROOM", _room),
        ],
        nothing="No bank near there would take it.",
    )
    return View({"banks": [as_json(each) for each in found], "unreachable": list(dict.fromkeys(missing))}, view.picture)


app = shortcut("search", example="53.55,9.93 --size M --radius 2000")(search)
