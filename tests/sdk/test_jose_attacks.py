"""What a signature library lets by, and the profile around it does not (ACC-2 to ACC-5, ACC-7; RFC 8725).

Every text of the first table is signed by the genuine key, so only the profile can refuse it; that PyJWT takes it is
asserted beside, so that a row which says nothing any more is noticed.
"""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import jwt
import pytest

from interlock import access_token, base64url, jose
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey

KEY = PrivateKey.generate()
KEYS = {"k1": KEY.public}
RAW_PUBLIC = base64url.decode(KEY.public.jwk()["x"])
HEADER: dict[str, Any] = {"alg": "EdDSA", "kid": "k1", "typ": "interlock-access+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": "net",
    "aud": "bankbankbank",
    "sub": "mfrggzdfmztwq2lk",
    "jti": "AAECAwQFBgcICQoL",
    "iat": 1_700_000_000,
    "nbf": 1_700_000_000,
    "exp": 1_700_086_400,
    "act": "c",
    "ser": 0,
    "sl": 7,
}


def dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def without(name: str) -> bytes:
    return dump({key: value for key, value in CLAIMS.items() if key != name})


def signed(header: bytes, payload: bytes, sign: Callable[[bytes], bytes] = KEY.sign) -> str:
    message = f"{base64url.encode(header)}.{base64url.encode(payload)}"
    return f"{message}.{base64url.encode(sign(message.encode()))}"


def with_claims(**changes: object) -> str:
    return signed(dump(HEADER), dump({**CLAIMS, **changes}))


def with_header(**changes: object) -> str:
    return signed(dump({**HEADER, **changes}), dump(CLAIMS))


def with_payload(payload: bytes) -> str:
    return signed(dump(HEADER), payload)


def padded() -> str:
    """Sign a payload of which base64 ends in one ``=``, with the padding left on."""
    payload = dump(CLAIMS)
    while len(payload) % 3 != 2:
        payload += b" "
    message = f"{base64url.encode(dump(HEADER))}.{base64url.encode(payload)}="
    return f"{message}.{base64url.encode(KEY.sign(message.encode()))}"


def hmac_by_public_key(message: bytes) -> bytes:
    return hmac.digest(RAW_PUBLIC, message, sha256)


def refused(text: str) -> Flaw:
    with pytest.raises(Flawed) as caught:
        access_token.read(text, KEYS)
    return caught.value.flaw


def test_the_token_that_the_attacks_change_is_read() -> None:
    assert access_token.read(with_claims(), KEYS).sub == CLAIMS["sub"]


FOREVER = 9_999_999_999
FEW_CLAIMS = '{"iss":"net","aud":"bankbankbank","sub":"mfrggzdfmztwq2lk"}'


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        pytest.param(with_payload(without("exp")), Flaw.CLAIM, id="no exp"),
        pytest.param(with_payload(without("iat")), Flaw.CLAIM, id="no iat"),
        pytest.param(with_payload(without("jti")), Flaw.CLAIM, id="no jti"),
        pytest.param(with_payload(without("nbf")), Flaw.CLAIM, id="no nbf"),
        pytest.param(with_claims(exp=str(FOREVER)), Flaw.CLAIM, id="exp a string"),
        pytest.param(with_claims(exp=10**30), Flaw.CLAIM, id="exp in 10^30"),
        pytest.param(with_claims(exp=FOREVER + 0.5), Flaw.JSON, id="exp a float"),
        pytest.param(with_header(typ="JWT"), Flaw.TYPE, id="another typ"),
        pytest.param(with_header(typ="interlock-session+jwt"), Flaw.TYPE, id="another of our own types"),
        pytest.param(with_header(typ="INTERLOCK-ACCESS+JWT"), Flaw.TYPE, id="a typ in capitals"),
        pytest.param(signed(dump({"alg": "EdDSA", "kid": "k1"}), dump(CLAIMS)), Flaw.HEADER, id="no typ"),
        pytest.param(with_header(cty="JWT"), Flaw.HEADER, id="cty"),
        pytest.param(with_header(zip="DEF"), Flaw.HEADER, id="zip"),
        pytest.param(with_header(jwk=KEY.public.jwk()), Flaw.HEADER, id="jwk"),
        pytest.param(with_header(jku="https://example.com/k"), Flaw.HEADER, id="jku"),
        pytest.param(with_header(x5c=["MIIB"]), Flaw.HEADER, id="x5c"),
        pytest.param(with_header(x5u="https://example.com/c"), Flaw.HEADER, id="x5u"),
        pytest.param(with_header(crit=["b64"], b64=True), Flaw.HEADER, id="crit b64"),
        pytest.param(with_payload(dump(CLAIMS)[:-1] + b',"act":"c"}'), Flaw.JSON, id="a claim twice"),
        pytest.param(
            signed(dump(HEADER)[:-1] + b',"typ":"interlock-access+jwt"}', dump(CLAIMS)),
            Flaw.JSON,
            id="a header member twice",
        ),
        pytest.param(with_payload(FEW_CLAIMS.encode("utf-16")), Flaw.JSON, id="UTF-16"),
        pytest.param(with_payload(b"\xef\xbb\xbf" + dump(CLAIMS)), Flaw.JSON, id="a byte order mark"),
        pytest.param(padded(), Flaw.FORM, id="padding"),
        pytest.param(with_claims(pad="x" * 1_000_000), Flaw.TOO_LONG, id="a payload of a megabyte"),
        pytest.param(with_header(kid="../../dev/null"), Flaw.HEADER, id="kid a path"),
    ],
)
def test_what_the_signature_library_takes_is_refused(text: str, flaw: Flaw) -> None:
    said = jwt.decode(text, options={"verify_signature": False})
    taken = jwt.decode(
        text,
        jwt.PyJWK.from_dict(KEY.public.jwk()).key,
        algorithms=["EdDSA"],
        audience=CLAIMS["aud"],
        issuer=CLAIMS["iss"],
        # An exp that is no attack is not held against the wall clock of the test.
        options={"verify_exp": said.get("exp") != CLAIMS["exp"]},
    )
    assert taken == said
    assert refused(text) is flaw


