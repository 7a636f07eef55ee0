"""The ``interlock`` command: ``interlock NOUN VERB``, six shortcuts, and whatever packages beside this one add.

A package adds a noun or a shortcut by an entry point of the group ``interlock.commands``, made with ``Noun`` or
``shortcut`` of ``interlock.cli.grammar``. Needs the extra ``cli``: ``pip install 'interlock[cli]'``.
"""

import sys

_NEEDED = {"typer", "rich"}


def main() -> None:
    """Run the command of this process and end with its exit code (docs/cli.md)."""
    try:
        from interlock.cli.root import run  # noqa: PLC0415  only the command itself needs the extra
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        sys.exit("The command needs two more packages; install them with: pip install 'interlock[cli]'")
    sys.exit(run(sys.argv[1:]))
