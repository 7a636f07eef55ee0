"""What the commands print for a person and for a machine, one by one."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from interlock import Client, access_token
from interlock.v1 import reservation_pb2 as rp
from tests.sdk.cli.conftest import Interlock
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.reservations import move
from tests.sdk.fake.settling import JOURNAL
from tests.sdk.fake.world import ALTONA, CODE, Refusal

RECEIPT = f"{ALTONA}/receipts/{JOURNAL}-3"


@pytest.fixture(autouse=True)
def _profiles(logged_in: FakeGateway) -> None:
    """Every command here has somebody to speak for."""


def test_reserve_prints_token_and_pin(interlock: Interlock, gateway: FakeGateway) -> None:
    ended = interlock(
        "reserve", "city/altona", "A1", "A2", "--size", "m", "--phone", "+4915112345678", "--collect-for", "3wd"
    )
    assert ended.code == 0
    assert "PIN for the collector" in ended.out
    token = next(line for line in ended.out.splitlines() if line.startswith("eyJ"))
    assert access_token.read(token, {"k1": gateway.world.signing_key.public}).dep is not None
    asked = gateway.last("CreateReservation").reservation
    assert asked.bank == ALTONA
    assert [parcel.carrier_reference for parcel in asked.parcels] == ["A1", "A2"]
    assert (asked.collector.phone, asked.collect_for.working_days) == ("+4915112345678", 3)


def test_reserve_tells_a_machine_in_one_object(interlock: Interlock) -> None:
    ended = interlock("reserve", ALTONA, "A1", "--json")
    said = ended.json
    assert said["reservation"]["state"] == "RESERVATION_STATE_CONFIRMED"
    assert said["reservation"]["bank"] == ALTONA
    assert said["deposit_token"].count(".") == 2
    assert len(said["pin"]) == 8
    assert ended.err == ""


def test_a_hold_prints_no_secret_and_confirming_does(interlock: Interlock) -> None:
    held = interlock("reservation", "add", "city/altona", "A1", "--hold", "10min", "--json").json
    assert held["pin"] == ""
    confirmed = interlock("reservation", "confirm", held["name"], "--json").json
    assert confirmed["name"] == held["name"]
    assert confirmed["pin"]


def test_a_dry_run_keeps_nothing(interlock: Interlock, gateway: FakeGateway) -> None:
    ended = interlock("reserve", "city/altona", "A1", "--dry-run")
    assert "would fit" in ended.out
    assert gateway.world.reservations == {}


def test_a_reservation_is_found_by_its_id_alone(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    shown = interlock("reservation", "show", name.split("/")[-1])
    assert name in shown.out
    assert "CONFIRMED" in shown.out


def test_showing_a_reservation_shows_no_secret(interlock: Interlock, client: Client) -> None:
    reserved = client.reserve(ALTONA, ["A1"])
    for words in (["reservation", "show"], ["track"], ["reservation", "list"][:2]):
        ended = interlock(*words, *([reserved.name] if words[-1] != "list" else []), "--json")
        assert ended.code == 0
        assert reserved.pin not in ended.out
        assert reserved.deposit_token not in ended.out


def test_reservations_are_listed_by_state(interlock: Interlock, client: Client) -> None:
    kept, gone = client.reserve(ALTONA, ["A1"]).name, client.reserve(ALTONA, ["A2"]).name
    client.cancel(gone)
    ended = interlock("reservation", "list", "--state", "confirmed")
    assert kept in ended.out
    assert gone not in ended.out
    listed = interlock("reservation", "list", "--json").json["reservations"]
    assert [each["name"] for each in listed] == [gone, kept]


def test_an_empty_list_is_a_sentence(interlock: Interlock) -> None:
    assert interlock("reservation", "list").out == "There is no such reservation.\n"
    assert interlock("reservation", "list", "--json").json == {"reservations": []}


def test_cancel_says_when_the_bank_honours_it(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    assert "until then the deposit token still opens" in interlock("cancel", name).out
    again = interlock("cancel", name, "--json")
    assert again.code == 1
    assert again.json["error"]["reason"] == "WRONG_STATE"
    assert again.err == f"Reservation {name} is CANCELLED. (WRONG_STATE)\n"


def test_extend_recall_and_add_parcel(interlock: Interlock, client: Client, gateway: FakeGateway) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    assert interlock("reservation", "add-parcel", name, "A2", "--json").json["deposit_token"]
    move(gateway.world, gateway.world.reservations[name], rp.RESERVATION_STATE_DEPOSITED)
    assert interlock("reservation", "extend", name, "--by", "24h").code == 0
    assert interlock("reservation", "recall", name, "--json").json["recall_token"]
    refused = interlock("reservation", "extend", name, "--by", "9d", "--json")
    assert refused.json["error"]["metadata"] == {"extendable_until": "2030-01-02T03:04:05Z"}


def test_track_tells_the_steps(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    client.cancel(name)
    ended = interlock("track", name)
    assert ended.out.index("reservation.confirmed") < ended.out.index("reservation.cancelled")


def test_tail_ends_with_the_reservation(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    client.cancel(name)
    ended = interlock("reservation", "tail", name, "--json")
    assert [json.loads(line)["reservation"]["revision"] for line in ended.out.splitlines()] == ["2"]


def test_a_right_is_given_again_and_ended(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    pin = interlock("reservation", "issue-access", name, "--act", "collect", "--form", "pin", "--json").json
    assert len(pin["grant"]["pin"]) == 8
    revoked = interlock("reservation", "revoke-access", name, "--act", "collect")
    assert "PENDING" in revoked.out


def test_a_door_opens_for_somebody_who_stands_there(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    assert interlock("reservation", "open-door", name, "--screen-code", "4711").code == 0
    unsaid = interlock("reservation", "open-door", name)
    assert (unsaid.code, unsaid.out) == (2, "")
    assert "exactly one way" in unsaid.err


def test_search_shows_the_nearest_first_and_who_did_not_answer(interlock: Interlock) -> None:
    ended = interlock("search", "53.55,9.93", "--size", "M")
    assert ended.out.index("altona") < ended.out.index("dammtor")
    assert ended.err == "parties/slow-network did not answer in time; it may have room all the same.\n"
    said = interlock("search", "53.55,9.93", "--most", "1", "--json").json
    assert [each["bank"]["name"] for each in said["banks"]] == [ALTONA]
    assert said["unreachable"] == ["parties/slow-network"]


def test_events_are_listed_and_followed(interlock: Interlock, client: Client) -> None:
    name = client.reserve(ALTONA, ["A1"]).name
    client.cancel(name)
    listed = interlock("event", "list", "--json").json["events"]
    assert [event["sequence"] for event in listed] == ["1", "2"]
    tail = interlock("event", "tail", "--after", listed[0]["cursor"], "--count", "1", "--json")
    assert json.loads(tail.out)["event"]["id"] == listed[1]["id"]


def test_parties_are_added_with_the_code_that_they_log_in_with(interlock: Interlock) -> None:
    ended = interlock("party", "add", "swift", "--company", "Swift", "--role", "carrier")
    assert "code-for-swift-0001" in ended.out
    assert "interlock login 127.0.0.1" in ended.out
    taken = interlock("party", "add", "swift", "--company", "Swift again", "--role", "carrier")
    assert (taken.code, taken.out) == (1, "")
    assert "is taken" in taken.err
    assert "parties/swift" in interlock("party", "list").out
    assert interlock("party", "show", "swift", "--json").json["party"]["state"] == "PARTY_STATE_INVITED"


def test_a_wrong_word_is_answered_with_the_right_ones(interlock: Interlock) -> None:
    ended = interlock("party", "list", "--role", "customer")
    assert ended.code == 2
    assert "'customer' is no role; there are CARRIER, OPERATOR" in ended.err


def test_another_profile_speaks_for_another_party(interlock: Interlock, gateway: FakeGateway) -> None:
    assert interlock("bank", "list", "--profile", "operator").code == 0
    assert gateway.world.seen[-1].caller == "parties/city"


def test_a_bank_is_made_with_its_compartments(interlock: Interlock, gateway: FakeGateway) -> None:
    words = ["bank", "add", "harbour", "--called", "Harbour", "--at", "53.54,9.98", "--country", "de", "--open"]
    ended = interlock(*words, "--template", "small", "--bookable-by", "acme", "--profile", "operator", "--json")
    assert ended.json["bank"]["state"] == "BANK_STATE_OPEN"
    assert ended.json["bank"]["time_zone"] == "Europe/Berlin"
    assert len(gateway.world.compartments["parties/city/banks/harbour"]) == 20
    assert gateway.last("CreateBank").bank.bookable_by.parties == ["parties/acme"]
    shown = interlock("compartment", "list", "harbour", "--profile", "operator")
    assert "380x190x640" in shown.out


def test_a_compartment_opens_from_afar(interlock: Interlock) -> None:
    ended = interlock("compartment", "open", "altona", "7", "--reason", "Cleaning.", "--profile", "operator")
    assert "DONE" in ended.out


def test_an_enrolment_code_is_printed(interlock: Interlock) -> None:
    ended = interlock("bank", "create-enrolment-code", "altona", "--profile", "operator")
    assert ended.out.startswith("ilk1.")


def test_a_discrepancy_is_settled(interlock: Interlock) -> None:
    (found,) = interlock("discrepancy", "list", "--state", "open", "--json").json["discrepancies"]
    ended = interlock("discrepancy", "resolve", found["name"], "--note", "It was there.", "--corrected", "deposited")
    assert "RESOLVED" in ended.out
    assert interlock("discrepancy", "list", "--state", "open").out == "Everything agrees.\n"


def test_a_receipt_is_exported_and_verified(interlock: Interlock, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    assert interlock("receipt", "export", RECEIPT, "--to", proof).code == 0
    ended = interlock("receipt", "verify", proof, "--json")
    assert ended.json["verified"] == 2
    assert ended.json["chain_complete"] is True
    assert [each["number"] for each in ended.json["receipts"]] == [1, 3]


def test_a_proof_is_verified_without_a_gateway(interlock: Interlock, gateway: FakeGateway, tmp_path: Path) -> None:
    proof, trusted = tmp_path / "proof.json", gateway.world.bank_key.public.kid
    interlock("receipt", "export", RECEIPT, "--to", proof)
    gateway.stop()
    assert interlock("receipt", "verify", proof, "--trust", trusted).code == 0
    other = interlock("receipt", "verify", proof, "--trust", "A" * 43)
    assert (other.code, trusted in other.err) == (2, True)


def test_a_proof_that_was_touched_is_not_believed(interlock: Interlock, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    interlock("receipt", "export", RECEIPT, "--to", proof)
    said = json.loads(proof.read_text())
    del said["chain"][1]
    proof.write_text(json.dumps(said))
    ended = interlock("receipt", "verify", proof, "--json")
    assert ended.code == 1
    assert ended.json["error"]["flaw"] == "BROKEN_CHAIN"
    assert "something was changed or taken out" in ended.err


def test_bare_receipts_come_home_and_are_verified(interlock: Interlock, gateway: FakeGateway, tmp_path: Path) -> None:
    texts = tmp_path / "scanned.txt"
    texts.write_text("\n".join(gateway.world.receipts))
    assert interlock("receipt", "import", texts).out == "3 receipts were taken.\n"
    assert interlock("receipt", "verify", texts, "--bank", "city/altona", "--json").json["verified"] == 3
    assert interlock("receipt", "verify", texts).code == 2
    piped = interlock("receipt", "import", "-", stdin=gateway.world.receipts[0])
    assert piped.code == 0


def test_a_token_is_explained_without_a_gateway(interlock: Interlock, client: Client, gateway: FakeGateway) -> None:
    token = client.reserve(ALTONA, ["A1"]).deposit_token
    gateway.stop()
    ended = interlock("token", "show", token)
    assert "deposit terms" in ended.out
    assert "no; interlock token verify does" in ended.out
    piped = interlock("token", "show", "--json", stdin=f"{token}\n")
    assert piped.json["claims"]["act"] == "d"


def test_a_token_is_verified(interlock: Interlock, client: Client) -> None:
    token = client.reserve(ALTONA, ["A1"]).deposit_token
    assert interlock("token", "verify", token, "--bank", "city/altona", "--json").json["valid"] is True
    other = interlock("token", "verify", token, "--bank", "city/dammtor")
    assert (other.code, other.out) == (1, "")
    assert "It is not for parties/city/banks/dammtor" in other.err


def test_a_forged_token_is_not_believed(interlock: Interlock, client: Client, gateway: FakeGateway) -> None:
    good = client.reserve(ALTONA, ["A1"]).deposit_token
    read = access_token.read(good, {"k1": gateway.world.signing_key.public})
    forged = access_token.mint(read, gateway.world.key, "k1")
    ended = interlock("token", "verify", forged, "--json")
    assert (ended.code, ended.json["error"]["flaw"]) == (1, "SIGNATURE")
    assert interlock("token", "verify", "not.a.token").code == 1


@pytest.mark.parametrize(("suffix", "starts"), [(".svg", b"<svg"), (".png", b"\x89PNG")])
def test_a_token_is_drawn(interlock: Interlock, client: Client, tmp_path: Path, suffix: str, starts: bytes) -> None:
    token, picture = client.reserve(ALTONA, ["A1"]).deposit_token, tmp_path / f"deposit{suffix}"
    assert interlock("token", "export", token, "--to", picture).code == 0
    assert picture.read_bytes().startswith(starts)
    assert interlock("token", "export", token, "--to", tmp_path / "deposit.jpg").code == 2


def test_receipts_and_sessions_are_drawn_too(interlock: Interlock, gateway: FakeGateway, tmp_path: Path) -> None:
    session = interlock("bank", "issue-courier-session", "city/altona", "--json").json["session_token"]
    for text in (session, gateway.world.receipts[0]):
        assert interlock("token", "export", text, "--to", tmp_path / "picture.svg").code == 0


def test_a_key_is_added_to_a_file_of_ones_own(interlock: Interlock, tmp_path: Path) -> None:
    file = tmp_path / "second.pem"
    ended = interlock("key", "add", file)
    assert ended.code == 1  # this gateway serves it not
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "parties/acme/keys/" in interlock("key", "list").out


def test_a_gateway_that_is_away_is_said_to_be(
    interlock: Interlock, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.before.append(Refusal("DEADLINE_EXCEEDED"))
    assert interlock("party", "show", "acme").code == 3
    gateway.stop()
    monkeypatch.setenv("INTERLOCK_GATEWAY", gateway.address)
    gateway.before.clear()


def test_the_code_of_a_registration_is_no_part_of_an_error(interlock: Interlock, gateway: FakeGateway) -> None:
    gateway.before.append(Refusal("PERMISSION_DENIED", "CODE_INVALID"))
    ended = interlock("login", gateway.address, "--code", CODE, "--profile", "elsewhere")
    assert CODE not in ended.err + ended.out


def test_lengths_and_windows_are_read(interlock: Interlock, gateway: FakeGateway) -> None:
    words = ["--from", "2030-01-01T08:00Z", "--until", "2030-01-01T16:00Z", "--mm", "300x200x400"]
    assert interlock("reserve", "city/altona", "A1", *words).code == 0
    asked = gateway.last("CreateReservation").reservation
    window = asked.deposit_window
    assert window.end_time.ToDatetime() - window.start_time.ToDatetime() == timedelta(hours=8)
    assert asked.need.dimensions.depth_mm == 400
    for wrong in (
        ["--from", "tomorrow", "--until", "later"],
        ["--from", "2030-01-01"],
        ["--mm", "big"],
        ["--hold", "9"],
    ):
        ended = interlock("reserve", "city/altona", "A1", *wrong)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.count("\n") == 1


def test_what_others_have_written_moves_no_terminal(interlock: Interlock, gateway: FakeGateway) -> None:
    hostile = "Altona \x1b[2J[bold]\x07 [/]"
    gateway.world.banks[ALTONA].display_name = hostile
    for words in (["bank", "show", "city/altona"], ["bank", "list"]):
        assert "Altona ?[2J[bold]? [/]" in interlock(*words).out
    gateway.before.append(Refusal("NOT_FOUND", "BANK_UNKNOWN", f"There is no {hostile}."))
    assert interlock("bank", "show", "city/altona").err == "There is no Altona ?[2J[bold]? [/]. (BANK_UNKNOWN)\n"
    assert interlock("bank", "show", "city/altona", "--json").json["bank"]["display_name"] == hostile
