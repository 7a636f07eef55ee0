"""The noun ``edge``, and the options that several of its verbs take."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from interlock.cli.endings import Failed
from interlock.cli.grammar import Noun


@contextmanager
def journal_in_words() -> Iterator[None]:
    """End with a plain sentence where the bank's memory cannot be trusted; nothing of it was changed."""
    from interlock_edge.journal.database import JournalUnreadableError  # noqa: PLC0415  see the verbs

    try:
        yield
    except JournalUnreadableError as error:
        raise Failed(str(error)) from error


app = Noun("edge", "The agent of a bank.")

Code = Annotated[str, typer.Option("--code", help="The operator's one-time code.")]
Gateway = Annotated[str, typer.Option("--gateway", help="Where the gateway is: HOST:PORT.")]
Directory = Annotated[Path, typer.Option("--directory", help="Where the bank keeps its key, identity and journal.")]
LayoutName = Annotated[str, typer.Option("--layout", help="A TOML file, or small, medium, large or chilled.")]
Authority = Annotated[Path | None, typer.Option("--ca", help="Certificates to trust for the call, PEM.")]
Kiosk = Annotated[str, typer.Option("--kiosk", help="Where this machine alone gets the kiosk's page: 127.0.0.1:PORT.")]
Locale = Annotated[str, typer.Option("--locale", help="Language of the screen: en, de or pl.")]
