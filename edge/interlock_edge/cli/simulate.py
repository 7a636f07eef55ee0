"""``interlock edge simulate``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from interlock.cli.session import Session
from interlock_edge.cli.noun import Code, Directory, Gateway, Kiosk, LayoutName, Locale, app, journal_in_words

Hands = Annotated[str, typer.Option("--hands", help="Where this machine alone finds the hands: 127.0.0.1:PORT.")]
Ready = Annotated[Path | None, typer.Option("--ready-file", help="Written, as JSON, once everything answers.")]
Retry = Annotated[float, typer.Option("--retry-s", help="Longest wait before the gateway is dialled again, seconds.")]


@app.verb("simulate", example="--layout small --directory bank --code ilk1.CODE --gateway 127.0.0.1:7443", calls=False)
def simulate(
    session: Session,
    directory: Directory,
    layout: LayoutName = "small",
    code: Code = "",
    gateway: Gateway = "",
    hands: Hands = "127.0.0.1:0",
    kiosk: Kiosk = "",
    locale: Locale = "en",
    ready_file: Ready = None,
    retry_s: Retry = 2.0,
) -> None:
    """Run a bank with simulated doors: the same agent, with hands in place of people.

    With --code it enrols first, unless the directory holds an enrolled bank already.
    """
    from interlock_edge.simulate import running  # noqa: PLC0415  the list of commands needs no grpc

    wanted = running.Wanted(
        directory=directory,
        layout=layout,
        code=code,
        gateway=gateway,
        hands=hands,
        kiosk=kiosk,
        locale=locale,
        ready_file=ready_file,
        retry_s=retry_s,
    )
    with journal_in_words():
        asyncio.run(running.simulate(wanted, session.note))
