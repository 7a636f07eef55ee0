"""What is told of a bank, of its facts and of its discrepancies, and to whom (EVT-1, EVT-6)."""

from domain_builders import BANK, HOUR, NAME, NOON, bank, fact

from interlock_gateway.domain.bank import BookableBy
from interlock_gateway.domain.bank_events import BankEventKind, told_of_bank, told_of_discrepancy, told_of_fact
from interlock_gateway.domain.bank_life import changed, noted
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding, Resolution, ResolutionKind, found, resolve
from interlock_gateway.domain.events import Topic
from interlock_gateway.domain.facts import FactKind
from interlock_gateway.domain.names import DiscrepancyName, ReceiptName
from interlock_gateway.domain.viewers import Audience, View

OPERATOR, OWNER = Audience("oko", View.OPERATOR), Audience("*", View.NETWORK)


def test_bnk_8_the_link_is_told_and_leaves_the_etag() -> None:
    before = bank()
    after = noted(before)
    event = told_of_bank(after, BankEventKind.CONNECTED, now=NOON)
    assert (event.topic, event.key, event.sequence) == (Topic.BANKS, str(BANK), before.revision + 1)
    assert event.kind.type == "interlock.bank.connected.v1"
    assert after.etag == before.etag
    assert changed(after, now=NOON).etag != before.etag


def test_bnk_5_the_carriers_with_reservations_there_hear_that_it_is_at_risk() -> None:
    silent = bank(bookable_by=BookableBy())
    event = told_of_bank(silent, BankEventKind.AT_RISK, now=NOON, carriers=("acme",))
    assert event.audience == (OPERATOR, OWNER, Audience("acme", View.PUBLIC))


def test_evt_6_a_fact_is_told_to_those_whom_it_concerns() -> None:
    name = ReceiptName("oko", "hbf-1", "abcdefgh234567mn-7")
    opened = fact(FactKind.DOOR_OPENED, time=NOON, learnt_time=NOON + HOUR)
    event = told_of_fact(opened, name, NAME)
    assert (event.topic, event.type) == (Topic.CUSTODY, "interlock.custody.door_opened.v1")
    assert (event.key, event.sequence) == (str(name), 1)
    assert (event.time, event.recorded_time) == (NOON, NOON + HOUR)
    assert event.audience == (OPERATOR, Audience("acme", View.CARRIER), OWNER)
    assert told_of_fact(opened, name, None).audience == (OPERATOR, OWNER)


def test_evd_11_a_discrepancy_is_told_when_it_is_raised_and_when_it_is_resolved() -> None:
    finding = Finding(kind=DiscrepancyKind.SHORT_DEPOSIT, reservation=NAME, time=NOON)
    raised = found(finding, name=DiscrepancyName("oko", "hbf-1", "q" * 16), now=NOON + HOUR)
    event = told_of_discrepancy(raised, now=NOON + HOUR)
    assert (event.kind.type, event.sequence) == ("interlock.discrepancy.raised.v1", 1)
    assert (event.time, event.recorded_time) == (NOON, NOON + HOUR)
    assert event.audience == (OPERATOR, Audience("acme", View.CARRIER), OWNER)
    word = Resolution(
        kind=ResolutionKind.RECORD_STANDS, note="Brought later.", resolved_by="oko", resolve_time=NOON + 2 * HOUR
    )
    settled = told_of_discrepancy(resolve(raised, word), now=NOON + 2 * HOUR)
    assert (settled.kind, settled.key, settled.sequence, settled.time) == ("RESOLVED", event.key, 2, NOON + 2 * HOUR)
