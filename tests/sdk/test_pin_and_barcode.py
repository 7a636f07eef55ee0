"""PIN verifiers and barcode entries, worked by hand beside the code (ACC-24, ACC-25, ACC-35, ACC-36)."""

import hmac
from hashlib import sha256

import pytest

from interlock import barcode, pin
from interlock.binding import derive, join
from interlock.flaws import Flaw, Flawed

SECRET = bytes(range(32))
PIN_KEY = pin.key(SECRET, 1)


def hkdf(secret: bytes, label: bytes) -> bytes:
    """RFC 5869 by hand: an empty salt is a string of zeroes; one block is enough for 32 bytes."""
    return hmac.digest(hmac.digest(bytes(32), secret, sha256), label + b"\x01", sha256)


def test_keys_derive_by_rfc_5869() -> None:
    assert derive(SECRET, b"label") == hkdf(SECRET, b"label")
    assert pin.key(SECRET, 12) == hkdf(SECRET, b"interlock/pin/v12")
    assert barcode.key(SECRET, 12) == hkdf(SECRET, b"interlock/barcode/v12")


def test_derivation_agrees_with_rfc_5869_a_3() -> None:
    """The RFC's case with empty salt and info; its first 32 bytes of output."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert derive(b"\x0b" * 22, b"").hex() == expected


def test_no_two_lists_join_alike() -> None:
    lists = [(b"ab", b"c"), (b"a", b"bc"), (b"abc",), (b"abc", b""), (b"", b"abc"), ()]
    assert len({join(*parts) for parts in lists}) == len(lists)
    assert join(b"ab", b"") == b"\0\0\0\x02ab\0\0\0\0"


def verifier(**changes: object) -> bytes:
    said = {"audience": "bankbankbank", "subject": "mfrggzdfmztwq2lk", "series": 2, "pin": "01234567", **changes}
    return pin.verifier(PIN_KEY, **said)  # type: ignore[arg-type]


def test_the_verifier_is_the_documented_one() -> None:
    message = b"\0\0\0\x0cbankbankbank\0\0\0\x10mfrggzdfmztwq2lk\0\0\0\x012\0\0\0\x0801234567"
    assert verifier() == hmac.digest(PIN_KEY, message, sha256)[:8]


@pytest.mark.parametrize(
    "changes", [{"audience": "otherbankxxx"}, {"subject": "mfrggzdfmz"}, {"series": 3}, {"pin": "01234568"}], ids=str
)
def test_a_verifier_binds_bank_subject_series_and_pin(changes: dict[str, object]) -> None:
    assert verifier(**changes) != verifier()


def test_a_verifier_is_one_banks() -> None:
    other = pin.key(SECRET, 2)
    said = {"audience": "bankbankbank", "subject": "mfrggzdfmztwq2lk", "series": 2, "pin": "01234567"}
    assert pin.matches(verifier(), PIN_KEY, **said)  # type: ignore[arg-type]
    assert not pin.matches(verifier(), other, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0123456",
        "012345678",
        "0123456a",
        "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        "01234567\n",
        "-1234567",
    ],
)
def test_what_is_not_eight_digits_matches_nothing(typed: str) -> None:
    assert not pin.matches(
        verifier(), PIN_KEY, audience="bankbankbank", subject="mfrggzdfmztwq2lk", series=2, pin=typed
    )
    with pytest.raises(Flawed) as caught:
        verifier(pin=typed)
    assert caught.value.flaw is Flaw.FORM


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        pytest.param(b"JJD0099999", b"JJD0099999", id="plain"),
        pytest.param(b"]C0JJD0099999", b"JJD0099999", id="Code 128 with its identifier"),
        pytest.param(b"]C1\x1d00340123450000000018", b"00340123450000000018", id="GS1-128 with FNC1"),
        pytest.param(b"]d2\x1d00340123450000000018\x1d10AB", b"0034012345000000001810AB", id="FNC1 between elements"),
        pytest.param(b"]Q1https://a.b", b"https://a.b", id="QR code"),
        pytest.param(b"]", b"]", id="a bracket alone"),
        pytest.param(b"]12345", b"]12345", id="a bracket that begins no identifier"),
        pytest.param(b"A]C1B", b"A]C1B", id="an identifier that is none"),
        pytest.param(b"]C1]C1X", b"]C1X", id="one identifier only"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_scanners_settings_make_no_difference(scan: bytes, expected: bytes) -> None:
    key = barcode.key(SECRET, 1)
    assert barcode.normalised(scan) == expected
    assert barcode.entry(key, scan) == hmac.digest(key, expected, sha256)[:16]
