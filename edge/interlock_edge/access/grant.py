"""The answer of a verdict: a yes with all that the doors need to act on it, or a no with its precise reason."""

from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import StayTerms


class Doubt(StrEnum):
    """What a yes was given in spite of; it goes into the record."""

    STATUS_STALE = "STATUS_STALE"
    """The status list was past its end; the parcel was known here."""
    CLOCK_SUSPECT = "CLOCK_SUSPECT"
    """The clock was not to be trusted; the parcel was known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A yes.

    Attributes:
        rights: What may be done: one right, or a collector group's, to be opened one after another.
        form: In which form it was shown.
        series: Series shown.
        jti: The token's, or empty.
        iat: When the token was issued; the clock is pulled up to it. 0 without a token.
        keep_until: Until when the ledger must remember its use.
        terms: For a deposit: what it is made under.
        parcels: The parcels meant; empty means all that are missing, or all that are inside.
        compartment: For service: the door named.
        session: ``jti`` of the courier session, or empty.
        command: Id of the command that asks, or empty.
        presence: How a command showed presence, or empty.
        from_token_alone: For a deposit: the manifest does not know the reservation.
        doubts: What the yes was given in spite of.
    """

    rights: tuple[Right, ...]
    form: Form
    series: int = 0
    jti: str = ""
    iat: int = 0
    keep_until: int = 0
    terms: StayTerms | None = None
    parcels: frozenset[int] = frozenset()
    compartment: str = ""
    session: str = ""
    command: str = ""
    presence: str = ""
    from_token_alone: bool = False
    doubts: frozenset[Doubt] = frozenset()
