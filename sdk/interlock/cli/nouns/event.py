"""``interlock event``: what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, lines, listing, when
from interlock.v1.event_pb2 import Event

app = Noun("event", "What changed.")

_AFTER = Annotated[str, typer.Option(help="Cursor of the last event seen.")]
_TYPES = Annotated[
    list[str] | None, typer.Option("--type", help="Only these types, or those below one that ends in a dot; repeat it.")
]
_SUBJECTS = Annotated[list[str] | None, typer.Option("--subject", help="Only of these resources; repeat it.")]


@app.verb("list", example="--type interlock.custody.")
def list_events(session: Session, after: _AFTER = "", types: _TYPES = None, subjects: _SUBJECTS = None) -> View:
    """List the events that concern you, oldest first, up to now."""
    return listing(
        "events",
        session.client.events(after=after, follow=False, types=types or (), subjects=subjects or ()),
        [
            ("TIME", lambda event: when(event, "time")),
            ("TYPE", lambda event: event.type),
            ("SUBJECT", lambda event: event.subject),
            ("SEQUENCE", lambda event: event.sequence),
            ("CURSOR", lambda event: event.cursor),
        ],
        nothing="Nothing has happened.",
    )


@app.verb("tail", example="--subject parties/acme/reservations/mfrggzdfmztwq2lk")
def tail(
    session: Session,
    after: _AFTER = "",
    types: _TYPES = None,
    subjects: _SUBJECTS = None,
    count: Annotated[int, typer.Option(help="Stop after so many; 0: never.", min=0)] = 0,
) -> None:
    """Follow events as they come, until Ctrl-C. With --json one object a line; --after continues where you were."""
    events = session.client.events(after=after, from_now=not after, types=types or (), subjects=subjects or ())
    for number, event in enumerate(events, start=1):
        session.emit(_line(event))
        if number == count:
            return


def _line(event: Event) -> View:
    text = f"{when(event, 'time')}  {event.type}  {event.subject} #{event.sequence}"
    return lines({"event": as_json(event)}, text)
