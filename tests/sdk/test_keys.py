"""Keys: one algorithm each, strict forms, secrets that do not show (ACC-3, ACC-7)."""

import json
import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from interlock import base64url, key_file
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey, PublicKey

COOKBOOK = Path(__file__).parents[1] / "data" / "jose-cookbook"
ED25519 = json.loads((COOKBOOK / "curve25519__jws.json").read_text())["input"]["key"]
P256 = {  # RFC 7517 appendix A.2, with its private half
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
}
BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))


@BOTH
def test_what_one_half_signs_the_other_verifies(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    signature = key.sign(b"a parcel")
    assert len(signature) == 64
    assert key.public.verify(b"a parcel", signature)
    assert not key.public.verify(b"a barrel", signature)
    assert not key.public.verify(b"a parcel", signature[:-1])
    assert not PrivateKey.generate(algorithm).public.verify(b"a parcel", signature)


@BOTH
def test_a_key_comes_back_from_every_form(algorithm: Algorithm, tmp_path: Path) -> None:
    key = PrivateKey.generate(algorithm)
    key_file.save(key, tmp_path / "key.pem")
    for again in (
        key_file.load(tmp_path / "key.pem"),
        PrivateKey.from_pem(key.to_pem()),
        PrivateKey.from_jwk(key.to_jwk()),
    ):
        assert again.to_pem() == key.to_pem()
    assert PublicKey.from_pem(key.public.to_pem()) == key.public
    assert PublicKey.from_jwk(key.public.jwk()) == key.public
    assert hash(PublicKey.from_jwk(key.public.jwk())) == hash(key.public)
    assert pickle.loads(pickle.dumps(key.public)) == key.public  # noqa: S301  our own bytes


@BOTH
def test_a_secret_does_not_show(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    secret = key.to_jwk()["d"]
    assert secret not in repr(key)
    assert "d" not in key.public.jwk()
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    key = PrivateKey.generate()
    key_file.save(key, path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        key_file.save(PrivateKey.generate(), path)
    path.chmod(0o640)
    with pytest.raises(Flawed, match="0600"):
        key_file.load(path)


def test_the_thumbprint_of_rfc_8037() -> None:
    key = PrivateKey.from_jwk({name: value for name, value in ED25519.items() if name != "use"})
    assert key.public.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert key.public.canonical_jwk() == (
        b'{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
    )
    assert base64url.encode(key.public.thumbprint()) == key.public.kid


def test_a_p256_jwk_with_its_private_half() -> None:
    key = PrivateKey.from_jwk(P256)
    assert key.algorithm is Algorithm.ES256
    assert key.to_jwk() == P256


def public(jwk: dict[str, str], **changes: object) -> dict[str, object]:
    """Return the public half of ``jwk`` with changed members; None takes one away."""
    members = {**jwk, "d": None, "use": None, **changes}
    return {name: value for name, value in members.items() if value is not None}


@pytest.mark.parametrize(
    "jwk",
    [
        pytest.param(public(ED25519, d=ED25519["d"]), id="a secret that should not be here"),
        pytest.param(public(ED25519, x=None), id="a member missing"),
        pytest.param(public(ED25519, x5u="https://example.com/key"), id="a member too many"),
        pytest.param(public(ED25519, alg="ES256"), id="another kind's algorithm"),
        pytest.param(public(ED25519, use="enc"), id="a key for something else"),
        pytest.param(public(ED25519, crv="X25519"), id="X25519"),
        pytest.param(public(ED25519, crv="Ed448"), id="Ed448"),
        pytest.param(public(ED25519, kty="oct"), id="a symmetric key"),
        pytest.param(public(ED25519, x=7), id="a coordinate that is no string"),
        pytest.param(public(ED25519, kty=["OKP"]), id="a kind that is no string"),
        pytest.param(public(ED25519, x="AQ"), id="a short coordinate"),
        pytest.param(public(P256, y=P256["x"]), id="a point off the curve"),
        pytest.param(public(P256, crv="P-384"), id="P-384"),
        pytest.param(public(P256, crv="secp256k1"), id="secp256k1"),
        pytest.param(public(P256, x=base64url.encode(b"\x01" * 33)), id="a long coordinate"),
        pytest.param({}, id="nothing"),
    ],
)
def test_a_public_key_of_another_form_is_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(Flawed) as caught:
        PublicKey.from_jwk(jwk)
    assert caught.value.flaw is Flaw.KEY


@pytest.mark.parametrize(
    "jwk",
    [
        pytest.param({**P256, "d": ED25519["d"]}, id="a secret of another key"),
        pytest.param({**P256, "d": base64url.encode(bytes(32))}, id="zero"),
        pytest.param({**P256, "d": base64url.encode(b"\xff" * 32)}, id="beyond the order of the curve"),
        pytest.param({**P256, "d": None}, id="no secret"),
    ],
)
def test_a_private_key_of_another_form_is_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(Flawed) as caught:
        PrivateKey.from_jwk(jwk)
    assert caught.value.flaw is Flaw.KEY


def test_pem_of_another_kind_is_refused() -> None:
    big = rsa.generate_private_key(65537, 2048)
    foreign = ec.generate_private_key(ec.SECP384R1())
    for key in (big, foreign):
        with pytest.raises(Flawed):
            PrivateKey.from_pem(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with pytest.raises(Flawed):
            PublicKey.from_pem(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    locked = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
    )
    for text in (locked, b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(Flawed):
            PrivateKey.from_pem(text)
        with pytest.raises(Flawed):
            PublicKey.from_pem(text)


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Add two points of edwards25519, by RFC 8032 section 5.1.4 in affine form."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P,
    )


def small_order_points() -> set[tuple[int, int]]:
    """Find the eight points of order 1, 2, 4 and 8 by multiplying points of the curve by the large prime order."""
    order = 2**252 + 27742317777372353535851937790883648493
    root_of_minus_one = pow(2, (P - 1) // 4, P)
    points: set[tuple[int, int]] = set()
    for y in range(2, 60):
        square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        if x * x % P != square:
            x = x * root_of_minus_one % P
        if x * x % P == square:
            point, scaled = (0, 1), (x, y)
            for bit in range(order.bit_length()):
                if order >> bit & 1:
                    point = add(point, scaled)
                scaled = add(scaled, scaled)
            points.add(point)
    return points


def test_a_key_under_which_everything_verifies_is_refused() -> None:
    points = small_order_points()
    assert len(points) == 8
    for x, y in points:
        for spelling in {y, y + P} if y + P < 2**255 else {y}:
            for sign in {x & 1, 1}:
                raw = (spelling | sign << 255).to_bytes(32, "little")
                with pytest.raises(Flawed) as caught:
                    PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)})
                assert caught.value.flaw is Flaw.KEY
