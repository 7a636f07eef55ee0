"""Layouts by name: four that come with the package, or a file."""

from importlib.resources import files
from pathlib import Path

from interlock_edge.built import Layout, LayoutError

NAMES = ("small", "medium", "large", "chilled")


def layout_of(name: str) -> Layout:
    """Read a layout by its name, or from a file.

    Raises:
        LayoutError: no such layout, or one that makes no sense.
    """
    if name in NAMES:
        return Layout.parse((files(__name__) / f"{name}.toml").read_text())
    path = Path(name)
    if not path.is_file():
        raise LayoutError(f"There is no layout {name!r}; say one of {', '.join(NAMES)}, or a TOML file.")
    return Layout.read(path)
