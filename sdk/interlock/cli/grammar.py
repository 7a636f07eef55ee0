"""How a command is said: ``interlock NOUN VERB``, with ``--json`` and an example on every one of them.

A command is a function whose first parameter is the ``Session``; it returns a ``View``, or shows several itself. What
all commands have in common is added here, so that none can be without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from interlock.cli.endings import Ending
from interlock.cli.session import Session
from interlock.cli.views import View

Run = TypeVar("Run", bound=Callable[..., Any])

_JSON = Annotated[bool, typer.Option("--json", help="One JSON object on stdout; everything else on stderr.")]
_PROFILE = Annotated[str, typer.Option("--profile", help="Who calls; see interlock login.", show_default=False)]
_GATEWAY = Annotated[
    str, typer.Option("--gateway", help="Which gateway, in place of the profile's.", show_default=False)
]

_COMMON: list[tuple[str, Any, Any]] = [("json_", _JSON, False)]
_CALLING: list[tuple[str, Any, Any]] = [("profile_", _PROFILE, ""), ("gateway_", _GATEWAY, "")]


class Noun(typer.Typer):
    """A noun: what the verbs below it are about."""

    def __init__(self, name: str, about: str) -> None:
        """Begin a noun.

        Args:
            name: As it is typed.
            about: One line for the list of nouns.
        """
        super().__init__(name=name, help=about, no_args_is_help=True, add_completion=False)
        self.noun = name

    def verb(self, name: str, *, example: str, calls: bool = True) -> Callable[[Run], Run]:
        """Add a verb.

        Args:
            name: As it is typed: add, list, show, remove, check, verify, export, import, tail, run, simulate; another
                only where none of these fits.
            example: What somebody would type, without ``interlock NOUN VERB``.
            calls: It may speak to a gateway, so it has ``--profile`` and ``--gateway``.
        """

        def add(function: Run) -> Run:
            full = f"interlock {self.noun} {name} {example}".strip()
            _add(self, name, function, example=full, calls=calls)
            return function

        return add


def shortcut(name: str, *, example: str, calls: bool = True) -> Callable[[Callable[..., Any]], typer.Typer]:
    """Make a command without a noun of a function: one of the shortcuts."""

    def make(function: Callable[..., Any]) -> typer.Typer:
        app = typer.Typer(name=name, add_completion=False)
        _add(app, name, function, example=f"interlock {name} {example}".strip(), calls=calls)
        return app

    return make


def _add(app: typer.Typer, name: str, function: Callable[..., Any], *, example: str, calls: bool) -> None:
    signature = inspect.signature(function, eval_str=True)
    first, *own = signature.parameters.values()
    if first.annotation is not Session:
        message = f"{function.__qualname__} is a command, so its first parameter is the Session"
        raise TypeError(message)
    common = [
        inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
        for each, annotation, default in [*(_CALLING if calls else []), *_COMMON]
    ]

    def command(**said: Any) -> None:  # noqa: ANN401  each command has parameters of its own
        session = Session(said.pop("json_"), said.pop("profile_", ""), said.pop("gateway_", ""))
        try:
            view = function(session, **said)
            if isinstance(view, View):
                session.emit(view)
        finally:
            session.close()
        if session.ending is not Ending.DONE:
            raise typer.Exit(session.ending)

    keyword_only = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    # typer reads the signature and the annotations; both say what the function and all commands have.
    command.__signature__ = inspect.Signature([*keyword_only, *common])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in [*keyword_only, *common]}
    command.__doc__ = function.__doc__
    help_text = inspect.cleandoc(function.__doc__ or "").partition("\nArgs:")[0]
    app.command(name, help=help_text, epilog=f"Example: {example}")(command)
