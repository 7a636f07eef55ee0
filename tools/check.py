"""Run the checks, one line each, and sum up.

./dev check                 all of them
./dev check --only lint     some (may be repeated)
./dev check --fix           let the formatters and ruff mend what they can, then check
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

from tools.checks import code, contract, dependencies, documents, words
from tools.checks.command import run

CHECKS: Final[Mapping[str, Callable[[], list[str]]]] = {
    "format": code.form,
    "lint": code.lint,
    "types": code.types,
    "arrows": code.arrows,
    "modules": code.modules,
    "declared": dependencies.declared,
    "locked": dependencies.locked,
    "proto-format": contract.contract_form,
    "proto-lint": contract.contract_lint,
    "proto-breaking": contract.breaking,
    "generated": contract.fresh,
    "decisions": documents.decisions,
    "clauses": documents.clauses,
    "links": documents.links,
    "words": words.words,
}
FIXES: Final = (
    ("ruff", "check", "--quiet", "--fix", "--exit-zero", "."),
    ("ruff", "format", "--quiet", "."),
    ("buf", "format", "--write", "proto"),
)


def main() -> None:
    """Run what was asked for; end with 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="./dev check", description="What CI looks at, besides the tests.")
    parser.add_argument("--only", action="append", choices=CHECKS, metavar="NAME", help=", ".join(CHECKS))
    parser.add_argument("--fix", action="store_true", help="mend first what the formatters and ruff can mend")
    wanted = parser.parse_args()
    if wanted.fix:
        for command in FIXES:
            run(*command)
    names = wanted.only or list(CHECKS)
    failed = []
    for name in names:
        start = time.monotonic()
        found = CHECKS[name]()
        seconds = time.monotonic() - start
        print(f"{'FOUND' if found else 'ok':5}  {name:15} {seconds:5.1f} s  {_first_line(CHECKS[name])}", flush=True)
        for finding in found:
            print(f"       {finding}")
        if found:
            failed.append(name)
    print(f"{len(names)} checks, {len(failed)} with findings{': ' if failed else ''}{', '.join(failed)}")
    sys.exit(bool(failed))


def _first_line(check: Callable[[], list[str]]) -> str:
    return (check.__doc__ or "").splitlines()[0]


if __name__ == "__main__":
    main()
