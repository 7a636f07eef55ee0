"""The clients' parts that touch no line: patience, addresses, call tokens, words and values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from interlock import CollectFor, Parcel, PrivateKey, Retry, call_token, errors
from interlock.client import values, words
from interlock.client.channel import target
from interlock.client.identity import Identity
from interlock.client.retry import Attempts
from interlock.v1.need_pb2 import SIZE_CLASS_XL, SizeClass
from interlock.v1.reservation_pb2 import ReservationState

BUSY = errors.Unavailable("busy")
HALF = 0.5


def pause(attempts: Attempts, error: errors.Refused = BUSY, *, now: float = 0.0, draw: float = HALF) -> float | None:
    return attempts.pause_after(error, now=now, draw=lambda: draw)


def patient(**retry: float) -> Attempts:
    return Attempts(Retry(**retry), timeout_s=None, repeatable=True, start=0.0)


def test_pauses_double_up_to_a_bound() -> None:
    attempts = patient(first_pause_s=1.0, most_pause_s=3.0, timeout_s=100.0)
    assert [pause(attempts) for _ in range(4)] == [0.5, 1.0, 1.5, 1.5]


def test_a_pause_is_drawn_between_none_and_the_longest() -> None:
    assert pause(patient(first_pause_s=1.0), draw=0.0) == 0.0
    assert pause(patient(first_pause_s=1.0), draw=0.999) == pytest.approx(0.999)


def test_what_the_gateway_asks_for_is_the_least_pause() -> None:
    error = errors.Unavailable("busy", retry_after=timedelta(seconds=2))
    assert pause(patient(first_pause_s=1.0), error) == 2.5


def test_no_pause_reaches_beyond_the_end() -> None:
    assert pause(patient(timeout_s=10.0, first_pause_s=1.0), now=9.4) == HALF
    assert pause(patient(timeout_s=10.0, first_pause_s=1.0), now=9.5) is None


def test_an_address_at_which_nobody_answers_is_given_less_time() -> None:
    nobody = errors.Unreachable("nobody")
    assert pause(patient(dial_s=3.0, first_pause_s=1.0), nobody, now=2.4) == HALF
    assert pause(patient(dial_s=3.0, first_pause_s=1.0), nobody, now=2.6) is None
    assert pause(patient(dial_s=3.0, first_pause_s=1.0), now=2.6) == HALF


def test_the_time_left_counts_down_and_is_never_none() -> None:
    attempts = patient(timeout_s=10.0)
    assert [attempts.left(now) for now in (0.0, 9.0, 11.0)] == [10.0, 1.0, 0.001]


def test_a_method_may_have_a_time_of_its_own() -> None:
    assert Attempts(Retry(), timeout_s=35.0, repeatable=True, start=1.0).left(1.0) == 35.0


def test_what_cannot_be_repeated_is_not() -> None:
    assert pause(Attempts(Retry(), timeout_s=None, repeatable=False, start=0.0)) is None


@pytest.mark.parametrize("kind", [kind for code, kind in errors.BY_CODE.items() if code != "UNAVAILABLE"])
def test_every_other_code_is_an_answer(kind: type[errors.Refused]) -> None:
    assert pause(patient(), kind("no")) is None


def test_a_stream_that_brought_something_is_patient_anew() -> None:
    attempts = patient(first_pause_s=1.0, reconnect_s=60.0, timeout_s=60.0)
    assert [pause(attempts, now=now) for now in (1.0, 2.0, 59.9)] == [0.5, 1.0, None]
    attempts.succeeded(59.9)
    assert pause(attempts, now=59.9) == HALF


@pytest.mark.parametrize(
    ("gateway", "address", "plain"),
    [
        ("gateway.example", "gateway.example:443", False),
        ("gateway.example:7443", "gateway.example:7443", False),
        ("https://gateway.example:7443/", "gateway.example:7443", False),
        ("127.0.0.1:7001", "127.0.0.1:7001", True),
        ("localhost:7001", "localhost:7001", True),
        ("[::1]:7001", "[::1]:7001", True),
        ("http://localhost:7001", "localhost:7001", True),
        ("https://localhost:7001", "localhost:7001", False),
        (" 127.0.0.53:1 ", "127.0.0.53:1", True),
    ],
)
def test_an_address_says_how_safely_it_is_spoken_to(gateway: str, address: str, plain: bool) -> None:
    found = target(gateway)
    assert (found.address, found.plain) == (address, plain)
    assert (("grpc.enable_http_proxy", 0) in found.options()) is plain


@pytest.mark.parametrize(
    ("gateway", "sentence"),
    [
        ("http://gateway.example:7001", "another machine"),
        ("http://10.0.0.1:7001", "another machine"),
        ("http://127.0.0.1.nip.io:7001", "another machine"),
        ("127.0.0.1", "Say the port"),
        ("", "no address"),
        ("gateway.example:7443/v1", "no address"),
        ("ftp://gateway.example", "no address"),
        ("two words", "no address"),
        ("gateway.example:7443\n", None),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(gateway: str, sentence: str | None) -> None:
    if sentence is None:
        assert target(gateway).address == "gateway.example:7443"
        return
    with pytest.raises(errors.Unsendable, match=sentence):
        target(gateway)


def test_a_ca_file_makes_even_this_machine_prove_who_it_is(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("-----BEGIN CERTIFICATE-----\n")
    assert target("127.0.0.1:7001", ca=ca).plain is False
    with pytest.raises(errors.Unsendable, match="no use"):
        target("http://127.0.0.1:7001", ca=ca)


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.Unsendable, match="cannot be read"):
        target("gateway.example", ca=tmp_path / "absent.pem")
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(errors.Unsendable, match="no certificate"):
        target("gateway.example", ca=tmp_path / "key.pem")


class Clock:
    """A clock that stands where it is put."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_call_token_is_signed_once_and_again_a_minute_before_its_end() -> None:
    clock, key = Clock(), PrivateKey.generate()
    identity = Identity("acme", key, "demo", unix_s=clock)
    first = identity.token()
    clock.now += call_token.LIFE_S - 61
    assert identity.token() == first
    clock.now += 1
    second = identity.token()
    assert second != first
    read = call_token.read(
        second, {key.public.kid: key.public}, actor="parties/acme", network="demo", now=int(clock.now)
    )
    assert read.exp == clock.now + call_token.LIFE_S


