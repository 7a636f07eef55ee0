"""The doors on disk: a parcel lies where it lay and a door stands as it stood, though the process was killed."""

import json
from pathlib import Path

from interlock_edge.drivers.simulated import SimulatedBank

FILE = "simulated-doors.json"
"""Name of the file in the bank's directory. It stands for the world, not for the bank's memory."""


def remember(bank: SimulatedBank, directory: Path) -> None:
    """Write what hands would find."""
    said = {label: {"open": door.open, "items": door.items} for label, door in bank.doors.items()}
    fresh = directory / f"{FILE}.new"
    fresh.write_text(json.dumps(said))
    fresh.rename(directory / FILE)


def recall(bank: SimulatedBank, directory: Path) -> None:
    """Put everything where it was; doors that the layout does not have any more are forgotten."""
    path = directory / FILE
    if path.exists():
        for label, said in json.loads(path.read_text()).items():
            if label in bank.doors:
                bank.doors[label].open, bank.doors[label].items = said["open"], list(said["items"])
