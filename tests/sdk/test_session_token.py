"""Courier sessions: they admit to the menu and to nothing else (ACC-30 to ACC-33)."""

from typing import Any

import pytest

from interlock import access_token, jose, presented, session_token
from interlock.access_token import AccessToken, Act
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey
from interlock.session_token import SessionToken

KEY = PrivateKey.generate()
KEYS = {"k1": KEY.public}
NOW = 1_790_000_000
CLAIMS: dict[str, Any] = {
    "iss": "net",
    "aud": "bankbankbank",
    "sub": "dhl",
    "jti": "AAECAwQFBgcICQoL",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 12 * 3600,
    "sl": 7,
}


def session(**changes: Any) -> SessionToken:
    return SessionToken(**{**CLAIMS, "acts": frozenset({Act.DEPOSIT, Act.RECALL}), **changes})


def signed(**changes: object) -> str:
    return jose.sign({**CLAIMS, "act": "cs", "acts": "dr", **changes}, typ=session_token.TYP, key=KEY, kid="k1")


def test_what_was_minted_is_read() -> None:
    text = session_token.mint(session(), KEY, "k1")
    assert session_token.read(text, KEYS) == session() == session_token.read(signed(), KEYS)
    assert session_token.read(text, KEYS).kid == "k1"


@pytest.mark.parametrize(
    "changes",
    [
        {"act": "d"}, {"act": None}, {"acts": ""}, {"acts": "dd"}, {"acts": "ds"}, {"acts": ["d"]}, {"acts": "x"},
        {"sub": "D"}, {"sub": "mfrggzdfmztwq2lk" * 2}, {"exp": NOW + 12 * 3600 + 1}, {"exp": NOW}, {"nbf": NOW + 43200},
        {"sl": 10_000_000}, {"jti": "short"}, {"aud": ["bankbankbank"]}, {"iss": 1}, {"iat": None},
    ],
    ids=str,
)  # fmt: skip
def test_an_unlawful_session_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Flawed) as caught:
        session_token.read(signed(**changes), KEYS)
    assert caught.value.flaw is Flaw.CLAIM


def test_a_session_is_no_right_and_a_right_no_session() -> None:
    right = AccessToken(**{**CLAIMS, "sub": "mfrggzdfmztwq2lk"}, act=Act.COLLECT, ser=0)
    as_right, as_session = access_token.mint(right, KEY, "k1"), session_token.mint(session(), KEY, "k1")
    with pytest.raises(Flawed, match="TYPE"):
        session_token.read(as_right, KEYS)
    with pytest.raises(Flawed, match="TYPE"):
        access_token.read(as_session, KEYS)
    assert presented.read(as_right, KEYS) == right
    assert presented.read(as_session, KEYS) == session()


def test_a_service_act_is_none_of_a_courier() -> None:
    with pytest.raises(Flawed, match="acts"):
        session(acts=frozenset({Act.SERVICE}))
    with pytest.raises(Flawed, match="acts"):
        session(acts=frozenset())


def test_a_long_key_name_is_refused_on_both_sides() -> None:
    with pytest.raises(Flawed, match="HEADER"):
        session_token.mint(session(), KEY, "seven77")
    text = jose.sign({**CLAIMS, "act": "cs", "acts": "d"}, typ=session_token.TYP, key=KEY, kid="seven77")
    with pytest.raises(Flawed, match="HEADER"):
        presented.read(text, {"seven77": KEY.public})
