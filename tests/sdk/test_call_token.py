"""Call tokens: an actor speaks for itself, to one network, for ten minutes (docs/protocol/11-calls.md)."""

from typing import Any

import pytest

from interlock import base64url, call_token, jose
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey

KEY = PrivateKey.generate()
KEYS = {KEY.public.kid: KEY.public}
NOW = 1_790_000_000
BANK = "parties/acme/banks/berlin-1"


def read(text: str, **changes: Any) -> call_token.CallToken:
    said: dict[str, Any] = {"actor": "parties/dhl", "network": "net", "now": NOW, **changes}
    return call_token.read(text, KEYS, **said)


def signed(**changes: object) -> str:
    said: dict[str, object] = {"iss": "parties/dhl", "sub": "parties/dhl", "aud": "net", "iat": NOW, "exp": NOW + 600}
    members = {name: value for name, value in {**said, **changes}.items() if value is not None}
    return jose.sign(members, typ=call_token.TYP, key=KEY, kid=KEY.public.kid)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("actor", ["parties/dhl", BANK])
def test_what_was_minted_is_read(actor: str, algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    text = call_token.mint(actor, key, network="net", now=NOW)
    assert call_token.key_id(text) == key.public.kid
    read = call_token.read(text, {key.public.kid: key.public}, actor=actor, network="net", now=NOW)
    assert read == call_token.CallToken(actor, key.public.kid, NOW + 600)


def test_a_binding_to_a_certificate_is_kept() -> None:
    text = call_token.mint("parties/dhl", KEY, network="net", now=NOW, certificate_sha256=b"c" * 32)
    assert read(text).certificate_sha256 == b"c" * 32


@pytest.mark.parametrize(
    ("now", "flaw"),
    [
        pytest.param(NOW - 61, Flaw.NOT_YET, id="before it was made"),
        pytest.param(NOW - 60, None, id="a clock that is a minute slow"),
        pytest.param(NOW + 659, None, id="a clock that is a minute fast"),
        pytest.param(NOW + 660, Flaw.EXPIRED, id="after its end"),
    ],
)
def test_clocks_may_differ_by_a_minute(now: int, flaw: Flaw | None) -> None:
    if flaw is None:
        assert read(signed(), now=now).exp == NOW + 600
    else:
        with pytest.raises(Flawed) as caught:
            read(signed(), now=now)
        assert caught.value.flaw is flaw


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"iss": "parties/ups"}, Flaw.ISSUER),
        ({"sub": "parties/ups"}, Flaw.ISSUER),
        ({"sub": None}, Flaw.ISSUER),
        ({"iss": None}, Flaw.ISSUER),
        ({"aud": "other"}, Flaw.AUDIENCE),
        ({"aud": ["net"]}, Flaw.AUDIENCE),
        ({"aud": None}, Flaw.AUDIENCE),
        ({"exp": NOW + 601}, Flaw.CLAIM),
        ({"exp": NOW}, Flaw.CLAIM),
        ({"exp": None}, Flaw.CLAIM),
        ({"exp": str(NOW + 600)}, Flaw.CLAIM),
        ({"iat": None}, Flaw.CLAIM),
        ({"iat": True}, Flaw.CLAIM),
        ({"nbf": NOW + 61}, Flaw.NOT_YET),
        ({"nbf": "soon"}, Flaw.CLAIM),
        ({"cnf": {}}, Flaw.CLAIM),
        ({"cnf": {"jkt": "x"}}, Flaw.CLAIM),
        ({"cnf": {"x5t#S256": 1}}, Flaw.CLAIM),
        ({"cnf": {"x5t#S256": base64url.encode(b"c" * 31)}}, Flaw.CLAIM),
        ({"cnf": {"x5t#S256": "A" * 43, "jkt": "x"}}, Flaw.CLAIM),
    ],
    ids=str,
)
def test_an_unlawful_token_is_refused(changes: dict[str, object], flaw: Flaw) -> None:
    with pytest.raises(Flawed) as caught:
        read(signed(**changes))
    assert caught.value.flaw is flaw


def test_a_registered_key_speaks_for_its_own_actor_only() -> None:
    """A carrier's key that signs as its neighbour: the register says whose key it is."""
    with pytest.raises(Flawed, match="ISSUER"):
        read(call_token.mint("parties/ups", KEY, network="net", now=NOW))


def test_a_key_that_is_not_registered_is_refused() -> None:
    text = call_token.mint("parties/dhl", PrivateKey.generate(), network="net", now=NOW)
    with pytest.raises(Flawed, match="KEY_UNKNOWN"):
        read(text)


@pytest.mark.parametrize(
    "changes",
    [{"actor": "dhl"}, {"actor": "parties/dhl/reservations/x"}, {"network": "NET"}, {"life_s": 0}, {"life_s": 601}],
    ids=str,
)
def test_no_unlawful_token_is_minted(changes: dict[str, Any]) -> None:
    said = {"actor": "parties/dhl", "network": "net", "now": NOW, **changes}
    with pytest.raises(Flawed, match="CLAIM"):
        call_token.mint(said.pop("actor"), KEY, **said)
