"""Key sets: pinned by a thumbprint, numbered, handed from root to root (ACC-40 to ACC-45)."""

from dataclasses import replace
from typing import Any

import pytest

from interlock import access_token, jose, key_set
from interlock.access_token import AccessToken, Act
from interlock.flaws import Flaw, Flawed
from interlock.key_set import KeySet, NetworkKey, Use
from interlock.keys import Algorithm, PrivateKey
from interlock.numbered import Number

ROOT, NEXT_ROOT = PrivateKey.generate(), PrivateKey.generate(Algorithm.ES256)
NOW = 1_790_000_000
YEAR = 365 * 24 * 3600
SIGNERS = {kid: PrivateKey.generate() for kid in ("a1", "a2", "l1")}


def network_key(kid: str, use: Use = Use.ACCESS, **changes: Any) -> NetworkKey:
    return NetworkKey(**{"kid": kid, "key": SIGNERS[kid].public, "use": use, "nbf": NOW, "exp": NOW + YEAR, **changes})


KEYS = {"a1": network_key("a1"), "a2": network_key("a2", nbf=NOW + 999), "l1": network_key("l1", Use.LINK)}
FIRST = KeySet(
    network="net",
    number=Number(1, 1),
    iat=NOW,
    exp=NOW + YEAR,
    keys=KEYS,
    root=ROOT.public,
    next_root=NEXT_ROOT.public.thumbprint(),
)


def signed(root: PrivateKey = ROOT, **changes: Any) -> str:
    return key_set.sign(replace(FIRST, root=root.public, **changes), root)


def first() -> KeySet:
    return key_set.read(signed(), ROOT.public.thumbprint())


def test_what_the_root_signed_is_read_by_its_thumbprint() -> None:
    assert first() == FIRST
    assert first().text == signed()
    with pytest.raises(Flawed) as caught:
        key_set.read(signed(), NEXT_ROOT.public.thumbprint())
    assert caught.value.flaw is Flaw.KEY_UNKNOWN


def test_another_root_cannot_put_itself_in() -> None:
    """The set names the key that checks it, but only a pinned one counts."""
    thief = PrivateKey.generate()
    with pytest.raises(Flawed, match="KEY_UNKNOWN"):
        key_set.read(signed(thief), ROOT.public.thumbprint())
    said = jose.unverified_claims(signed(), most_chars=key_set.MOST_CHARS)
    for kid in (ROOT.public.kid, thief.public.kid):
        text = jose.sign(said, typ=key_set.TYP, key=thief, kid=kid)
        with pytest.raises(Flawed) as caught:
            key_set.read(text, ROOT.public.thumbprint())
        assert caught.value.flaw in {Flaw.SIGNATURE, Flaw.KEY_UNKNOWN}


def test_no_unlawful_key_is_named() -> None:
    for changes in ({"kid": ""}, {"kid": "a 1"}, {"exp": NOW}, {"nbf": -1}):
        with pytest.raises(Flawed, match="CLAIM"):
            replace(KEYS["a1"], **changes)


def test_a_set_is_signed_by_the_root_that_it_names() -> None:
    with pytest.raises(Flawed, match="root"):
        key_set.sign(FIRST, NEXT_ROOT)


def test_keys_are_handed_out_by_use() -> None:
    assert first().trusted(Use.ACCESS) == {"a1": SIGNERS["a1"].public, "a2": SIGNERS["a2"].public}
    assert first().trusted(Use.LINK) == {"l1": SIGNERS["l1"].public}


def test_a_distrusted_key_opens_nothing_any_more() -> None:
    token = AccessToken(
        iss="net",
        aud="bankbankbank",
        sub="mfrggzdfmztwq2lk",
        jti="AAECAwQFBgcICQoL",
        iat=NOW,
        nbf=NOW,
        exp=NOW + 900,
        act=Act.COLLECT,
        ser=0,
        sl=0,
    )
    text = access_token.mint(token, SIGNERS["a1"], "a1")
    held = first()
    assert access_token.read(text, held.trusted(Use.ACCESS)) == token
    keys = {**KEYS, "a1": network_key("a1", distrusted=True)}
    later = key_set.accept(held, signed(number=Number(1, 2), keys=keys))
    assert later.keys["a1"].distrusted
    with pytest.raises(Flawed, match="KEY_UNKNOWN"):
        access_token.read(text, later.trusted(Use.ACCESS))


