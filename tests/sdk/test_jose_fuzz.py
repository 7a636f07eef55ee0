"""Whatever the bytes are: a token, or ``Flawed`` (ACC-6)."""

import random
import string
from collections.abc import Callable, Mapping

import pytest

from interlock import (
    access_token,
    base64url,
    call_token,
    enrolment,
    jose,
    key_set,
    presented,
    receipt,
    session_token,
    status_list,
)
from interlock.access_token import AccessToken, Act
from interlock.deposit_terms import Climate, CollectFor, DepositTerms, PinTerms, StayUnit
from interlock.flaws import Flawed
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.keys import Algorithm, PrivateKey, PublicKey
from interlock.numbered import Number
from interlock.session_token import SessionToken

SMALL, FULL = 20_000, 1_000_000
KEY = PrivateKey.generate()
KEYS: Mapping[str, PublicKey] = {"k1": KEY.public, KEY.public.kid: KEY.public}
NOW = 1_790_000_000
COMMON = {"iss": "net", "aud": "bankbankbank", "jti": "AAECAwQFBgcICQoL", "iat": NOW, "nbf": NOW, "exp": NOW + 900}


def texts() -> list[str]:
    """Return one sound text of each kind, to start from."""
    terms = DepositTerms(
        "L", Climate.AMBIENT, "ao", PinTerms(1, 2, bytes(8)), CollectFor(3, StayUnit.WORKING_DAYS), 24, 2, "Ir"
    )
    right = {**COMMON, "sub": "mfrggzdfmztwq2lk", "ser": 1, "sl": 7}
    said = receipt.Receipt(
        bank="bankbankbank",
        journal_id="mfrggzdfmztwq2lk",
        number=7,
        recorded_unix_s=NOW,
        clock_uncertainty_s=2,
        act=Act.DEPOSIT,
        compartment="12",
        size_class="L",
        parcels=(1, 2),
        evidence=receipt.Evidence.SENSED,
        door=receipt.DoorState.CLOSED,
        opened_unix_s=NOW - 30,
        closed_unix_s=NOW - 10,
        previous_hash=bytes(32),
        hash=bytes(32),
    )
    keys = KeySet(
        network="net",
        number=Number(1, 1),
        iat=NOW,
        exp=NOW + 1000,
        keys={"k1": NetworkKey("k1", PrivateKey.generate(Algorithm.ES256).public, Use.ACCESS, NOW, NOW + 1000)},
        root=KEY.public,
    )
    statuses = status_list.StatusList(
        network="net",
        subject="rights",
        number=Number(1, 1),
        iat=NOW,
        exp=NOW + 1000,
        ttl_s=60,
        statuses=status_list.StatusArray.of({3: 1}, size=64),
    )
    return [
        access_token.mint(AccessToken(**right, act=Act.COLLECT), KEY, "k1"),  # type: ignore[arg-type]
        access_token.mint(AccessToken(**right, act=Act.DEPOSIT, dep=terms), KEY, "k1"),  # type: ignore[arg-type]
        session_token.mint(SessionToken(**COMMON, sub="dhl", acts=frozenset({Act.DEPOSIT}), sl=9), KEY, "k1"),  # type: ignore[arg-type]
        receipt.sign(said, KEY),
        key_set.sign(keys, KEY),
        status_list.sign(statuses, KEY, "k1"),
        call_token.mint("parties/dhl", KEY, network="net", now=NOW),
        enrolment.EnrolmentCode(bytes(6), bytes(16), bytes(32)).text(),
    ]


