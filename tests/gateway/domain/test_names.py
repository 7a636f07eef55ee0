"""Resource names: one spelling each, and everything else refused (PTY-1 to PTY-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain import names
from interlock_gateway.domain.errors import InvalidName

RESERVATION_ID = "abcdefgh234567mn"

EVERY_TYPE = [
    ("parties/acme", names.PartyName("acme")),
    ("parties/acme/keys/abcdefgh234567mn", names.PartyKeyName("acme", RESERVATION_ID)),
    ("parties/acme/accounts/omniva", names.AccountName("acme", "omniva")),
    ("parties/acme/webhooks/abcdefgh234567mn", names.WebhookName("acme", RESERVATION_ID)),
    ("parties/oko/banks/7-hbf", names.BankName("oko", "7-hbf")),
    ("parties/oko/banks/hbf-1/compartments/B-12", names.CompartmentName("oko", "hbf-1", "B-12")),
    ("parties/oko/banks/hbf-1/discrepancies/abcdefgh234567mn", names.DiscrepancyName("oko", "hbf-1", RESERVATION_ID)),
    ("parties/oko/banks/hbf-1/receipts/abcdefgh234567mn-1", names.ReceiptName("oko", "hbf-1", "abcdefgh234567mn-1")),
    ("parties/oko/banks/hbf-1/commands/abcdefgh234567mn", names.CommandName("oko", "hbf-1", RESERVATION_ID)),
    ("parties/oko/banks/hbf-1/evacuations/abcdefgh234567mn", names.EvacuationName("oko", "hbf-1", RESERVATION_ID)),
    ("parties/oko/banks/hbf-1/serviceVisits/abcdefgh234567mn", names.ServiceVisitName("oko", "hbf-1", RESERVATION_ID)),
    ("parties/acme/reservations/abcdefgh234567mn", names.ReservationName("acme", RESERVATION_ID)),
]


@pytest.mark.parametrize(("text", "name"), EVERY_TYPE, ids=[text for text, _ in EVERY_TYPE])
def test_every_type_of_name_is_read_and_written_the_same(text: str, name: names.Name) -> None:
    assert type(name).parse(text) == name
    assert names.parse(text) == name
    assert str(name) == text


def test_the_table_above_has_every_type() -> None:
    assert [type(name) for _, name in EVERY_TYPE] == list(names.NAMES)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", "empty"),
        ("parties/", "no id"),
        ("parties/a", "an id of one character"),
        ("parties/" + "a" * 32, "an id of 32 characters"),
        ("parties/Acme", "a capital"),
        ("parties/1acme", "a digit first"),
        ("parties/-acme", "a hyphen first"),
        ("parties/ac_me", "an underscore"),
        ("parties/acmé", "a letter outside ASCII"),
        ("parties/acm٣", "a digit outside ASCII"),
        ("parties/acme\n", "a line break after it"),
        (" parties/acme", "a space before it"),
        ("parties/acme/", "a slash after it"),
        ("//parties/acme", "a host part"),
        ("PARTIES/acme", "the collection in capitals"),
        ("parties/acme/../beta", "a way up"),
        ("parties/ac%6de", "an escape"),
        ("parties/" + "a/" * 4_000, "8,000 characters"),
    ],
)
def test_what_is_not_a_party_name_to_the_letter_is_refused(text: str, flaw: str) -> None:
    with pytest.raises(InvalidName) as refusal:
        names.PartyName.parse(text, field="requests[2].party")
    assert refusal.value.facts == {"field": "requests[2].party", "pattern": "parties/{party}"}, flaw


@pytest.mark.parametrize(
    "reservation_id",
    ["abcdefgh234567m", "abcdefgh234567mno", "abcdefgh234567m1", "abcdefgh234567m0", "ABCDEFGH234567MN", "-" * 16],
)
def test_a_reservation_id_is_sixteen_characters_of_base32(reservation_id: str) -> None:
    with pytest.raises(InvalidName):
        names.ReservationName.parse(f"parties/acme/reservations/{reservation_id}")


@pytest.mark.parametrize("number", ["0", "01", "-1", "", "1234567890123456789"])
def test_a_receipt_number_is_a_positive_decimal_without_leading_zeros(number: str) -> None:
    with pytest.raises(InvalidName):
        names.ReceiptName.parse(f"parties/oko/banks/hbf-1/receipts/abcdefgh234567mn-{number}")


def test_a_receipt_name_tells_the_address_of_its_fact() -> None:
    receipt = names.ReceiptName.parse("parties/oko/banks/hbf-1/receipts/abcdefgh234567mn-402")
    assert (receipt.journal_id, receipt.number) == ("abcdefgh234567mn", 402)
    assert receipt.bank_name == names.BankName("oko", "hbf-1")


def test_a_name_of_another_type_is_refused() -> None:
    with pytest.raises(InvalidName):
        names.BankName.parse("parties/acme/reservations/abcdefgh234567mn")


@pytest.mark.parametrize("text", [text for text, _ in EVERY_TYPE])
def test_the_owner_is_read_off_any_name(text: str) -> None:
    assert names.owner(text) == text.split("/")[1]


def test_the_owner_of_what_is_no_name_is_refused() -> None:
    with pytest.raises(InvalidName):
        names.owner("parties/acme/shelves/1")


@given(st.sampled_from(names.NAMES).flatmap(lambda kind: st.from_regex(kind.grammar, fullmatch=True)))
def test_every_text_of_the_grammar_is_one_name_with_one_spelling(text: str) -> None:
    assert str(names.parse(text)) == text


@given(st.text(max_size=80))
def test_any_text_at_all_is_a_name_or_a_refusal(text: str) -> None:
    try:
        assert str(names.parse(text)) == text
    except InvalidName:
        assert not any(kind.grammar.fullmatch(text) for kind in names.NAMES)
