"""Where things stand in this repository."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
THIRD_PARTY = ROOT / "third_party" / "proto"
SDK = ROOT / "sdk"


def tracked(*patterns: str) -> Iterator[Path]:
    """Yield the files that match git's ``patterns`` and that git knows or would take in."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in sorted(set(names.split("\0")) - {""}):
        file = ROOT / name
        if file.is_file():
            yield file


def written(*patterns: str) -> Iterator[Path]:
    """Yield what `tracked` yields, less what is generated or comes from others."""
    others = (SDK / "interlock/v1", SDK / "interlock/edge", SDK / "interlock/testing", THIRD_PARTY, ROOT / "tests/data")
    return (file for file in tracked(*patterns) if not any(file.is_relative_to(folder) for folder in others))
