"""Published examples and Wycheproof, through the signature layer and through the profile (ACC-2, ACC-3).

Sources: RFC 7515 appendix A, RFC 7519 section 6.1, RFC 7520, RFC 7797, RFC 8037 appendix A, C2SP/wycheproof; the copies
and their commits are in ``tests/data``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from interlock import base64url, jose
from interlock.flaws import Flaw, Flawed
from interlock.keys import PublicKey

DATA = Path(__file__).parents[1] / "data"


def load(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / path).read_text())
    return document


@pytest.mark.parametrize(
    ("file", "cases"),
    [("ed25519_test.json", 151), ("ecdsa_secp256r1_sha256_p1363_test.json", 262)],
    ids=["Ed25519", "ES256"],
)
def test_every_wycheproof_verdict_is_ours(file: str, cases: int) -> None:
    document = load(f"wycheproof/{file}")
    assert document["numberOfTests"] == cases
    differing = [
        (test["tcId"], test["comment"])
        for group in document["testGroups"]
        for key in [PublicKey.from_pem(group["publicKeyPem"].encode())]
        for test in group["tests"]
        if key.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])) is not (test["result"] == "valid")
    ]
    assert differing == []


EXAMPLES = {vector["name"]: vector for vector in load("rfc/rfc7515_rfc8037_examples.json")["vectors"]}


@pytest.mark.parametrize("name", ["RFC 7515 A.3 ES256", "RFC 8037 A.4 EdDSA (Ed25519)"])
def test_the_signature_of_an_rfc_example_verifies(name: str) -> None:
    example = EXAMPLES[name]
    message, _, signature = example["jws"].rpartition(".")
    assert PublicKey.from_jwk(example["jwk"]).verify(message.encode(), base64url.decode(signature))


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        # A signature is not enough: none of these names a key and a type.
        pytest.param("RFC 7515 A.3 ES256", Flaw.HEADER, id="ES256 without kid and typ"),
        pytest.param("RFC 8037 A.4 EdDSA (Ed25519)", Flaw.HEADER, id="EdDSA without kid and typ"),
        pytest.param("RFC 7515 A.1 HS256", Flaw.FORM, id="HS256"),
        pytest.param("RFC 7519 6.1 unsecured JWT", Flaw.FORM, id="none"),
    ],
)
def test_an_rfc_example_is_no_token_here(name: str, flaw: Flaw) -> None:
    example = EXAMPLES[name]
    keys = {}
    if example["jwk"] and example["jwk"]["kty"] != "oct":
        keys = {"k1": PublicKey.from_jwk(example["jwk"])}
    with pytest.raises(Flawed) as caught:
        jose.read(example["jws"], typs=frozenset({"JWT"}), keys=keys)
    assert caught.value.flaw is flaw


def compact_texts() -> list[Any]:
    """Return each compact serialization of the cookbook, with its file's name."""
    texts = []
    for path in sorted((DATA / "jose-cookbook").glob("*.json")):
        output = json.loads(path.read_text()).get("output")
        text = output.get("compact") if isinstance(output, dict) else output
        if isinstance(text, str):
            texts.append(pytest.param(text, id=path.stem))
    assert len(texts) >= 6
    return texts


@pytest.mark.parametrize("text", compact_texts())
def test_the_cookbook_holds_no_token_of_this_profile(text: str) -> None:
    """RSA, HMAC, P-521, detached and encrypted texts are refused before any key is asked for."""
    with pytest.raises(Flawed) as caught:
        jose.read(text, typs=frozenset({"JWT"}), keys={})
    assert caught.value.flaw in {Flaw.FORM, Flaw.HEADER}


@pytest.mark.parametrize("path", sorted((DATA / "jose-cookbook").glob("jwk__*.json")), ids=lambda path: path.stem)
def test_the_cookbook_holds_no_key_of_this_profile(path: Path) -> None:
    """RSA, symmetric and P-521 keys are of no use here."""
    with pytest.raises(Flawed) as caught:
        PublicKey.from_jwk(json.loads(path.read_text()))
    assert caught.value.flaw is Flaw.KEY
