"""Access tokens: what is said comes back, what is unlawful is never said (ACC-10 to ACC-23)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock import access_token, base64url, deposit_terms, jose, qr, session_token
from interlock.access_token import AccessToken, Act
from interlock.deposit_terms import Climate, CollectFor, DepositTerms, PinTerms, StayUnit
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey
from interlock.session_token import SessionToken

KEYS = {algorithm: PrivateKey.generate(algorithm) for algorithm in Algorithm}
KEY = KEYS[Algorithm.EDDSA]
NOW = 1_790_000_000
TERMS = DepositTerms(
    size_class="L",
    climate=Climate.CHILLED,
    features="ap",
    pin=PinTerms(key_version=3, series=2, verifier=bytes(range(8))),
    collect_for=CollectFor(7, StayUnit.WORKING_DAYS),
    recall_hours=24,
    parcels=2,
    hand_over="Ir",
    group="mfrggzdfmz",
)


def token(act: Act = Act.COLLECT, **changes: Any) -> AccessToken:
    """Build a lawful token of this act."""
    members: dict[str, Any] = {
        "iss": "net",
        "aud": "bankbankbank",
        "sub": "mfrggzdfmztwq2lk",
        "jti": "AAECAwQFBgcICQoL",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "ser": 1,
        "sl": 7,
        "dep": TERMS if act is Act.DEPOSIT else None,
        "cmp": "12" if act is Act.SERVICE else None,
    }
    return AccessToken(**{**members, "act": act, **changes})


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("act", list(Act))
def test_what_was_minted_is_read(act: Act, algorithm: Algorithm) -> None:
    key = KEYS[algorithm]
    text = access_token.mint(token(act), key, "k1")
    again = access_token.read(text, {"k1": key.public})
    assert again == token(act)
    assert again.kid == "k1"


def test_the_wire_form_is_the_documented_one() -> None:
    """The example in docs/protocol/06-access.md, member by member and in order."""
    _header, body, _signature = access_token.mint(token(Act.DEPOSIT), KEY, "k1").split(".")
    assert base64url.decode(body) == (
        b'{"iss":"net","aud":"bankbankbank","sub":"mfrggzdfmztwq2lk","jti":"AAECAwQFBgcICQoL",'
        b'"iat":1790000000,"nbf":1790000000,"exp":1790000900,"act":"d","ser":1,"sl":7,'
        b'"dep":["L","c","ap",[3,2,"AAECAwQFBgc"],"7W",24,2,"Ir","mfrggzdfmz"]}'
    )


def test_a_header_has_three_members() -> None:
    head = access_token.mint(token(), KEY, "k1").split(".")[0]
    assert base64url.decode(head) == b'{"alg":"EdDSA","kid":"k1","typ":"interlock-access+jwt"}'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", ""), ("iss", "a" * 17), ("iss", "Net"), ("iss", "1net"), ("iss", "net\n"),
        ("aud", "bankbankban"), ("aud", "bankbankbank1"), ("aud", "BANKBANKBANK"), ("aud", "bankbankban1"),
        ("sub", "mfrggzdfmztwq2l"), ("sub", "parties/a/reserv"), ("sub", None),
        ("jti", "AAECAwQFBgcICQo"), ("jti", "AAECAwQFBgcICQo="),
        ("iat", -1), ("iat", 1.0), ("iat", True), ("iat", "1790000000"), ("iat", NOW + 900),
        ("nbf", None), ("nbf", NOW + 900), ("nbf", 10**10),
        ("exp", NOW), ("exp", 10**10), ("exp", NOW + 400 * 24 * 3600 + 1), ("exp", float("nan")),
        ("ser", -1), ("ser", 65_536), ("ser", False),
        ("sl", -1), ("sl", 10_000_000), ("sl", None),
        ("dep", TERMS), ("cmp", "12"),
    ],
)  # fmt: skip
def test_no_unlawful_token_exists(name: str, value: Any) -> None:
    with pytest.raises(Flawed) as caught:
        token(**{name: value})
    assert caught.value.flaw is Flaw.CLAIM


def test_a_group_is_a_subject_of_collect_tokens_alone() -> None:
    assert token(sub="mfrggzdfmz").sub == "mfrggzdfmz"
    for act in (Act.DEPOSIT, Act.RECALL, Act.SERVICE):
        with pytest.raises(Flawed, match="sub"):
            token(act, sub="mfrggzdfmz")


def test_a_service_token_lives_a_quarter_of_an_hour() -> None:
    assert token(Act.SERVICE, exp=NOW + 900).exp == NOW + 900
    with pytest.raises(Flawed, match="exp"):
        token(Act.SERVICE, exp=NOW + 901)


def test_each_act_has_its_own_extra_claim() -> None:
    with pytest.raises(Flawed, match="dep"):
        token(Act.DEPOSIT, dep=None)
    with pytest.raises(Flawed, match="cmp"):
        token(Act.SERVICE, cmp=None)
    for label in ("", "a" * 13, "12/3", "ä"):
        with pytest.raises(Flawed, match="cmp"):
            token(Act.SERVICE, cmp=label)


def test_a_key_name_is_short() -> None:
    with pytest.raises(Flawed, match="HEADER"):
        access_token.mint(token(), KEY, "seven77")
    said = json.loads(base64url.decode(access_token.mint(token(), KEY, "k1").split(".")[1]))
    text = jose.sign(said, typ=access_token.TYP, key=KEY, kid="seven77")
    with pytest.raises(Flawed, match="HEADER"):
        access_token.read(text, {"seven77": KEY.public})


def with_claim(name: str, value: object, act: Act = Act.DEPOSIT) -> str:
    """Sign a token with one claim replaced, past the constructor."""
    said = json.loads(base64url.decode(access_token.mint(token(act), KEY, "k1").split(".")[1]))
    return jose.sign({**said, name: value}, typ=access_token.TYP, key=KEY, kid="k1")


SOUND = TERMS.to_json()


def dep(place: int, value: object) -> list[object]:
    """Return the terms with one part replaced."""
    return [*SOUND[:place], value, *SOUND[place + 1 :]]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="null"),
        pytest.param({}, id="an object"),
        pytest.param(SOUND[:-1], id="a part too few"),
        pytest.param([*SOUND, ""], id="a part too many"),
        pytest.param(dep(0, "XXL"), id="a class unknown"),
        pytest.param(dep(0, ["L"]), id="a class in a list"),
        pytest.param(dep(1, "x"), id="a climate unknown"),
        pytest.param(dep(1, None), id="no climate"),
        pytest.param(dep(2, "pa"), id="features out of order"),
        pytest.param(dep(2, "aa"), id="a feature twice"),
        pytest.param(dep(2, "abcdef"), id="six features"),
        pytest.param(dep(2, "A"), id="a feature in capitals"),
        pytest.param(dep(2, 1), id="features a number"),
        pytest.param(dep(3, None), id="no PIN"),
        pytest.param(dep(3, [3, 2]), id="a PIN without verifier"),
        pytest.param(dep(3, [0, 2, "AAECAwQFBgc"]), id="PIN key version 0"),
        pytest.param(dep(3, [100, 2, "AAECAwQFBgc"]), id="PIN key version 100"),
        pytest.param(dep(3, [True, 2, "AAECAwQFBgc"]), id="PIN key version true"),
        pytest.param(dep(3, [3, 65_536, "AAECAwQFBgc"]), id="PIN series too high"),
        pytest.param(dep(3, [3, 2, "AAECAwQFBg"]), id="a verifier too short"),
        pytest.param(dep(3, [3, 2, "AAECAwQFBgd"]), id="a verifier in another spelling"),
        pytest.param(dep(3, [3, 2, 7]), id="a verifier that is a number"),
        pytest.param(dep(4, 0), id="no hours"),
        pytest.param(dep(4, 2161), id="too many hours"),
        pytest.param(dep(4, True), id="hours true"),
        pytest.param(dep(4, "61W"), id="too many working days"),
        pytest.param(dep(4, "07W"), id="working days with a zero in front"),
        pytest.param(dep(4, "7w"), id="working days in small letters"),
        pytest.param(dep(4, "7"), id="hours as a string"),
        pytest.param(dep(4, None), id="no stay"),
        pytest.param(dep(5, -1), id="recall below zero"),
        pytest.param(dep(5, 1000), id="recall too long"),
        pytest.param(dep(6, 0), id="no parcels"),
        pytest.param(dep(6, 9), id="nine parcels"),
        pytest.param(dep(7, "rI"), id="hand-over out of order"),
        pytest.param(dep(7, "rs"), id="two ages"),
        pytest.param(dep(7, "z"), id="an age of 26"),
        pytest.param(dep(7, "IJr"), id="three hand-over letters"),
        pytest.param(dep(7, "II"), id="a hand-over letter twice"),
        pytest.param(dep(8, "mfrggzdfm"), id="a group too short"),
        pytest.param(dep(8, None), id="group null"),
    ],
)
def test_unlawful_deposit_terms_are_refused(value: object) -> None:
    with pytest.raises(Flawed) as caught:
        access_token.read(with_claim("dep", value), {"k1": KEY.public})
    assert caught.value.flaw in {Flaw.CLAIM, Flaw.ENCODING}


def test_terms_in_the_wrong_token_are_refused() -> None:
    for name, value in (("dep", SOUND), ("cmp", "12")):
        with pytest.raises(Flawed, match=name):
            access_token.read(with_claim(name, value, Act.COLLECT), {"k1": KEY.public})


def test_a_claim_of_a_later_version_is_passed_over() -> None:
    assert access_token.read(with_claim("new", "x"), {"k1": KEY.public}) == token(Act.DEPOSIT)


def test_ages_have_letters() -> None:
    assert [deposit_terms.age_letter(years) for years in (1, 16, 18, 21, 25)] == ["a", "p", "r", "u", "y"]
    for years in (0, 26, True):
        with pytest.raises(Flawed):
            deposit_terms.age_letter(years)


def test_feature_letters_are_distinct_and_lawful() -> None:
    letters = sorted(deposit_terms.FEATURE_LETTERS.values())
    assert len(set(letters)) == len(letters)
    for letter in letters:
        assert replace(TERMS, features=letter).features == letter


LONGEST_TERMS = DepositTerms(
    size_class="XS",
    climate=Climate.CHILLED,
    features="adipt",
    pin=PinTerms(key_version=99, series=65_535, verifier=bytes(8)),
    collect_for=CollectFor(60, StayUnit.WORKING_DAYS),
    recall_hours=999,
    parcels=8,
    hand_over="Iy",
    group="a" * 10,
)
LONGEST = {
    "iss": "n" * 16,
    "ser": 65_535,
    "sl": 9_999_999,
    "iat": 9_999_999_000,
    "nbf": 9_999_999_000,
    "exp": 9_999_999_900,
}


def longest(act: Act) -> str:
    """Mint the longest lawful token of this act."""
    extras: dict[Act, dict[str, Any]] = {Act.DEPOSIT: {"dep": LONGEST_TERMS}, Act.SERVICE: {"cmp": "a" * 12}}
    return access_token.mint(token(act, **LONGEST, **extras.get(act, {})), KEY, "kkkkkk")


def longest_session() -> str:
    """Mint the longest lawful courier session."""
    times = {name: value for name, value in LONGEST.items() if name != "ser"}
    session = SessionToken(
        **times,  # type: ignore[arg-type]
        aud="a" * 12,
        sub="p" * 31,
        jti="j" * 16,
        acts=frozenset({Act.DEPOSIT, Act.COLLECT, Act.RECALL}),
    )
    return session_token.mint(session, KEY, "kkkkkk")


LAWFUL_TERMS = st.builds(
    DepositTerms,
    size_class=st.sampled_from(["XS", "S", "M", "L", "XL"]),
    climate=st.sampled_from(Climate),
    features=st.sets(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=5).map(sorted).map("".join),
    pin=st.builds(
        PinTerms,
        key_version=st.integers(1, 99),
        series=st.integers(0, 65_535),
        verifier=st.binary(min_size=8, max_size=8),
    ),
    collect_for=st.one_of(
        st.builds(CollectFor, st.integers(1, 2160), st.just(StayUnit.HOURS)),
        st.builds(CollectFor, st.integers(1, 60), st.just(StayUnit.WORKING_DAYS)),
    ),
    recall_hours=st.integers(0, 999),
    parcels=st.integers(1, 8),
    hand_over=st.from_regex(r"\A[A-Z]?[a-y]?\Z"),
    group=st.from_regex(r"\A([a-z2-7]{10})?\Z"),
)


@given(
    terms=LAWFUL_TERMS,
    iss=st.from_regex(r"\A[a-z][a-z0-9-]{0,15}\Z"),
    jti=st.from_regex(r"\A[A-Za-z0-9_-]{16}\Z"),
    iat=st.integers(0, 9_999_900_000),
    ser=st.integers(0, 65_535),
    sl=st.integers(0, 9_999_999),
    kid=st.from_regex(r"\A[A-Za-z0-9_-]{1,6}\Z"),
)
def test_every_lawful_deposit_token_comes_back_and_fits(
    *, terms: DepositTerms, iss: str, jti: str, iat: int, ser: int, sl: int, kid: str
) -> None:
    said = token(Act.DEPOSIT, dep=terms, iss=iss, jti=jti, iat=iat, nbf=iat, exp=iat + 90_000, ser=ser, sl=sl)
    text = access_token.mint(said, KEY, kid)
    assert len(text) <= 520
    assert access_token.read(text, {kid: KEY.public}) == said


@pytest.mark.parametrize(
    ("text", "measured", "allowed", "fit"),
    [
        pytest.param(longest(Act.COLLECT), 411, 412, qr.RIGHT, id="collect"),
        pytest.param(longest(Act.RECALL), 411, 412, qr.RIGHT, id="recall"),
        pytest.param(longest(Act.DEPOSIT), 518, 520, qr.DEPOSIT, id="deposit"),
        pytest.param(longest(Act.SERVICE), 439, 450, qr.STAFF, id="service"),
        pytest.param(longest_session(), 435, 450, qr.STAFF, id="session"),
    ],
)
def test_the_longest_lawful_token_fits_its_code(text: str, measured: int, allowed: int, fit: qr.Fit) -> None:
    assert len(text) == measured <= allowed
    assert qr.version(text, fit) <= fit.version
    assert qr.version("x" * allowed, fit) == fit.version
    with pytest.raises(qr.TooLarge):
        qr.svg("x" * (allowed + 1), fit)


def test_the_longest_lawful_tokens_are_the_longest() -> None:
    """Each limited part stands at its limit: one more and there is no such token."""
    with pytest.raises(Flawed):
        token(iss="n" * 17)
    for change in (
        {"features": "adiopt"},
        {"hand_over": "HIy"},
        {"recall_hours": 1000},
        {"parcels": 10},
        {"group": "a" * 11},
    ):
        with pytest.raises(Flawed):
            replace(LONGEST_TERMS, **change)
