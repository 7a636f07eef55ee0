"""Parties: keys, codes, roles, suspension (PTY-6 to PTY-9); who sees what (PTY-5, BNK-3); repeated requests (REQ-1)."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from domain_builders import DAY, HOUR, NOON, bank, reservation

from interlock_gateway.domain import request_memory
from interlock_gateway.domain.bank import BookableBy, BookableByMode
from interlock_gateway.domain.errors import (
    CodeInvalid,
    KeyUnknown,
    LastKey,
    PartySuspended,
    RequestIdReused,
    RoleRequired,
)
from interlock_gateway.domain.names import PartyKeyName, PartyName
from interlock_gateway.domain.party import (
    CODE_LASTS,
    Party,
    PartyKey,
    PartyState,
    RegistrationCode,
    Role,
    admit,
    distrust,
    keyed,
    redeem,
    resume,
    suspend,
)
from interlock_gateway.domain.viewers import (
    Audience,
    View,
    audience_of,
    bank_audience,
    discrepancy_audience,
    views_of,
)

ACME = PartyName("acme")


def party(*roles: Role, **changes: object) -> Party:
    """A party with a key."""
    given: dict[str, Any] = {
        "name": ACME,
        "display_name": "Acme",
        "roles": frozenset(roles),
        "create_time": NOON,
        "update_time": NOON,
        "has_key": True,
    }
    return Party(**(given | changes))


# --- Who calls -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "asked", "refused"),
    [
        pytest.param(party(Role.CARRIER), {Role.CARRIER}, None, id="has the role"),
        pytest.param(party(Role.CARRIER, Role.HOST), {Role.HOST, Role.OPERATOR}, None, id="has one of the roles"),
        pytest.param(party(Role.CARRIER), set(), None, id="any party may"),
        pytest.param(party(Role.CARRIER), {Role.OPERATOR}, RoleRequired, id="has another role"),
        pytest.param(party(Role.CARRIER, suspend_reason="unpaid"), {Role.CARRIER}, PartySuspended, id="suspended"),
        pytest.param(party(Role.CARRIER, suspend_reason="unpaid"), set(), PartySuspended, id="suspended altogether"),
    ],
)
def test_pty_9_who_may_call(caller: Party, asked: set[Role], refused: type[Exception] | None) -> None:
    if refused is None:
        admit(caller, asked)
        return
    with pytest.raises(refused):
        admit(caller, asked)


def test_pty_9_a_party_is_invited_active_suspended_and_active_again() -> None:
    invited = party(Role.CARRIER, has_key=False)
    active = keyed(invited, now=NOON + HOUR)
    out = suspend(active, "unpaid", now=NOON + 2 * HOUR)
    back = resume(out, now=NOON + 3 * HOUR)
    states = [PartyState.INVITED, PartyState.ACTIVE, PartyState.SUSPENDED, PartyState.ACTIVE]
    assert [each.state for each in (invited, active, out, back)] == states
    assert [each.revision for each in (invited, active, out, back)] == [1, 2, 3, 4]
    assert back.update_time == NOON + 3 * HOUR


def test_pty_9_what_is_so_already_changes_nothing() -> None:
    active = party(Role.CARRIER)
    out = suspend(active, "unpaid", now=NOON)
    assert suspend(out, "unpaid", now=NOON + HOUR) is out
    assert suspend(out, "again", now=NOON + HOUR).suspend_reason == "again"
    assert resume(active, now=NOON) is active
    assert keyed(active, now=NOON) is active


# --- Keys and codes ------------------------------------------------------------------------------------------------


def key(letter: str, **changes: object) -> PartyKey:
    """A trusted key."""
    name = PartyKeyName("acme", letter * 16)
    return replace(
        PartyKey(name=name, display_name="", public_key="{}", thumbprint=letter * 43, create_time=NOON), **changes
    )


def test_pty_6_a_key_is_distrusted_for_ever() -> None:
    keys = (key("a"), key("b"))
    gone = distrust(keys, keys[0].name, now=NOON + HOUR)
    assert gone.distrust_time == NOON + HOUR
    assert distrust((gone, keys[1]), gone.name, now=NOON + DAY) is gone


def test_pty_6_the_last_key_stays() -> None:
    keys = (key("a"), key("b", distrust_time=NOON))
    with pytest.raises(LastKey):
        distrust(keys, keys[0].name, now=NOON)


def test_pty_6_a_key_of_nobody_is_unknown() -> None:
    with pytest.raises(KeyUnknown):
        distrust((key("a"),), PartyKeyName("acme", "z" * 16), now=NOON)


HASH = sha256(b"secret").digest()
CODE = RegistrationCode(code_id="c", secret_hash=HASH, party=ACME, expire_time=NOON + HOUR)
USED = replace(CODE, used_thumbprint="T1")


@pytest.mark.parametrize(
    ("code", "secret_hash", "thumbprint", "after", "accepted"),
    [
        pytest.param(CODE, HASH, "T1", timedelta(0), True, id="once"),
        pytest.param(USED, HASH, "T1", timedelta(0), True, id="again for the same key"),
        pytest.param(USED, HASH, "T1", 2 * HOUR, True, id="again later: the answer was lost"),
        pytest.param(USED, HASH, "T2", timedelta(0), False, id="for another key"),
        pytest.param(CODE, HASH, "T1", HOUR, False, id="too late"),
        pytest.param(CODE, bytes(32), "T1", timedelta(0), False, id="a wrong secret"),
        pytest.param(USED, bytes(32), "T1", timedelta(0), False, id="a wrong secret for the same key"),
        pytest.param(None, bytes(32), "T1", timedelta(0), False, id="no such code, though the zeros agree"),
    ],
)
def test_pty_7_a_code_is_for_one_key(
    code: RegistrationCode | None, secret_hash: bytes, thumbprint: str, after: timedelta, accepted: bool
) -> None:
    if accepted:
        assert redeem(code, secret_hash=secret_hash, thumbprint=thumbprint, now=NOON + after) == USED
        return
    with pytest.raises(CodeInvalid) as refusal:
        redeem(code, secret_hash=secret_hash, thumbprint=thumbprint, now=NOON + after)
    assert refusal.value.facts == {}, "which flaw it has is not told"


def test_pty_7_a_code_lasts_over_a_weekend() -> None:
    assert timedelta(hours=72) == CODE_LASTS


# --- Who sees what -------------------------------------------------------------------------------------------------

RESERVED = audience_of(reservation(host="mall"))
CARRIER, OPERATOR, HOST, OWNER = Role.CARRIER, Role.OPERATOR, Role.HOST, Role.NETWORK_OWNER


@pytest.mark.parametrize(
    ("caller", "roles", "views"),
    [
        pytest.param("acme", {CARRIER}, (View.CARRIER,), id="its carrier"),
        pytest.param("oko", {OPERATOR}, (View.OPERATOR,), id="the operator of the bank"),
        pytest.param("mall", {HOST}, (View.HOST,), id="the host of the bank"),
        pytest.param("net", {OWNER}, (View.NETWORK,), id="the network owner"),
        pytest.param("oko", {OPERATOR, OWNER}, (View.OPERATOR, View.NETWORK), id="in two capacities"),
        pytest.param("beta", {CARRIER, OPERATOR, HOST}, (), id="nobody else, whatever it is"),
    ],
)
def test_pty_5_who_sees_a_reservation(caller: str, roles: set[Role], views: tuple[View, ...]) -> None:
    assert views_of(caller, roles, RESERVED) == views


def test_pty_5_a_bank_without_a_host_has_no_host_to_tell() -> None:
    assert {row.view for row in audience_of(reservation())} == {View.CARRIER, View.OPERATOR, View.NETWORK}


@pytest.mark.parametrize(
    ("mode", "listed", "caller", "roles", "views"),
    [
        (BookableByMode.ALL, (), "beta", {CARRIER}, (View.PUBLIC,)),
        (BookableByMode.ALL, (), "beta", {HOST}, ()),
        (BookableByMode.LIST, ("acme",), "acme", {CARRIER}, (View.PUBLIC,)),
        (BookableByMode.LIST, ("acme",), "beta", {CARRIER}, ()),
        (BookableByMode.NONE, (), "acme", {CARRIER}, ()),
        (BookableByMode.NONE, (), "gamma", {CARRIER}, (View.PUBLIC,)),
        (BookableByMode.NONE, (), "oko", {OPERATOR}, (View.OPERATOR,)),
        (BookableByMode.NONE, (), "mall", {HOST}, (View.HOST,)),
        (BookableByMode.NONE, (), "net", {OWNER}, (View.NETWORK,)),
    ],
)
def test_bnk_3_who_finds_a_bank(
    mode: BookableByMode, listed: tuple[str, ...], caller: str, roles: set[Role], views: tuple[View, ...]
) -> None:
    shown = bank(host="mall", bookable_by=BookableBy(mode, frozenset(listed)))
    assert views_of(caller, roles, bank_audience(shown, carriers=["gamma"])) == views


def test_pty_5_a_discrepancy_is_for_the_operator_and_the_carrier_named() -> None:
    assert discrepancy_audience("oko", "acme") == (
        Audience("oko", View.OPERATOR),
        Audience("acme", View.CARRIER),
        Audience("*", View.NETWORK),
    )
    assert discrepancy_audience("oko", None) == (Audience("oko", View.OPERATOR), Audience("*", View.NETWORK))


# --- Repeated requests ---------------------------------------------------------------------------------------------

ASKED = request_memory.digest(b"this")


@pytest.mark.parametrize(
    ("remembered", "age", "answer"),
    [
        pytest.param(None, timedelta(0), False, id="nothing is remembered"),
        pytest.param(ASKED, timedelta(0), True, id="the same again"),
        pytest.param(ASKED, 30 * DAY - HOUR, True, id="within 30 days"),
        pytest.param(ASKED, 30 * DAY, False, id="after 30 days"),
        pytest.param(request_memory.digest(b"that"), 30 * DAY, False, id="another one after 30 days"),
    ],
)
def test_req_1_a_repeated_request(remembered: str | None, age: timedelta, answer: bool) -> None:
    assert (
        request_memory.recall("id", asked=ASKED, remembered=remembered, remembered_time=NOON, now=NOON + age) is answer
    )


def test_req_3_the_same_id_for_another_request_is_refused() -> None:
    that = request_memory.digest(b"that")
    with pytest.raises(RequestIdReused) as refusal:
        request_memory.recall("9d2c", asked=ASKED, remembered=that, remembered_time=NOON, now=NOON)
    assert refusal.value.facts == {"request_id": "9d2c"}
