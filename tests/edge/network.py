"""A network in a few lines: keys, tokens, a status list, and what a bank knows of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scene import NOON, R1

from interlock import access_token, session_token
from interlock.access_token import AccessToken, Act
from interlock.deposit_terms import (
    Climate,
    CollectFor,
    DepositTerms,
    PinTerms,
    StayUnit,
)
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.keys import PrivateKey
from interlock.numbered import Number
from interlock.session_token import SessionToken
from interlock.status_list import StatusArray, StatusList
from interlock_edge.access.known import Known, Site, keys_for_access
from interlock_edge.clock import Instant
from interlock_edge.custody.manifest import Manifest
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy

NETWORK, AUDIENCE, OTHER_AUDIENCE = "testnet", "aaaaaaaaaaaa", "bbbbbbbbbbbb"
ROOT, SIGNING, DISTRUSTED, FOREIGN = (PrivateKey.generate() for _ in range(4))
DAY = 86_400
GROUP = "gggggggggg"
SECRET = b"\x07" * 32


def entry(kid: str, key: PrivateKey, **changes: Any) -> NetworkKey:
    """Make one entry of the key set."""
    return replace(
        NetworkKey(kid=kid, key=key.public, use=Use.ACCESS, nbf=NOON - 300 * DAY, exp=NOON + 60 * DAY), **changes
    )


def keys(**changes: Any) -> KeySet:
    """Make the key set that the bank holds."""
    entries = (entry("k1", SIGNING), entry("k2", DISTRUSTED, distrusted=True))
    return replace(
        KeySet(
            network=NETWORK,
            number=Number(1, 1),
            iat=NOON - 30 * DAY,
            exp=NOON + 60 * DAY,
            keys={found.kid: found for found in entries},
            root=ROOT.public,
        ),
        **changes,
    )


def statuses(revoked: Mapping[int, int] | None = None, **changes: Any) -> StatusList:
    """Make a status list; by default nothing is revoked and it is fresh."""
    return replace(
        StatusList(
            network=NETWORK,
            subject="list",
            number=Number(1, 1),
            iat=NOON - DAY,
            exp=NOON + 30 * DAY,
            ttl_s=3_600,
            statuses=StatusArray.of(revoked or {}, size=64, bits=2),
        ),
        **changes,
    )


def known(**changes: Any) -> Known:
    """Make what the bank knows; by default nothing of any parcel."""
    held = changes.pop("key_set", keys())
    site = changes.pop("site", Site(NETWORK, AUDIENCE, doors=20))
    defaults: dict[str, Any] = {"status": statuses(), "manifest": Manifest()}
    return Known(site=site, key_set=held, keys=keys_for_access(held), **{**defaults, **changes})


def at(time: int = NOON, **changes: Any) -> Instant:
    """Read the clock."""
    return replace(Instant(time=time, ms=0), **changes)


def dep(**changes: Any) -> DepositTerms:
    """Make the terms in a deposit token."""
    return replace(
        DepositTerms(
            size_class="S",
            climate=Climate.AMBIENT,
            features="",
            pin=PinTerms(1, 0, bytes(8)),
            collect_for=CollectFor(72, StayUnit.HOURS),
            recall_hours=24,
            parcels=1,
        ),
        **changes,
    )


def token(act: Act = Act.COLLECT, *, key: PrivateKey = SIGNING, kid: str = "k1", **changes: Any) -> str:
    """Sign an access token; by default a good one for this bank."""
    lasts = {Act.DEPOSIT: 8 * 3_600, Act.SERVICE: 600}.get(act, 90 * DAY)
    issued = NOON - (60 if act is Act.SERVICE else 7_200)
    defaults: dict[str, Any] = {
        "iss": NETWORK,
        "aud": AUDIENCE,
        "sub": R1,
        "jti": "A" * 16,
        "iat": issued,
        "nbf": issued,
        "exp": issued + lasts,
        "act": act,
        "ser": 0,
        "sl": 7,
        "dep": dep() if act is Act.DEPOSIT else None,
        "cmp": "1" if act is Act.SERVICE else None,
    }
    return access_token.mint(AccessToken(**{**defaults, **changes}), key, kid)


def session(**changes: Any) -> str:
    """Sign a courier session; by default a good one for this bank."""
    defaults: dict[str, Any] = {
        "iss": NETWORK,
        "aud": AUDIENCE,
        "sub": "acme",
        "jti": "S" * 16,
        "iat": NOON - 7_200,
        "nbf": NOON - 7_200,
        "exp": NOON + 3_600,
        "acts": frozenset({Act.DEPOSIT, Act.RECALL}),
        "sl": 8,
    }
    return session_token.mint(SessionToken(**{**defaults, **changes}), SIGNING, "k1")


def tenancy(reservation: str = R1, **changes: Any) -> Tenancy:
    """Make a tenancy with one parcel inside."""
    return replace(
        Tenancy(
            reservation=reservation, compartment="1", parcels=frozenset({1}), expected=1, deposited_time=NOON - 3_600
        ),
        **changes,
    )


def holding(*tenancies: Tenancy, **changes: Any) -> Known:
    """Make what a bank knows that holds these parcels, or that of R1."""
    inside = {found.reservation: found for found in tenancies or (tenancy(),)}
    return known(tenancies=inside, **changes)


def collects(reservation: str = R1) -> Right:
    """Return the right to collect."""
    return Right(reservation, Act.COLLECT)
