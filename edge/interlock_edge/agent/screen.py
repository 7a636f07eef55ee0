"""What stands on the screen: the last thing shown, and what came with it."""

from dataclasses import dataclass

from interlock_edge.access.refusal import Told
from interlock_edge.bank.effects import Screen, Show


@dataclass(frozen=True, slots=True)
class Standing:
    """The screen as it stands.

    Attributes:
        key: Key of the message in the catalogues, lower case.
        compartment: Label concerned, or empty.
        parcels: How many parcels it is about, or 0.
        since_ms: Since when, by the clock that never steps.
        final: It ends a visit, so the welcome follows by itself.
        receipt: What proves what was just done, a compact JWS; or empty.
    """

    key: str = Screen.WELCOME.value.lower()
    compartment: str = ""
    parcels: int = 0
    since_ms: int = 0
    final: bool = False
    receipt: str = ""


_LASTING = {
    Screen.WELCOME,
    Screen.OPENING,
    Screen.PUT_IN,
    Screen.TAKE_OUT,
    Screen.LOOK_AGAIN,
    Screen.SERVICE,
    Screen.CLOSE_DOOR,
    Screen.ASK_DEPOSITED,
    Screen.ASK_REALLY_DEPOSITED,
    Screen.ASK_COLLECTED,
    Screen.STILL_INSIDE,
    Screen.TAG_PARCEL,
    Screen.SESSION,
}
"""Stand until somebody does something. All others end a visit or refuse one."""


def of_show(show: Show, ms: int, *, receipt: str) -> Standing:
    """Put up what the machine shows."""
    return Standing(
        key=show.screen.value.lower(),
        compartment=show.compartment,
        parcels=show.parcels,
        since_ms=ms,
        final=show.screen not in _LASTING,
        receipt="" if show.screen in _LASTING else receipt,
    )


def of_refusal(told: Told, ms: int) -> Standing:
    """Put up the one sentence of a no."""
    return Standing(key=told.value.lower(), since_ms=ms, final=True)
