"""Receipts: signed by one bank, chained, told apart from forks (RCP-1 to RCP-13)."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from interlock import base64url, chain, jose, qr, receipt
from interlock.access_token import Act
from interlock.binding import join
from interlock.flaws import Flaw, Flawed
from interlock.keys import Algorithm, PrivateKey
from interlock.receipt import DoorState, Evidence, Receipt

KEY = PrivateKey.generate()
KEYS = {KEY.public.kid: KEY.public}
BANK = "bankbankbank"
JOURNAL = "mfrggzdfmztwq2lk"
FACTS = [b"started", b"opened", b"closed", b"deposited", b"opened", b"closed", b"collected"]


def hashes() -> list[bytes]:
    return [chain.start(JOURNAL), *chain.walk(chain.start(JOURNAL), FACTS)]


def made(number: int = 4, **changes: Any) -> Receipt:
    """Build the receipt of fact ``number`` in the journal of ``FACTS``."""
    lawful: dict[str, Any] = {
        "bank": BANK,
        "journal_id": JOURNAL,
        "number": number,
        "recorded_unix_s": 1_790_000_000,
        "clock_uncertainty_s": 3,
        "act": Act.DEPOSIT,
        "compartment": "12",
        "size_class": "M",
        "parcels": (1,),
        "evidence": Evidence.SENSED,
        "door": DoorState.CLOSED,
        "opened_unix_s": 1_789_999_960,
        "closed_unix_s": 1_789_999_990,
        "previous_hash": hashes()[number - 1],
        "hash": hashes()[number],
        "reservation": "nbswy3dpeb3w64tm",
    }
    return Receipt(**{**lawful, **changes})


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(made(), id="a deposit"),
        pytest.param(made(7, act=Act.COLLECT, earlier_number=4), id="a collection after it"),
        pytest.param(made(closed_unix_s=None, door=DoorState.OPEN, evidence=Evidence.INFERRED), id="left open"),
        pytest.param(made(reservation=None), id="of no reservation"),
        pytest.param(made(parcels=(1, 2, 8)), id="several parcels"),
    ],
)
def test_what_was_signed_is_read(said: Receipt, algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    text = receipt.sign(said, key)
    assert receipt.key_id(text) == key.public.kid
    assert receipt.read(text, {key.public.kid: key.public}, bank=BANK) == said


def test_the_wire_form_is_the_documented_one() -> None:
    """The example in docs/protocol/09-receipts.md, member by member and in order."""
    said = made(7, act=Act.COLLECT, earlier_number=4, previous_hash=bytes(32), hash=b"\xff" * 32)
    body = base64url.decode(receipt.sign(said, KEY).split(".")[1])
    assert body == (
        b'{"iss":"bankbankbank","sub":"nbswy3dpeb3w64tm","jti":"mfrggzdfmztwq2lk-7","iat":1790000000,"clk":3,'
        b'"lane":"custody","act":"c","cmp":"12","cls":"M","pcl":[1],"ev":"SENSED","door":"CLOSED",'
        b'"opn":1789999960,"cld":1789999990,"prv":4,'
        b'"p":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","h":"__________________________________________8"}'
    )


def test_a_receipt_speaks_for_the_bank_of_its_key_only() -> None:
    text = receipt.sign(made(), KEY)
    with pytest.raises(Flawed) as caught:
        receipt.read(text, KEYS, bank="otherbankxxx")
    assert caught.value.flaw is Flaw.ISSUER
    with pytest.raises(Flawed) as caught:
        receipt.read(text, {}, bank=BANK)
    assert caught.value.flaw is Flaw.KEY_UNKNOWN


def with_claim(name: str, value: object) -> str:
    """Sign a receipt with one claim replaced, past the constructor."""
    said: dict[str, object] = {
        "iss": BANK, "sub": "nbswy3dpeb3w64tm", "jti": f"{JOURNAL}-4", "iat": 1, "clk": 0, "lane": "custody",
        "act": "d", "cmp": "12", "cls": "M", "pcl": [1], "ev": "SENSED", "door": "CLOSED", "opn": 1, "cld": 2, "prv": 3,
        "p": "A" * 43, "h": "A" * 43,
    }  # fmt: skip
    return jose.sign({**said, name: value}, typ=receipt.TYP, key=KEY, kid=KEY.public.kid)


def test_the_receipt_that_the_next_table_changes_is_read() -> None:
    assert receipt.read(with_claim("cmp", "13"), KEYS, bank=BANK).compartment == "13"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", 1), ("sub", None), ("sub", "parties/a"), ("jti", JOURNAL), ("jti", f"{JOURNAL}-0"),
        ("jti", f"{JOURNAL}-04"), ("jti", f"{JOURNAL}-" + "9" * 16), ("jti", 4), ("iat", "1"), ("iat", None),
        ("clk", -1), ("clk", True), ("lane", "climate"), ("lane", None), ("act", "s"), ("act", "cs"), ("act", None),
        ("cmp", ""), ("cmp", 12), ("cls", "XXL"), ("cls", None), ("pcl", []), ("pcl", 1), ("pcl", [2, 1]),
        ("pcl", [1, 1]), ("pcl", [9]), ("pcl", [True]), ("ev", "SEEN"), ("ev", 1), ("door", "AJAR"), ("opn", None),
        ("cld", None), ("prv", 4), ("prv", 0), ("prv", None), ("p", "A" * 42), ("p", None), ("h", "A" * 44),
        ("h", "=" * 43),
    ],
)  # fmt: skip
def test_an_unlawful_receipt_is_refused(name: str, value: object) -> None:
    with pytest.raises(Flawed) as caught:
        receipt.read(with_claim(name, value), KEYS, bank=BANK)
    assert caught.value.flaw in {Flaw.CLAIM, Flaw.ENCODING}


@pytest.mark.parametrize(
    "changes",
    [
        {"bank": "bank"},
        {"journal_id": "journal"},
        {"number": 0},
        {"recorded_unix_s": -1},
        {"clock_uncertainty_s": -1},
        {"act": Act.SERVICE},
        {"compartment": "12/3"},
        {"size_class": "XXL"},
        {"parcels": ()},
        {"parcels": (2, 1)},
        {"parcels": (9,)},
        {"opened_unix_s": 10**10},
        {"closed_unix_s": -1},
        {"previous_hash": b""},
        {"hash": b""},
        {"reservation": "parties/dhl/reservations/nbswy3dpeb3w64tm"},
        {"earlier_number": 4},
    ],
    ids=str,
)
def test_no_unlawful_receipt_is_made(changes: dict[str, Any]) -> None:
    with pytest.raises(Flawed, match="CLAIM"):
        made(**changes)


def test_the_chain_is_the_documented_one() -> None:
    start = sha256(b"\x00\x00\x00\x11interlock-journal\x00\x00\x00\x10mfrggzdfmztwq2lk").digest()
    assert chain.start(JOURNAL) == start == sha256(join(b"interlock-journal", JOURNAL.encode())).digest()
    assert chain.follow(start, b"fact") == sha256(start + b"fact").digest()


def test_a_journal_and_its_receipts_agree() -> None:
    numbered = list(enumerate(FACTS, start=1))
    both = [made(7, act=Act.COLLECT, earlier_number=4), made()]
    assert receipt.verify_chain(chain.start(JOURNAL), numbered, both) == hashes()[-1]
    assert receipt.verify_chain(hashes()[3], numbered[3:], both) == hashes()[-1]
    assert receipt.verify_chain(b"\0" * 32, [], []) == b"\0" * 32


@pytest.mark.parametrize(
    ("facts", "receipts", "first_wrong"),
    [
        pytest.param([b"other", *FACTS[1:]], [made()], "4", id="an earlier fact was rewritten"),
        pytest.param([*FACTS[:3], b"other", *FACTS[4:]], [made()], "4", id="the fact itself was rewritten"),
        pytest.param(FACTS[:3], [made()], "4", id="the fact is gone"),
        pytest.param(FACTS, [made(), replace(made(), number=1)], "1", id="a receipt under another number"),
        pytest.param(FACTS, [made(previous_hash=bytes(32))], "4", id="a receipt that follows nothing"),
    ],
)
def test_a_rewritten_journal_shows(facts: list[bytes], receipts: list[Receipt], first_wrong: str) -> None:
    with pytest.raises(Flawed) as caught:
        receipt.verify_chain(chain.start(JOURNAL), enumerate(facts, start=1), receipts)
    assert (caught.value.flaw, caught.value.detail) == (Flaw.BROKEN_CHAIN, first_wrong)


def test_two_receipts_for_one_fact_must_both_fit() -> None:
    forged = made(hash=bytes(32))
    for pair in ([made(), forged], [forged, made()]):
        with pytest.raises(Flawed, match="BROKEN_CHAIN: 4"):
            receipt.verify_chain(chain.start(JOURNAL), enumerate(FACTS, start=1), pair)


def test_a_gap_between_facts_shows() -> None:
    with pytest.raises(Flawed, match="BROKEN_CHAIN: 2"):
        receipt.verify_chain(chain.start(JOURNAL), [(1, b"a"), (3, b"c")], [])


@pytest.mark.parametrize(
    ("one", "other", "agreeing"),
    [
        pytest.param(made(), made(), True, id="the same twice"),
        pytest.param(made(), made(evidence=Evidence.ASSERTED), True, id="one fact told twice"),
        pytest.param(made(), made(hash=bytes(32)), False, id="one number, two hashes"),
        pytest.param(made(4), made(5), True, id="neighbours"),
        pytest.param(made(5), made(4), True, id="neighbours in the other order"),
        pytest.param(made(4), made(5, previous_hash=bytes(32)), False, id="neighbours that do not meet"),
        pytest.param(made(4), made(7, previous_hash=bytes(32)), True, id="a gap proves nothing"),
        pytest.param(made(), made(journal_id="a" * 16, hash=bytes(32)), True, id="another journal"),
    ],
)
def test_forks_are_told_from_gaps(one: Receipt, other: Receipt, *, agreeing: bool) -> None:
    assert receipt.agree(one, other) is agreeing


def test_the_longest_receipt_fits_its_code() -> None:
    largest = made(
        number=4,
        recorded_unix_s=9_999_999_999,
        clock_uncertainty_s=9_999_999_999,
        compartment="a" * 12,
        size_class="XS",
        parcels=tuple(range(1, 9)),
        evidence=Evidence.INFERRED,
        door=DoorState.UNKNOWN,
        opened_unix_s=9_999_999_999,
        closed_unix_s=9_999_999_999,
        earlier_number=3,
    )
    largest = replace(largest, number=2**53 - 1, earlier_number=2**53 - 2)
    text = receipt.sign(largest, KEY)
    assert len(text) == 746
    assert len(text) <= receipt.MOST_CHARS
    assert qr.version(text, qr.RECEIPT) <= qr.RECEIPT.version == qr.version("x" * receipt.MOST_CHARS, qr.RECEIPT)
