"""Checks on Python: form, lint, types, and who may import whom."""

from tools.checks.command import findings
from tools.tree import ROOT, written

LONGEST = 450
"""Lines of a hand-written module. Half of them are below 150; past this one it is two ideas."""
VAGUE = {"common", "helper", "helpers", "misc", "util", "utils"}
"""Names that do not say what is inside."""


def form() -> list[str]:
    """The form that ruff gives to Python."""
    return findings("ruff", "format", "--check", "--quiet", "--output-format", "concise", ".")


def lint() -> list[str]:
    """All of ruff's rules, less those dropped in pyproject.toml, each with its reason."""
    return findings("ruff", "check", "--quiet", "--output-format", "concise", ".")


def types() -> list[str]:
    """Strict types (mypy) on every member and on the workspace's own tools."""
    return findings("mypy", "--no-error-summary")


def arrows() -> list[str]:
    """The arrows between the members, and the purity of what decides (import-linter)."""
    said = [line for line in findings("lint-imports", "--no-logo") if line]
    # The summary that stands before the broken contracts says no more than they do.
    return said[said.index("Broken contracts") + 2 :] if "Broken contracts" in said else said


def modules() -> list[str]:
    """Each module is one idea, and its name says which."""
    found = []
    for file in written("*.py"):
        if VAGUE & {file.stem, *file.relative_to(ROOT).parts}:
            found.append(f"{file.relative_to(ROOT)}: the name does not say what is inside")
        if (lines := len(file.read_text().splitlines())) > LONGEST:
            found.append(f"{file.relative_to(ROOT)}: {lines} lines, more than {LONGEST}")
    return found
