"""The root of the tree: our nouns and shortcuts, those that other packages bring; and where every error ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points, version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from interlock.cli.endings import Ending, ending, sentence, told
from interlock.cli.nouns import bank, compartment, discrepancy, event, key, party, receipt, reservation, token
from interlock.cli.shortcuts import login, search
from interlock.cli.views import harmless, lines

GROUP = "interlock.commands"
"""The entry points by which other packages bring nouns and shortcuts: each is a ``typer.Typer``."""

NOUNS = (party, key, bank, compartment, reservation, discrepancy, event, receipt, token)
SHORTCUTS = (search.app, reservation.reserve, reservation.track, reservation.cancel, login.app)


class Tree(TyperGroup):
    """The commands of this package, and those of others, which are loaded when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401  typer has two kinds of context
        """List all names; shortcuts and nouns of this package first."""
        return [*super().list_commands(ctx), *(name for name in _brought() if name not in self.commands)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """Find a command."""
        own = super().get_command(ctx, cmd_name)
        brought = _brought().get(cmd_name)
        return own if own is not None or brought is None else _load(brought)


def _brought() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _load(point: EntryPoint) -> Any:  # noqa: ANN401
    try:
        return get_command(point.load())
    except Exception as error:  # noqa: BLE001  whatever is wrong with a package, the other commands work
        reason = f"{type(error).__name__}: {error}"
        broken = typer.Typer(add_completion=False)

        @broken.command(
            point.name, help=f"Cannot be loaded: {reason}", context_settings={"ignore_unknown_options": True}
        )
        def fail(_words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
            distribution = point.dist.name if point.dist else point.value
            message = f"The command {point.name} of {distribution} cannot be loaded: {reason}"
            raise typer.TyperException(message)

        return get_command(broken)


app = typer.Typer(cls=Tree, name="interlock", no_args_is_help=True, add_completion=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"interlock {version('interlock')}")  # noqa: T201  the answer
        raise typer.Exit


@app.callback(epilog="Exit codes: 0 done, 1 refused, 2 not usable, 3 no answer, 4 not logged in, 5 partly done.")
def interlock(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Reserve compartments in parcel lockers, and follow parcels through them."""


for shortcut in SHORTCUTS:
    app.add_typer(shortcut, name="")
for noun in NOUNS:
    app.add_typer(noun.app)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; return the exit code. Nothing gets past it but what stops the process."""
    machine = "--json" in arguments
    try:
        code = get_command(app).main(args=list(arguments), prog_name="interlock", standalone_mode=False)
        if code == Ending.INTERRUPTED:  # typer has caught the Ctrl-C
            print(sentence(KeyboardInterrupt()), file=sys.stderr)  # noqa: T201
        return code if isinstance(code, int) else Ending.DONE
    except typer.Abort:
        print(sentence(KeyboardInterrupt()), file=sys.stderr)  # noqa: T201
        return Ending.INTERRUPTED
    except typer.TyperException as error:
        print(_usage(error), file=sys.stderr)  # noqa: T201
        return Ending.USAGE
    except BrokenPipeError:
        # Whoever read has gone, as `head` does. Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Ending.DONE
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("INTERLOCK_TRACE"):
            raise
        print(harmless(sentence(error)), file=sys.stderr)  # noqa: T201
        if machine:
            print(lines(told(error)).json())  # noqa: T201
        return ending(error)


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "interlock"
    return f"{error.format_message()}\nSee: {path} --help"
