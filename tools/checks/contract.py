"""Checks on `proto/`: lint, form, breaking changes, and that the generated code is what it would be made again."""

from tools.checks.command import findings
from tools.generate import generated, stale
from tools.tree import PROTO, ROOT

RELEASED = PROTO / "released.binpb"
"""The contract as last released. It changes in a commit of its own."""


def contract_lint() -> list[str]:
    """The contract keeps buf's STANDARD and COMMENTS rules."""
    return findings("buf", "lint")


def contract_form() -> list[str]:
    """The form that buf gives to the contract."""
    return findings("buf", "format", "--diff", "--exit-code", "proto")


def breaking() -> list[str]:
    """What is released stays readable (buf's FILE rules against the released image)."""
    return findings("buf", "breaking", "proto", "--against", str(RELEASED))


def fresh() -> list[str]:
    """The committed stubs are those that `proto/` makes."""
    differing = [file for file, content in generated().items() if not file.exists() or file.read_bytes() != content]
    return [f"{file.relative_to(ROOT)}: ./dev generate would change it" for file in sorted({*differing, *stale()})]
