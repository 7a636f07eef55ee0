"""What a verdict goes by: everything that this bank knows, as plain values in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from interlock.key_set import KeySet, Use
from interlock.keys import PublicKey
from interlock.status_list import StatusList
from interlock_edge.custody.change import OpeningMade
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.manifest import Manifest, OpeningLimits
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class Site:
    """Who this bank is, and what it can check before it hands out.

    Attributes:
        network: The ``iss`` of its tokens.
        audience: Its own ``token_audience``.
        doors: How many doors it has.
        hand_over: Hand-over letters that it can honour; a deposit that asks for another one is refused.
    """

    network: str
    audience: str
    doors: int
    hand_over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a verdict goes by. Made anew whenever one of its parts is replaced; making it copies nothing.

    Attributes:
        site: Who this bank is.
        key_set: The newest signed key set.
        keys: Its trusted keys for access, by ``kid``.
        status: The newest status list, or nothing while none has come.
        manifest: What the gateway has told.
        ledger: How far the use of each right has come.
        tenancies: Whose parcels lie where, by reservation.
        openings: The last hour's openings.
        limits: How many are allowed.
    """

    site: Site
    key_set: KeySet
    keys: Mapping[str, PublicKey]
    status: StatusList | None
    manifest: Manifest = field(default_factory=Manifest)
    ledger: Mapping[Right, LedgerRow] = field(default_factory=dict)
    tenancies: Mapping[str, Tenancy] = field(default_factory=dict)
    openings: tuple[OpeningMade, ...] = ()
    limits: OpeningLimits = field(default_factory=OpeningLimits)


def keys_for_access(key_set: KeySet) -> Mapping[str, PublicKey]:
    """Return the keys that may have signed a token. Once a key set, not once a token."""
    return key_set.trusted(Use.ACCESS)
