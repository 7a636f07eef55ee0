"""What a command has to work with: the gateway of a profile, stdout for the answer, stderr for everything else."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from interlock.cli.endings import Ending
from interlock.cli.views import View, harmless
from interlock.profile import Profile

if TYPE_CHECKING:
    from interlock.client import Client

_DIAL_S = 3.0
"""So long a person waits for an address at which nobody answers."""
_WIDE = 220
"""Columns where nobody looks: a table that goes to a file or a program is not cut."""


@dataclass
class Session:
    """One run of one command.

    Attributes:
        json: The answer is for a machine.
        profile_name: The profile asked for; empty: the default one.
        gateway: The gateway asked for; empty: that of the profile.
        ending: How the command ends; it may change this where it did only a part.
    """

    json: bool = False
    profile_name: str = ""
    gateway: str = ""
    ending: Ending = Ending.DONE
    _opened: list[Client] = field(default_factory=list)

    @cached_property
    def profile(self) -> Profile:
        """Who calls which gateway.

        Raises:
            NotLoggedIn: nobody; the sentence says what to type.
        """
        return Profile.resolve(self.profile_name, gateway=self.gateway)

    @cached_property
    def client(self) -> Client:
        """A client of that gateway, closed when the command ends."""
        return self.open(self.profile)

    def open(self, profile: Profile) -> Client:
        """Open a client of another profile, closed when the command ends."""
        from interlock.client import Client, Retry  # noqa: PLC0415  commands that stay on this machine load no grpc

        client = Client.of(profile, retry=Retry(dial_s=_DIAL_S))
        self._opened.append(client)
        return client

    def emit(self, view: View) -> None:
        """Show an answer, or one of a row of them, now."""
        if self.json:
            print(view.json(), flush=True)  # noqa: T201  stdout is where the answer goes
        else:
            show(view)

    def note(self, text: str) -> None:
        """Say something beside the answer."""
        print(harmless(text), file=sys.stderr, flush=True)  # noqa: T201  stderr is where everything else goes

    def close(self) -> None:
        """Hang up."""
        for client in self._opened:
            client.close()


def show(view: View) -> None:
    """Show an answer to a person, or to the file or the program that the person sends it to."""
    watched = sys.stdout.isatty()
    console = Console(width=None if watched else _WIDE)
    with console.capture() as captured:
        picture = view.picture()
        console.print(picture, soft_wrap=isinstance(picture, Text))
    drawn = captured.get()
    # rich fills each line of a table up; nobody wants to find that in a file.
    text = drawn if watched else "\n".join(line.rstrip() for line in drawn.split("\n"))
    print(text, end="", flush=True)  # noqa: T201
    for name, whole in view.whole:
        print(f"{name}:\n{harmless(whole)}", flush=True)  # noqa: T201