def test_the_public_key_is_no_secret_for_hs256() -> None:
    text = signed(dump({**HEADER, "alg": "HS256"}), dump(CLAIMS), hmac_by_public_key)
    taken = jwt.decode(
        text, RAW_PUBLIC, algorithms=["EdDSA", "HS256"], audience=CLAIMS["aud"], options={"verify_exp": False}
    )
    assert taken["sub"] == CLAIMS["sub"]
    assert refused(text) is Flaw.FORM  # its signature has 32 bytes; no algorithm is ever looked up
    longer = signed(dump({**HEADER, "alg": "HS512"}), dump(CLAIMS), lambda m: hmac.digest(RAW_PUBLIC, m, "sha512"))
    assert refused(longer) is Flaw.ALGORITHM


@pytest.mark.parametrize(
    "alg", ["none", "None", "eddsa", "EDDSA", "Ed25519", "HS256", "RS256", "ES256", "ES256K", "", " EdDSA"]
)
def test_one_key_has_one_algorithm(alg: str) -> None:
    assert refused(with_header(alg=alg)) is Flaw.ALGORITHM


def test_a_key_of_one_kind_does_not_answer_for_the_other() -> None:
    p256 = PrivateKey.generate(Algorithm.ES256)
    text = signed(dump({**HEADER, "alg": "ES256"}), dump(CLAIMS), p256.sign)
    assert access_token.read(text, {"k1": p256.public}).jti == CLAIMS["jti"]
    assert refused(text) is Flaw.ALGORITHM
    claimed = signed(dump(HEADER), dump(CLAIMS), p256.sign)
    with pytest.raises(Flawed) as caught:
        access_token.read(claimed, {"k1": p256.public})
    assert caught.value.flaw is Flaw.ALGORITHM


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        pytest.param(with_header(kid=1), Flaw.HEADER, id="kid a number"),
        pytest.param(with_header(kid="k2"), Flaw.KEY_UNKNOWN, id="kid unknown"),
        pytest.param(with_header(kid=""), Flaw.HEADER, id="kid empty"),
        pytest.param(with_header(kid="x" * 44), Flaw.HEADER, id="kid long"),
        pytest.param(with_header(kid="k1\n"), Flaw.HEADER, id="kid with a newline"),
        pytest.param(with_header(alg=None), Flaw.HEADER, id="alg null"),
        pytest.param(with_header(alg=["EdDSA"]), Flaw.HEADER, id="alg a list"),
        pytest.param(with_header(typ=None), Flaw.HEADER, id="typ null"),
        pytest.param(with_header(crit=["exp"]), Flaw.HEADER, id="crit unknown"),
        pytest.param(with_header(b64=False), Flaw.HEADER, id="b64"),
        pytest.param(with_header(enc="A128GCM"), Flaw.HEADER, id="a header of JWE"),
        pytest.param(signed(b"[" * 120, dump(CLAIMS)), Flaw.JSON, id="a header of brackets"),
        pytest.param(signed(b'"EdDSA,k1"', dump(CLAIMS)), Flaw.JSON, id="a header that is a string"),
        pytest.param(with_payload(b"[" * 220), Flaw.JSON, id="a payload of brackets"),
        pytest.param(with_payload(b"[]"), Flaw.JSON, id="a payload that is a list"),
        pytest.param(with_claims(exp=float("inf")), Flaw.JSON, id="exp Infinity"),
        pytest.param(with_claims(exp=float("nan")), Flaw.JSON, id="exp NaN"),
        pytest.param(with_claims(exp=[1_700_086_400]), Flaw.CLAIM, id="exp a list"),
        pytest.param(with_claims(exp=None), Flaw.CLAIM, id="exp null"),
        pytest.param(with_claims(exp=True), Flaw.CLAIM, id="exp true"),
        pytest.param(with_claims(nbf=False), Flaw.CLAIM, id="nbf false"),
        pytest.param(with_claims(iat=-1), Flaw.CLAIM, id="iat before 1970"),
        pytest.param(with_claims(jti=5), Flaw.CLAIM, id="jti a number"),
        pytest.param(with_claims(sub=5), Flaw.CLAIM, id="sub a number"),
        pytest.param(with_claims(aud=["bankbankbank"]), Flaw.CLAIM, id="aud a list"),
        pytest.param(with_claims(iss=["net"]), Flaw.CLAIM, id="iss a list"),
        pytest.param(with_claims(ser=True), Flaw.CLAIM, id="ser true"),
    ],
)
def test_other_oddities_are_refused(text: str, flaw: Flaw) -> None:
    assert refused(text) is flaw


