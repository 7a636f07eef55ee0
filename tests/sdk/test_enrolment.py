"""Enrolment and the link's first two proofs: the secret is never sent, nothing is proved twice."""

import hmac
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interlock import enrolment, link_proof
from interlock.binding import derive, join
from interlock.enrolment import EnrolmentCode
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey

CODE = EnrolmentCode(code_id=b"codeid", secret=bytes(range(16)), root_thumbprint=b"\xaa" * 32)
KEY = PrivateKey.generate()
BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))


def test_a_code_is_written_and_read() -> None:
    text = CODE.text()
    assert text == "ilk1.Y29kZWlkAAECAwQFBgcICQoLDA0OD6qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
    assert EnrolmentCode.parse(text) == CODE
    assert EnrolmentCode.parse(f"  {text}\n") == CODE


def test_a_code_does_not_show_its_secret() -> None:
    assert repr(CODE.secret) not in repr(CODE)
    assert "secret" not in repr(CODE)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        pytest.param("", Flaw.FORM, id="nothing"),
        pytest.param(CODE.text()[:-1], Flaw.FORM, id="a character too few"),
        pytest.param(CODE.text() + "A", Flaw.TOO_LONG, id="a character too many"),
        pytest.param(CODE.text().replace("ilk1.", "ilk2."), Flaw.FORM, id="another version"),
        pytest.param(CODE.text()[:-1] + "=", Flaw.ENCODING, id="padding"),
        pytest.param(CODE.text()[:-1] + "ä", Flaw.ENCODING, id="a foreign letter"),
    ],
)
def test_another_text_is_no_code(text: str, flaw: Flaw) -> None:
    with pytest.raises(Flawed) as caught:
        EnrolmentCode.parse(text)
    assert caught.value.flaw is flaw


def test_the_proofs_are_the_documented_ones() -> None:
    proof = enrolment.enrol_proof(CODE, public_key=KEY.public, nonce=b"nonce")
    message = join(b"codeid", KEY.public.canonical_jwk(), b"\xaa" * 32, b"nonce")
    assert proof == hmac.digest(CODE.secret, message, sha256)
    answer = enrolment.answer_proof(CODE, nonce=b"nonce", answer=b"welcome")
    assert answer == hmac.digest(CODE.secret, join(b"nonce", b"welcome"), sha256)


def test_a_proof_is_for_one_code_key_and_nonce() -> None:
    proofs = {
        enrolment.enrol_proof(code, public_key=key, nonce=nonce)
        for code in (CODE, replace(CODE, secret=bytes(16)), replace(CODE, root_thumbprint=bytes(32)))
        for key in (KEY.public, PrivateKey.generate().public)
        for nonce in (b"one", b"two")
    }
    assert len(proofs) == 12
    assert enrolment.proofs_equal(proofs.copy().pop(), next(iter(proofs)))
    assert not enrolment.proofs_equal(*list(proofs)[:2])


def test_a_sealed_secret_is_opened_by_the_code_alone() -> None:
    sealed = enrolment.seal(CODE, b"s" * 32, nonce=b"n" * 12)
    assert len(sealed) == 60
    assert sealed.startswith(b"n" * 12)
    assert b"ssss" not in sealed
    assert enrolment.unseal(CODE, sealed) == b"s" * 32
    with pytest.raises(Flawed, match="SIGNATURE"):
        enrolment.unseal(replace(CODE, secret=bytes(16)), sealed)


@pytest.mark.parametrize("place", [0, 12, 59])
def test_a_changed_seal_does_not_open(place: int) -> None:
    sealed = bytearray(enrolment.seal(CODE, b"s" * 32, nonce=b"n" * 12))
    sealed[place] ^= 1
    with pytest.raises(Flawed, match="SIGNATURE"):
        enrolment.unseal(CODE, bytes(sealed))


@pytest.mark.parametrize("length", [0, 5, 12, 27, 28, 59, 61])
def test_a_seal_of_another_length_does_not_open(length: int) -> None:
    sealed = enrolment.seal(CODE, b"s" * 32, nonce=b"n" * 12) + b"x"
    with pytest.raises(Flawed):
        enrolment.unseal(CODE, sealed[:length])


def test_only_a_bank_secret_comes_out() -> None:
    """The seal fits and what was sealed does not: a gateway that is wrong is not followed."""
    cipher = AESGCM(derive(CODE.secret, b"interlock/seal"))
    with pytest.raises(Flawed, match="FORM"):
        enrolment.unseal(CODE, b"n" * 12 + cipher.encrypt(b"n" * 12, b"s" * 31, None))


@pytest.mark.parametrize("changes", [{"code_id": b"code"}, {"secret": b""}, {"root_thumbprint": bytes(31)}], ids=str)
def test_no_code_of_other_lengths_is_made(changes: dict[str, bytes]) -> None:
    with pytest.raises(Flawed, match="FORM"):
        replace(CODE, **changes)


def test_only_a_bank_secret_is_sealed() -> None:
    for secret, nonce in ((b"s" * 31, b"n" * 12), (b"s" * 32, b"n" * 8)):
        with pytest.raises(Flawed, match="FORM"):
            enrolment.seal(CODE, secret, nonce=nonce)


@BOTH
def test_a_hello_is_proved_over_the_gateways_nonce(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    proof = link_proof.prove_hello(key, nonce=b"nonce", hello=b"hello")
    assert link_proof.hello_proven(key.public, nonce=b"nonce", hello=b"hello", proof=proof)
    assert not link_proof.hello_proven(key.public, nonce=b"other", hello=b"hello", proof=proof)
    assert not link_proof.hello_proven(key.public, nonce=b"nonce", hello=b"hullo", proof=proof)
    assert not link_proof.hello_proven(KEY.public, nonce=b"nonce", hello=b"hello", proof=proof)
    assert not link_proof.hello_proven(key.public, nonce=b"nonce", hello=b"hello", proof=b"")
    assert key.public.verify(join(b"interlock-hello", b"nonce", sha256(b"hello").digest()), proof)


@BOTH
def test_the_time_is_proved_for_one_nonce(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    now = 1_790_000_000_123_456_789
    proof = link_proof.prove_time(key, nonce=b"nonce", unix_ns=now)
    assert link_proof.time_proven(key.public, nonce=b"nonce", unix_ns=now, proof=proof)
    assert not link_proof.time_proven(key.public, nonce=b"nonce", unix_ns=now + 1, proof=proof)
    assert not link_proof.time_proven(key.public, nonce=b"other", unix_ns=now, proof=proof)
    for impossible in (-1, 2**64):
        assert not link_proof.time_proven(key.public, nonce=b"nonce", unix_ns=impossible, proof=proof)
    assert key.public.verify(join(b"interlock-time", b"nonce", now.to_bytes(8, "big")), proof)


def test_a_proof_of_one_kind_is_none_of_another() -> None:
    hello = sha256(b"hello").digest()
    proof = link_proof.prove_hello(KEY, nonce=b"nonce", hello=b"hello")
    assert not link_proof.time_proven(KEY.public, nonce=b"nonce", unix_ns=int.from_bytes(hello[:8], "big"), proof=proof)
