"""The timeline: who did what, and each event with where it came from, told as it happens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.text import Text

_WHO: Final = 13
_STYLES: Final = {
    "carrier": "cyan",
    "operator": "cyan",
    "courier": "bold yellow",
    "collector": "bold magenta",
    "stranger": "bold red",
    "fate": "bold red",
    "auditor": "bold green",
}
"""Colours of people; what the network itself tells is dim."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline.

    Attributes:
        seconds: Since the story began.
        who: A person, or where an event came from.
        text: What happened.
        event: The network told it; otherwise somebody did it.
    """

    seconds: float
    who: str
    text: str
    event: bool = False


@dataclass(slots=True)
class Teller:
    """Tells the story to a person while it happens, and keeps it.

    Attributes:
        console: Where it is told.
        lines: What was told, chapters left out.
    """

    console: Console
    lines: list[Line] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.console.print()
        self.console.print(Text(title, style="bold"))

    def act(self, who: str, text: str) -> None:
        """Tell what somebody did."""
        self._tell(Line(self.seconds, who, text))

    def event(self, source: str, text: str) -> None:
        """Tell what the network said, and where it had it from."""
        self._tell(Line(self.seconds, source, text, event=True))

    @property
    def seconds(self) -> float:
        """How long the story has lasted."""
        return time.monotonic() - self._began

    def _tell(self, line: Line) -> None:
        self.lines.append(line)
        said = Text(f"{line.seconds:6.1f}s  ", style="dim")
        if line.event:
            said.append("  · ", style="green")
            said.append(line.text, style="dim")
            said.append(f"  ← {line.who}", style="dim italic")
        else:
            said.append(f"{line.who:<{_WHO}}", style=_STYLES.get(line.who, ""))
            said.append(line.text)
        self.console.print(said, soft_wrap=True, highlight=False)
