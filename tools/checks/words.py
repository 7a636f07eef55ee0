"""What must not stand in a committed file: paths of one machine, addresses of registries, promises."""

import re
from pathlib import Path

from tools.tree import ROOT, tracked

FORBIDDEN = {
    re.compile(r"(?<![\w.])/(?:farm|home|root|work)/"): "a path of one machine",
    re.compile(r"\.\./(?:shared|brief)\b|\b(?:RULES|DESIGN|STYLE)(?:\.md|,? (?:section )?\d)"): "a page not in here",
    re.compile(r"\b(?:pypi|pythonhosted|golang|npmjs|debian|maven)\.(?:org|com)\b"): "a registry's address",
    re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"): "a promise: keep it, or write it where promises are read",
}
OTHERS = ("third_party/", "tests/data/", "tests/workspace/test_checks.py", "tools/checks/words.py", "LICENSE")
"""Files that others wrote, and two that must name what is looked for."""


def words() -> list[str]:
    """No forbidden word in any committed text."""
    return [finding for file in tracked() for finding in _read(file, str(file.relative_to(ROOT)))]


def _read(file: Path, name: str) -> list[str]:
    if name.startswith(OTHERS):
        return []
    try:
        lines = file.read_text().splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{name}:{number}: {why}: {match.group()}"
        for number, line in enumerate(lines, 1)
        for pattern, why in FORBIDDEN.items()
        if (match := pattern.search(line))
    ]
