"""How a command ends: one exit code and one plain sentence for everything that can go wrong (docs/cli.md)."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

from interlock.errors import DeadlineExceeded, InterlockError, Refused, Unauthenticated, Unavailable
from interlock.flaws import Flaw, Flawed
from interlock.profile import NotLoggedIn


class Ending(IntEnum):
    """The exit codes. Never renumbered."""

    DONE = 0
    """Done, or the check says yes."""
    REFUSED = 1
    """The gateway refused, or the check says no."""
    USAGE = 2
    """What was typed, or a file that was named, cannot be used. Nothing was done."""
    UNREACHABLE = 3
    """No answer. What was asked may have happened; the same command asks for it anew."""
    NOT_BELIEVED = 4
    """Not logged in, or the gateway does not know the key."""
    PARTLY = 5
    """Some of it was done; what was not stands on stderr, line by line."""
    FAULT = 70
    """A fault of this program (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""


FLAWS: Final[dict[Flaw, str]] = {
    Flaw.TOO_LONG: "It is longer than any lawful one.",
    Flaw.FORM: "It does not have the form of one.",
    Flaw.ENCODING: "Its base64url is not spelt as it must be.",
    Flaw.JSON: "Its JSON is not one that every reader reads alike.",
    Flaw.HEADER: "Its header has not exactly the three members that it must have.",
    Flaw.TYPE: "It is signed for another purpose.",
    Flaw.KEY_UNKNOWN: "No key that is trusted here has the name that it gives.",
    Flaw.ALGORITHM: "Its algorithm is not that of its key.",
    Flaw.SIGNATURE: "Its signature does not fit: it was forged, or changed on the way.",
    Flaw.CLAIM: "What it claims is missing, of the wrong type or beyond its limits.",
    Flaw.ISSUER: "Its key does not speak for whom it names as its issuer.",
    Flaw.AUDIENCE: "It is meant for somebody else.",
    Flaw.NOT_YET: "Its time has not begun.",
    Flaw.EXPIRED: "Its time is over.",
    Flaw.ROLLED_BACK: "It is older than what was seen before.",
    Flaw.BROKEN_CHAIN: "The chain does not hold: something was changed or taken out.",
    Flaw.KEY: "The key is of a kind or form that is not used here.",
}
"""Each flaw as a sentence. Banks tell a person less; whoever holds the command may know."""


class Usage(InterlockError):
    """What was typed cannot be used."""


class Failed(InterlockError):
    """The check says no."""


def ending(error: BaseException) -> Ending:
    """Choose the exit code for ``error``."""
    match error:
        case NotLoggedIn() | Unauthenticated():
            return Ending.NOT_BELIEVED
        case Unavailable() | DeadlineExceeded():
            return Ending.UNREACHABLE
        case Refused() | Flawed() | Failed():
            return Ending.REFUSED
        case InterlockError() | ValueError() | TypeError() | OSError():
            return Ending.USAGE
        case KeyboardInterrupt():
            return Ending.INTERRUPTED
        case _:
            return Ending.FAULT


def sentence(error: BaseException) -> str:
    """Say what went wrong, for a person: one sentence, and a line for each field at fault."""
    match error:
        case Refused():
            lines = [str(error) + (f" ({error.reason})" if error.reason else "")]
            lines += [f"  {each.field}: {each.description}" for each in error.field_violations]
            if error.retry_after is not None:
                lines.append(f"  Try again in {error.retry_after.total_seconds():.0f} s.")
            return "\n".join(lines)
        case Flawed():
            return FLAWS[error.flaw] + (f" ({error.flaw}: {error.detail})" if error.detail else f" ({error.flaw})")
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}."
        case KeyboardInterrupt():
            return "Interrupted."
        case InterlockError() | ValueError() | TypeError() | OSError():
            return str(error)
        case _:
            return f"This is a fault of interlock itself: {type(error).__name__}: {error}"


def told(error: BaseException) -> dict[str, Any]:
    """Say the same to a machine: the object that ``--json`` puts on stdout."""
    said: dict[str, Any] = {"message": sentence(error).partition("\n")[0], "exit_code": int(ending(error))}
    if isinstance(error, Refused):
        said |= {
            "code": error.code,
            "reason": error.reason,
            "metadata": dict(error.metadata),
            "field_violations": [
                {"field": each.field, "description": each.description} for each in error.field_violations
            ],
            "request_id": error.request_id,
        }
    if isinstance(error, Flawed):
        said |= {"flaw": error.flaw.value, "detail": error.detail}
    return {"error": said}