def test_a_clock_that_was_set_back_does_not_keep_a_token_of_the_future() -> None:
    clock = Clock()
    identity = Identity("parties/acme", PrivateKey.generate(), "demo", unix_s=clock)
    first = identity.token()
    clock.now -= 3600
    assert identity.token() != first


@pytest.mark.parametrize(("party", "network"), [("", "demo"), ("acme", "")])
def test_a_key_signs_for_a_party_in_a_network(party: str, network: str) -> None:
    with pytest.raises(errors.Unsendable, match="give party= and network="):
        Identity(party, PrivateKey.generate(), network, unix_s=Clock())


@pytest.mark.parametrize("said", ["XL", "xl", "SIZE_CLASS_XL", 5, " xl "])
def test_a_word_means_its_value(said: str | int) -> None:
    assert words.number(SizeClass, said) == SIZE_CLASS_XL


@pytest.mark.parametrize("said", ["", None, 0])
def test_no_word_means_that_nothing_was_said(said: str | int | None) -> None:
    assert words.number(SizeClass, said) == 0


@pytest.mark.parametrize("said", ["XXL", "UNSPECIFIED"])
def test_a_wrong_word_is_answered_with_the_right_ones(said: str) -> None:
    with pytest.raises(ValueError, match=rf"'{said}' is no size class; there are XS, S, M, L, XL\."):
        words.number(SizeClass, said)


def test_a_value_newer_than_this_package_is_shown_by_its_number() -> None:
    assert words.word(ReservationState.DESCRIPTOR, 3) == "CONFIRMED"
    assert words.word(ReservationState.DESCRIPTOR, 0) == ""
    assert words.word(ReservationState.DESCRIPTOR, 99) == "99"


def test_an_instant_needs_a_time_zone() -> None:
    east = datetime(2030, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert values.moment(values.instant(east)) == datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time zone"):
        values.instant(datetime(2030, 1, 1))  # noqa: DTZ001  this is what is refused


@pytest.mark.parametrize(
    ("length", "hours"),
    [(timedelta(days=3), 72), (timedelta(hours=1), 1), (timedelta(minutes=61), 2), (timedelta(seconds=1), 1)],
)
def test_a_begun_hour_counts_as_a_whole_one(length: timedelta, hours: int) -> None:
    assert values.collecting(length) == CollectFor(hours=hours)


def test_working_days_are_said_as_such() -> None:
    assert values.collecting(CollectFor(working_days=3)) == CollectFor(working_days=3)


def test_one_text_is_not_a_list_of_parcels() -> None:
    assert values.parcels(["A", Parcel(carrier_reference="B")])[0].carrier_reference == "A"
    with pytest.raises(TypeError, match="takes a list"):
        values.parcels("JD014600003SE")


def test_a_need_of_nothing_is_left_out() -> None:
    assert values.need(None, None, None, ()) is None
    said = values.need(None, (300, 200, 400), "frozen", [], upright=True)
    assert said is not None
    assert (said.dimensions.height_mm, said.keep_upright) == (200, True)