GOOD = with_claims()
HEAD, BODY, TAIL = GOOD.split(".")
NEXT = {"A": "B", "Q": "R", "g": "h", "w": "x"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("..", id="nothing in three segments"),
        pytest.param(f"{HEAD}.{BODY}", id="two segments"),
        pytest.param(f"{GOOD}.", id="a dot behind"),
        pytest.param(f"{HEAD}.{BODY}.{TAIL}.AAAA.AAAA", id="five segments, as JWE has"),
        pytest.param(f"{HEAD}.{BODY}.", id="no signature"),
        pytest.param(f"{HEAD}..{TAIL}", id="a detached payload"),
        pytest.param(f"{HEAD}.{BODY}.{TAIL[:-1]}", id="a short signature"),
        pytest.param(f"{GOOD}A", id="a long signature"),
        pytest.param(f"{GOOD}==", id="a padded signature"),
        pytest.param(GOOD[:-1] + NEXT[GOOD[-1]], id="another last character for the same signature"),
        pytest.param(f" {GOOD}", id="a blank before"),
        pytest.param(f"{GOOD}\n", id="a newline behind"),
        pytest.param(f"{GOOD}\r", id="a scanner's suffix"),
        pytest.param(GOOD.replace(".", "\u2024", 1), id="a dot that is none"),
        pytest.param(GOOD + "\ud800", id="half a surrogate pair"),
        pytest.param('{"payload":"' + BODY + '","signatures":[]}', id="JSON serialization"),
        pytest.param(f"Bearer {GOOD}", id="a call's header"),
    ],
)
def test_only_the_compact_form_is_read(text: str) -> None:
    assert refused(text) is Flaw.FORM


def test_a_longer_text_is_not_looked_at() -> None:
    assert refused("A" * 521) is Flaw.TOO_LONG
    with pytest.raises(Flawed, match="TOO_LONG"):
        jose.read("A" * 2049, typs=access_token.TYPS, keys=KEYS)


@pytest.mark.parametrize("segment", [HEAD, BODY], ids=["header", "payload"])
def test_spare_bits_are_zero(segment: str) -> None:
    """Signed as it stands, so only the spelling is wrong."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    payload = dump(CLAIMS)
    while len(payload) % 3 == 0:
        payload += b" "
    header = dump(HEADER)
    while len(header) % 3 == 0:
        header += b" "
    head, body = base64url.encode(header), base64url.encode(payload)
    if segment is HEAD:
        head = head[:-1] + alphabet[alphabet.index(head[-1]) + 1]
    else:
        body = body[:-1] + alphabet[alphabet.index(body[-1]) + 1]
    message = f"{head}.{body}"
    assert refused(f"{message}.{base64url.encode(KEY.sign(message.encode()))}") is Flaw.ENCODING


@pytest.mark.parametrize("position", range(3))
def test_a_changed_segment_is_refused(position: int) -> None:
    segments = GOOD.split(".")
    changed = segments[position]
    middle = len(changed) // 2
    segments[position] = changed[:middle] + ("A" if changed[middle] != "A" else "B") + changed[middle + 1 :]
    assert refused(".".join(segments)) in {Flaw.SIGNATURE, Flaw.HEADER, Flaw.JSON, Flaw.TYPE, Flaw.ALGORITHM}


def test_a_refusal_repeats_nothing_of_the_input() -> None:
    with pytest.raises(Flawed) as caught:
        access_token.read(with_claims(sub="<script>"), KEYS)
    assert str(caught.value) == "CLAIM: sub"


def test_a_signer_cannot_be_made_to_name_a_key_oddly() -> None:
    for kid in ("", "a b", "k" * 44, "ä"):
        with pytest.raises(Flawed, match="HEADER"):
            jose.sign({}, typ="t", key=KEY, kid=kid)