def test_a_later_edition_takes_the_place_of_an_earlier_one() -> None:
    held = first()
    assert key_set.accept(held, held.text) is held
    later = key_set.accept(held, signed(number=Number(1, 2)))
    assert later.number == Number(1, 2)
    assert key_set.accept(later, signed(number=Number(2, 1))).number == Number(2, 1)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        pytest.param(signed(number=Number(1, 1)), Flaw.ROLLED_BACK, id="earlier"),
        pytest.param(signed(number=Number(1, 2), exp=NOW + 5), Flaw.ROLLED_BACK, id="another text under that number"),
        pytest.param(signed(number=Number(1, 3), network="other"), Flaw.ISSUER, id="another network of that root"),
    ],
)
def test_an_earlier_or_foreign_edition_is_refused(text: str, flaw: Flaw) -> None:
    held = key_set.accept(first(), signed(number=Number(1, 2)))
    with pytest.raises(Flawed) as caught:
        key_set.accept(held, text)
    assert caught.value.flaw is flaw


def test_a_root_hands_over_to_the_next_and_counts_no_more() -> None:
    handed_over = key_set.accept(first(), signed(NEXT_ROOT, number=Number(1, 2), next_root=None))
    assert handed_over.root == NEXT_ROOT.public
    with pytest.raises(Flawed, match="KEY_UNKNOWN"):
        key_set.accept(handed_over, signed(ROOT, number=Number(1, 3)))
    assert key_set.accept(handed_over, signed(NEXT_ROOT, number=Number(1, 3))).number == Number(1, 3)


def test_a_root_that_was_not_named_does_not_follow() -> None:
    with pytest.raises(Flawed, match="KEY_UNKNOWN"):
        key_set.accept(first(), signed(PrivateKey.generate(), number=Number(1, 2)))


def entry(**changes: object) -> dict[str, object]:
    said = {"kid": "a1", "jwk": SIGNERS["a1"].public.jwk(), "use": "access", "nbf": NOW, "exp": NOW + 1}
    return {**said, **changes}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("keys", None, id="no keys"),
        pytest.param("keys", {}, id="keys in an object"),
        pytest.param("keys", [1], id="a key that is a number"),
        pytest.param("keys", [entry(), entry(jwk=SIGNERS["a2"].public.jwk())], id="two keys under one name"),
        pytest.param("keys", [entry(), entry(kid="a2", use="link")], id="one key for two uses"),
        pytest.param("keys", [entry(kid="seven77")], id="a long name"),
        pytest.param("keys", [entry(use="sign")], id="a use unknown"),
        pytest.param("keys", [entry(nbf=NOW + 1)], id="a time that ends before it begins"),
        pytest.param("keys", [entry(distrusted="no")], id="distrust that is a string"),
        pytest.param("keys", [entry(jwk=SIGNERS["a1"].to_jwk())], id="a private key"),
        pytest.param("keys", [entry(jwk="a1")], id="a key that is a string"),
        pytest.param("keys", [entry()] * 65, id="too many keys"),
        pytest.param("root", None, id="no root"),
        pytest.param("next_root", "AAAA", id="a short thumbprint"),
        pytest.param("next_root", None, id="a thumbprint that is null"),
        pytest.param("era", "1", id="an era that is a string"),
        pytest.param("n", 0, id="number zero"),
        pytest.param("exp", NOW, id="an end before the beginning"),
        pytest.param("iss", "NET", id="a network that is none"),
    ],
)
def test_an_unlawful_set_is_refused(name: str, value: object) -> None:
    said = {**jose.unverified_claims(signed(), most_chars=key_set.MOST_CHARS), name: value}
    text = jose.sign(said, typ=key_set.TYP, key=ROOT, kid=ROOT.public.kid)
    with pytest.raises(Flawed) as caught:
        key_set.read(text, ROOT.public.thumbprint())
    assert caught.value.flaw in {Flaw.CLAIM, Flaw.KEY}


def test_a_key_set_of_another_type_is_refused() -> None:
    said = jose.unverified_claims(signed(), most_chars=key_set.MOST_CHARS)
    with pytest.raises(Flawed, match="TYPE"):
        key_set.read(jose.sign(said, typ="statuslist+jwt", key=ROOT, kid=ROOT.public.kid), ROOT.public.thumbprint())
