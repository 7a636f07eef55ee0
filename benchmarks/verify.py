"""What a whole verdict costs beside the signature check that it cannot do without.

    ./dev run benchmarks/verify.py [--size small|full] [--json]

A bank of 60 doors, all taken, with a ledger of 3,000 rights and a status list of all 10,000,000 indices, judges
collect and deposit tokens; ``jwt.decode`` (PyJWT, EdDSA, audience and issuer given, the key made before) reads the
same tokens. The two take turns in short rounds, so that whatever else the machine does hits both.

With ``--json`` one object on stdout:

``ratio``
    Time of ``jwt.decode`` over time of the verdict, the median over all rounds. Aim: >= 0.75.
``ratio_collect``, ``ratio_deposit``
    The same for each kind of token.
``verdicts_per_s``
    Verdicts a second on one core, both kinds in turn, from the median round.
``rounds``
    How many rounds were played.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial

import jwt

from interlock import access_token
from interlock.access_token import MOST_STATUS_INDEX, AccessToken, Act
from interlock.deposit_terms import Climate, CollectFor, DepositTerms, PinTerms, StayUnit
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.keys import PrivateKey
from interlock.numbered import Number
from interlock.status_list import StatusArray, StatusList
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known, Site, keys_for_access
from interlock_edge.access.verdict import verdict
from interlock_edge.clock import Instant
from interlock_edge.custody.ledger import LedgerRow, LedgerState
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy

NOW, DAY = int(time.time()), 86_400
NETWORK, BANK = "net", "bankbankbank"
DOORS, LEDGER = 60, 3_000
ROUND = 50
"""Calls of each kind in one round: about 5 ms, shorter than a scheduler's slice."""
SECONDS = {"small": 2.0, "full": 10.0}
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def reservation(number: int) -> str:
    """Make the id of a reservation, 16 base32 characters."""
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(16))


def token(act: Act, key: PrivateKey) -> str:
    """Sign a token for the reservation whose parcel lies in the first door, or for one that the bank never heard of."""
    deposit = DepositTerms(
        size_class="M",
        climate=Climate.AMBIENT,
        features="a",
        pin=PinTerms(1, 0, bytes(range(8))),
        collect_for=CollectFor(72, StayUnit.HOURS),
        recall_hours=24,
        parcels=1,
    )
    return access_token.mint(
        AccessToken(
            iss=NETWORK,
            aud=BANK,
            sub=reservation(0 if act is Act.COLLECT else LEDGER + 1),
            jti="AAECAwQFBgcICQoL",
            iat=NOW - 3_600,
            nbf=NOW - 3_600,
            exp=NOW + DAY,
            act=act,
            ser=0,
            sl=123_456,
            dep=deposit if act is Act.DEPOSIT else None,
        ),
        key,
        "k1",
    )


def busy_bank(key: PrivateKey) -> Known:
    """Make what a full bank knows after some months."""
    keys = KeySet(
        network=NETWORK,
        number=Number(1, 1),
        iat=NOW - DAY,
        exp=NOW + 90 * DAY,
        keys={"k1": NetworkKey("k1", key.public, Use.ACCESS, NOW - 90 * DAY, NOW + 90 * DAY)},
        root=PrivateKey.generate().public,
    )
    status = StatusList(
        network=NETWORK,
        subject="list",
        number=Number(1, 1),
        iat=NOW - DAY,
        exp=NOW + 30 * DAY,
        ttl_s=3_600,
        statuses=StatusArray.of({99: 1}, size=MOST_STATUS_INDEX + 1),
    )
    spent = (Right(reservation(number), Act.COLLECT) for number in range(DOORS, LEDGER))
    tenancies = (
        Tenancy(
            reservation=reservation(number),
            compartment=str(number + 1),
            parcels=frozenset({1}),
            expected=1,
            deposited_time=NOW - DAY,
        )
        for number in range(DOORS)
    )
    return Known(
        site=Site(NETWORK, BANK, DOORS),
        key_set=keys,
        keys=keys_for_access(keys),
        status=status,
        ledger={right: LedgerRow(right=right, state=LedgerState.SPENT) for right in spent},
        tenancies={tenancy.reservation: tenancy for tenancy in tenancies},
    )


def seconds(call: Callable[[], object]) -> float:
    """Time one round of ``call``."""
    begin = time.perf_counter()
    for _ in range(ROUND):
        call()
    return time.perf_counter() - begin


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SECONDS, default="full")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    key, now = PrivateKey.generate(), Instant(NOW, 0)
    known = busy_bank(key)
    public = jwt.PyJWK(key.public.jwk(), algorithm="EdDSA").key
    ratios: dict[Act, list[float]] = {Act.COLLECT: [], Act.DEPOSIT: []}
    spent: list[float] = []
    end = time.perf_counter() + SECONDS[given.size]
    while time.perf_counter() < end:
        both = 0.0
        for act, found in ratios.items():
            text = token(act, key)
            judge = partial(verdict, text, known, now)
            if not isinstance(judge(), Granted):
                message = f"the bank refused a good token: {judge()}"
                raise SystemExit(message)
            read = partial(jwt.decode, text, public, algorithms=["EdDSA"], audience=BANK, issuer=NETWORK)
            read()
            bare, whole = seconds(read), seconds(judge)
            found.append(bare / whole)
            both += whole
        spent.append(both)
    result = {
        "ratio": round(statistics.median(ratio for found in ratios.values() for ratio in found), 3),
        "ratio_collect": round(statistics.median(ratios[Act.COLLECT]), 3),
        "ratio_deposit": round(statistics.median(ratios[Act.DEPOSIT]), 3),
        "verdicts_per_s": round(2 * ROUND / statistics.median(spent)),
        "rounds": len(spent),
    }
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:16} {value}")


if __name__ == "__main__":
    main()