READERS: dict[str, Callable[[str], object]] = {
    "token": lambda text: presented.read(text, KEYS),
    "access token": lambda text: access_token.read(text, KEYS),
    "receipt": lambda text: receipt.read(text, KEYS, bank="bankbankbank"),
    "key set": lambda text: key_set.read(text, KEY.public.thumbprint()),
    "status list": lambda text: status_list.read(text, KEYS, network="net"),
    "call token": lambda text: call_token.read(text, KEYS, actor="parties/dhl", network="net", now=NOW),
    "enrolment code": enrolment.EnrolmentCode.parse,
}
ODD = string.ascii_letters + string.digits + '-_.=+/{}[]",:\n\r\t \x00\x1dä\u2024\ud800\U0001f4e6'
VALUES = [
    b"null", b"true", b"-1", b"0", b"1.5", b"1e400", b"NaN", b'""', b'"\\ud800"', b"[]", b"{}", b"[[[[]]]]", b'"x"',
    b"99999999999999999999", b'{"a":1,"a":2}', b'[1,2,"AA"]', b'["L","a","",[1,1,"AAAAAAAAAAA"],1,1,1,"",""]', b"\xff",
]  # fmt: skip


def mutated_text(text: str, draw: random.Random) -> str:
    """Change characters: the signature no longer fits, the form may or may not."""
    characters = list(text)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(characters) + 1)
        match draw.randrange(4):
            case 0:
                characters[place : place + 1] = draw.choice(ODD)
            case 1:
                characters[place:place] = draw.choice(ODD) * draw.choice((1, 1, 2, 600))
            case 2:
                del characters[place : place + draw.choice((1, 2, 90))]
            case _:
                other = draw.randrange(len(characters) + 1)
                characters[place:place] = characters[other : other + 40]
        characters = characters or ["."]
    return "".join(characters)


def mutated_and_signed(text: str, draw: random.Random) -> str:
    """Change header or claims and sign again: only the claims' own checks are left."""
    head, body, _ = text.split(".")
    parts = [bytearray(base64url.decode(head)), bytearray(base64url.decode(body))]
    part = parts[draw.random() < 0.9]
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(part) + 1)
        colon = part.find(b":", place)
        if colon >= 0 and draw.random() < 0.6:
            end = part.find(b",", colon)
            part[colon + 1 : end if end > 0 else len(part) - 1] = draw.choice(VALUES)
        else:
            part[place : place + draw.randrange(3)] = bytes(draw.randrange(256) for _ in range(draw.randrange(3)))
    message = f"{base64url.encode(bytes(parts[0]))}.{base64url.encode(bytes(parts[1]))}"
    return f"{message}.{base64url.encode(KEY.sign(message.encode()))}"


@pytest.mark.parametrize("seed", range(4))
def test_a_reader_raises_nothing_else(seed: int, *, full_size: bool) -> None:
    draw = random.Random(seed)
    sound = texts()
    outcomes = {"read": 0, "refused": 0}
    for _ in range((FULL if full_size else SMALL) // 4):
        text = draw.choice(sound)
        signed = text.count(".") == 2 and draw.random() < 0.5
        changed = mutated_and_signed(text, draw) if signed else mutated_text(text, draw)
        for read in READERS.values():
            try:
                read(changed)
            except Flawed:
                outcomes["refused"] += 1
            else:
                outcomes["read"] += 1
    # Some changes are harmless (a claim nobody knows); if none were, the mutations would never get past the door.
    assert outcomes["read"] > 0
    assert outcomes["refused"] > outcomes["read"]


def test_the_sound_texts_are_read() -> None:
    reading = dict.fromkeys(READERS, 0)
    for text in texts():
        for name, read in READERS.items():
            try:
                read(text)
            except Flawed:
                continue
            reading[name] += 1
    assert reading == {
        "token": 3,
        "access token": 2,
        "receipt": 1,
        "key set": 1,
        "status list": 1,
        "call token": 1,
        "enrolment code": 1,
    }


def test_inventions_do_not_fill_the_memory() -> None:
    draw = random.Random(7)
    for _ in range(2_000):
        header = b'{"alg":"EdDSA","kid":"%d","typ":"x"}' % draw.randrange(10**9)
        with pytest.raises(Flawed):
            jose.read(f"{base64url.encode(header)}.AAAA.{'A' * 86}", typs=frozenset({"x"}), keys={})
    assert jose._parsed_header.cache_info().currsize <= 256  # noqa: SLF001  the bound is the point
