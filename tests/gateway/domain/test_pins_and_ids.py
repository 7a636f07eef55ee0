"""PINs that nobody keeps (RES-31, RES-32), identifiers from random bytes (PTY-4), check digits (REQ-10)."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.binding import join
from interlock_gateway.domain import ids, names, pins
from interlock_gateway.domain.parcel_ids import is_s10, is_sscc

KEY = bytes(range(32))
SUBJECT = bytes(16)


@given(st.binary(min_size=1, max_size=64), st.binary(min_size=16, max_size=16), st.integers(0, 2**32 - 1))
def test_res_31_a_pin_is_the_published_formula(key: bytes, subject: bytes, number: int) -> None:
    digest = hmac.new(key, join(subject, number.to_bytes(4, "big")), hashlib.sha256).digest()
    expected = int.from_bytes(digest[:8], "big") % 100_000_000
    assert pins.pin(key, subject, number) == f"{expected:08}"


def test_res_31_a_pin_does_not_change_from_release_to_release() -> None:
    assert [pins.pin(KEY, SUBJECT, number) for number in range(3)] == PUBLISHED


PUBLISHED = ["70051758", "35151997", "08042178"]
"""For the key 00 01 .. 1f and a subject of zeros, numbers 0 to 2; reckoned by hand from the formula of RES-31."""


@pytest.mark.parametrize(
    ("taken", "start", "chosen"),
    [
        pytest.param(set(), 0, (0, PUBLISHED[0]), id="the first, when it is free"),
        pytest.param({PUBLISHED[0]}, 0, (1, PUBLISHED[1]), id="the next, when it is not"),
        pytest.param({PUBLISHED[0], PUBLISHED[1]}, 0, (2, PUBLISHED[2]), id="and the next"),
        pytest.param(set(), 1, (1, PUBLISHED[1]), id="a replacement is another one"),
    ],
)
def test_res_32_the_first_pin_that_nobody_at_the_bank_has(taken: set[str], start: int, chosen: object) -> None:
    assert pins.first_free(KEY, SUBJECT, taken=taken.__contains__, start=start) == chosen


def test_res_32_a_memory_in_which_everything_is_taken_is_broken() -> None:
    with pytest.raises(RuntimeError):
        pins.first_free(KEY, SUBJECT, taken=lambda _: True)


# --- Identifiers ---------------------------------------------------------------------------------------------------


@given(st.binary(min_size=ids.ID_BYTES, max_size=ids.ID_BYTES))
def test_pty_4_a_random_id_is_legal_in_a_name(entropy: bytes) -> None:
    assert str(names.ReservationName("acme", ids.random_id(entropy))) == str(
        names.ReservationName.parse(f"parties/acme/reservations/{ids.random_id(entropy)}")
    )


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_pty_4_no_bit_of_the_randomness_is_lost(one: bytes, other: bytes) -> None:
    assert (ids.random_id(one) == ids.random_id(other)) is (one == other)


def test_pty_4_how_identifiers_are_written() -> None:
    assert ids.random_id(bytes(10)) == "a" * 16
    assert ids.random_id(b"\xff" * 10) == "7" * 16
    assert ids.group_id(b"\xff" * 7) == "7" * 10
    assert ids.token_audience(b"\xff" * 8) == "7" * 12
    assert ids.jti(b"\xff" * 12) == "_" * 16


@pytest.mark.parametrize("write", [ids.random_id, ids.group_id, ids.token_audience, ids.jti])
@pytest.mark.parametrize("size", [0, 6, 9, 11, 13])
def test_pty_4_neither_more_nor_less_randomness_is_taken(write: object, size: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        write(bytes(size))  # type: ignore[operator]


# --- Check digits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("106141412345678908", True),  # the example that GS1 itself uses
        ("106141412345678907", False),
        ("10614141234567890", False),
        ("1061414123456789088", False),
        ("10614141234567890٨", False),
        ("", False),
    ],
)
def test_req_10_an_sscc_has_18_digits_and_the_last_is_right(text: str, right: bool) -> None:
    assert is_sscc(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("RB123456785GB", True),  # an example in wide use
        ("RB123456784GB", False),
        ("rb123456785gb", False),
        ("RB123456785G", False),
        ("RB00000000 GB", False),
        ("RB000000005GB", True),  # the sum is 0: 11, written as 5
        ("RB100000003GB", True),
    ],
)
def test_req_10_an_s10_has_a_right_check_digit(text: str, right: bool) -> None:
    assert is_s10(text) is right


def _sscc(digits: str) -> str:
    return next(digits + check for check in "0123456789" if is_sscc(digits + check))


def _s10(serial: str) -> str:
    return next(f"RB{serial}{check}PL" for check in "0123456789" if is_s10(f"RB{serial}{check}PL"))


@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.integers(0, 17), st.integers(1, 9))
def test_req_10_any_one_wrong_digit_of_an_sscc_is_found(digits: str, place: int, off: int) -> None:
    right = _sscc(digits)
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    assert not is_sscc(wrong)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 9))
def test_req_10_every_serial_has_one_check_digit(serial: str, check: int) -> None:
    assert (f"RB{serial}{check}PL" == _s10(serial)) is is_s10(f"RB{serial}{check}PL")
