"""A second library's word on signatures and thumbprints: a flaw that both share is less likely than one in either."""

import json
import random
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from interlock import jose
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey, PublicKey

# RFC 9864 renames EdDSA to Ed25519; verifiers in the field, PyJWT among them, do not know the new name yet.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

TYPS = frozenset({"test+jwt"})
KEYS = {algorithm: PrivateKey.generate(algorithm) for algorithm in Algorithm}
BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))
WYCHEPROOF = Path(__file__).parents[1] / "data" / "wycheproof"


def other_key(key: PublicKey | PrivateKey) -> OKPKey | ECKey:
    """Import ``key`` into the other library."""
    members: dict[str, str | list[str]] = {**(key.jwk() if isinstance(key, PublicKey) else key.to_jwk())}
    return (OKPKey if key.algorithm is Algorithm.EDDSA else ECKey).import_key(members)


def other_verdict(text: str, key: PublicKey) -> bool:
    """Say whether the other library takes the signature of ``text``."""
    imported = other_key(key)
    try:
        jws.deserialize_compact(text, imported, algorithms=[key.algorithm.value])
    except (JoseError, ValueError):
        return False
    return True


@BOTH
def test_each_reads_what_the_other_signed(algorithm: Algorithm) -> None:
    key = KEYS[algorithm]
    ours = jose.sign({"sub": "x"}, typ="test+jwt", key=key, kid="k1")
    assert other_verdict(ours, key.public)
    header = {"alg": algorithm.value, "kid": "k1", "typ": "test+jwt"}
    theirs = jws.serialize_compact(header, b'{"sub":"x"}', other_key(key), algorithms=[algorithm.value])
    assert jose.read(theirs, typs=TYPS, keys={"k1": key.public}).claims == {"sub": "x"}


@BOTH
def test_thumbprints_agree(algorithm: Algorithm) -> None:
    key = KEYS[algorithm].public
    assert other_key(key).thumbprint() == key.kid


@BOTH
def test_what_we_read_the_other_takes(algorithm: Algorithm) -> None:
    """Changed texts: whatever passes here passes there, and a signature refused here is refused there."""
    key = KEYS[algorithm]
    draw = random.Random(algorithm.value)
    text = jose.sign({"sub": "x", "n": 7}, typ="test+jwt", key=key, kid="k1")
    verdicts = {True: 0, False: 0}
    for _ in range(400):
        place = draw.randrange(len(text))
        changed = text[:place] + draw.choice("ABQgwabz019-_.=") + text[place + 1 :]
        try:
            jose.read(changed, typs=TYPS, keys={"k1": key.public})
        except Flawed as error:
            ours = False
            if error.flaw is Flaw.SIGNATURE:
                assert not other_verdict(changed, key.public)
        else:
            ours = True
            assert other_verdict(changed, key.public)
        verdicts[ours] += 1
    assert verdicts[True] > 0  # a character replaced by itself
    assert verdicts[False] > 300


def test_wycheproof_p256_agrees_three_times() -> None:
    document = json.loads((WYCHEPROOF / "ecdsa_secp256r1_sha256_p1363_test.json").read_text())
    compared = 0
    for group in document["testGroups"]:
        key = PublicKey.from_pem(group["publicKeyPem"].encode())
        imported, algorithm = other_key(key), jws.JWSRegistry.algorithms["ES256"]
        for test in group["tests"]:
            message, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
            try:
                theirs = algorithm.verify(message, signature, imported)
            except ValueError:
                theirs = False
            assert key.verify(message, signature) is theirs is (test["result"] == "valid"), test["comment"]
            compared += 1
    assert compared == 262
