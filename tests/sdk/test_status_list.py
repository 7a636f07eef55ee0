"""Status lists: every index of the draft's vectors, bombs and rollbacks refused (ACC-40, ACC-46 to ACC-49)."""

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock import base64url, jose, status_list
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey
from interlock.numbered import Number
from interlock.status_list import Status, StatusArray, StatusList

KEY = PrivateKey.generate()
KEYS = {"k1": KEY.public}
PUBLISHED = json.loads((Path(__file__).parents[1] / "data" / "status-list" / "status_list_vectors.json").read_text())
VECTORS = [pytest.param(v, id=f"{v['bits']} bits, {v['size']} indices") for v in PUBLISHED["vectors"]]
LIST = StatusList(
    network="net",
    subject="rights",
    number=Number(1, 5),
    iat=1_790_000_000,
    exp=1_790_600_000,
    ttl_s=3600,
    statuses=StatusArray.of({3: Status.INVALID, 9: Status.SUSPENDED}, size=1000, bits=2),
)


@pytest.mark.parametrize("vector", VECTORS)
def test_every_index_of_the_draft_agrees(vector: dict[str, Any]) -> None:
    statuses = StatusArray.from_json(vector["status_list"])
    expected = {int(index): status for index, status in vector["expected"].items()}
    assert len(statuses) >= vector["size"]
    assert {index: statuses[index] for index in expected} == expected
    if vector["size"] == 2**20:
        found = {index: status for index in range(len(statuses)) if (status := statuses[index])}
        assert found == {index: status for index, status in expected.items() if status}


@pytest.mark.parametrize("vector", VECTORS)
def test_packing_gives_the_drafts_bytes(vector: dict[str, Any]) -> None:
    expected = {int(index): status for index, status in vector["expected"].items()}
    theirs = StatusArray.from_json(vector["status_list"])
    assert StatusArray.of(expected, size=len(theirs), bits=vector["bits"]) == theirs


def test_the_drafts_token_holds_the_drafts_list() -> None:
    raw = PUBLISHED["status_list_token_jwt_raw"]
    assert jose.unverified_header(raw).typ == status_list.TYP
    statuses = StatusArray.from_json(jose.unverified_claims(raw)["status_list"])
    assert [statuses[index] for index in range(16)] == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]


@given(st.sampled_from([1, 2, 4, 8]), st.dictionaries(st.integers(0, 299), st.integers(0, 255), max_size=40))
def test_what_is_packed_is_found(bits: int, wanted: dict[int, int]) -> None:
    statuses = {index: status % (1 << bits) for index, status in wanted.items()}
    array = StatusArray.from_json(StatusArray.of(statuses, size=300, bits=bits).to_json())
    assert [array[index] for index in range(300)] == [statuses.get(index, 0) for index in range(300)]


def test_an_index_beyond_the_list_is_never_valid() -> None:
    array = StatusArray.of({}, size=8)
    for index in (-1, 8, 10**9):
        with pytest.raises(IndexError):
            array[index]


@pytest.mark.parametrize(
    ("statuses", "bits"), [({8: 1}, 1), ({-1: 1}, 1), ({0: 2}, 1), ({0: -1}, 2), ({}, 3), ({}, 16), ({}, -1)]
)
def test_what_does_not_fit_is_not_packed(statuses: dict[int, int], bits: int) -> None:
    with pytest.raises(Flawed) as caught:
        StatusArray.of(statuses, size=8, bits=bits)
    assert caught.value.flaw is Flaw.CLAIM


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(status_list.MOST_BYTES + 1), 9)
    with pytest.raises(Flawed) as caught:
        StatusArray.from_json({"bits": 1, "lst": base64url.encode(bomb)})
    assert caught.value.flaw is Flaw.TOO_LONG
    largest = zlib.compress(bytes(status_list.MOST_BYTES), 9)
    assert len(StatusArray.from_json({"bits": 1, "lst": base64url.encode(largest)})) == 10_000_000


def test_a_place_for_every_token_costs_little() -> None:
    revoked = dict.fromkeys(range(0, status_list.SIZE, 10_007), Status.INVALID)
    array = StatusArray.of(revoked, size=status_list.SIZE)
    assert array[status_list.SIZE - 1] == Status.VALID
    text = status_list.sign(replace(LIST, statuses=array), KEY, "k1")
    assert len(text) < 12_000
    assert status_list.read(text, KEYS, network="net").statuses == array


SOUND = zlib.compress(b"\xb9\xa3")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"bits": 1}, id="no list"),
        pytest.param({"lst": base64url.encode(SOUND)}, id="no width"),
        pytest.param({"bits": True, "lst": base64url.encode(SOUND)}, id="a width that is true"),
        pytest.param({"bits": 3, "lst": base64url.encode(SOUND)}, id="a width of three"),
        pytest.param({"bits": 1, "lst": base64url.encode(SOUND[:-2])}, id="a list cut short"),
        pytest.param({"bits": 1, "lst": base64url.encode(SOUND + b"x")}, id="something behind the list"),
        pytest.param({"bits": 1, "lst": base64url.encode(b"\xb9\xa3")}, id="not compressed"),
        pytest.param({"bits": 1, "lst": base64url.encode(SOUND) + "="}, id="padding"),
        pytest.param({"bits": 1, "lst": 7}, id="a list that is a number"),
    ],
)
def test_another_form_is_refused(value: object) -> None:
    with pytest.raises(Flawed) as caught:
        StatusArray.from_json(value)
    assert caught.value.flaw in {Flaw.CLAIM, Flaw.ENCODING}


def test_what_was_signed_is_read() -> None:
    text = status_list.sign(LIST, KEY, "k1")
    read = status_list.read(text, KEYS, network="net")
    assert read == LIST
    assert read.text == text
    with pytest.raises(Flawed, match="ISSUER"):
        status_list.read(text, KEYS, network="other")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", 1), ("sub", 1), ("sub", None), ("era", 0), ("era", None), ("n", True), ("n", 2**53), ("iat", None),
        ("exp", None), ("exp", 1_790_000_000), ("ttl", 0), ("ttl", 10**9), ("ttl", None), ("status_list", None),
    ],
)  # fmt: skip
def test_an_unlawful_list_is_refused(name: str, value: object) -> None:
    said: dict[str, object] = {
        "iss": "net", "sub": "rights", "era": 1, "n": 5, "iat": 1_790_000_000, "exp": 1_790_600_000, "ttl": 3600,
        "status_list": LIST.statuses.to_json(),
    }  # fmt: skip
    assert status_list.read(jose.sign(said, typ=status_list.TYP, key=KEY, kid="k1"), KEYS, network="net") == LIST
    with pytest.raises(Flawed) as caught:
        status_list.read(jose.sign({**said, name: value}, typ=status_list.TYP, key=KEY, kid="k1"), KEYS, network="net")
    assert caught.value.flaw is Flaw.CLAIM


def held(**changes: Any) -> StatusList:
    return status_list.read(status_list.sign(replace(LIST, **changes), KEY, "k1"), KEYS, network="net")


def test_a_later_list_takes_the_place_of_an_earlier_one() -> None:
    first, later = held(), held(number=Number(1, 6))
    assert status_list.accept(None, first, era=1) is first
    assert status_list.accept(first, later, era=1) is later
    assert status_list.accept(first, held(), era=1) is first
    restored = held(number=Number(2, 1))
    assert status_list.accept(later, restored, era=2) is restored


@pytest.mark.parametrize(
    ("new", "flaw"),
    [
        pytest.param(held(number=Number(1, 4)), Flaw.ROLLED_BACK, id="earlier"),
        pytest.param(held(iat=1_790_000_001), Flaw.ROLLED_BACK, id="another text under the number held"),
        pytest.param(held(number=Number(2, 9)), Flaw.CLAIM, id="an era that no root opened"),
        pytest.param(held(number=Number(1, 6), subject="others"), Flaw.CLAIM, id="another list"),
    ],
)
def test_an_earlier_or_foreign_list_is_refused(new: StatusList, flaw: Flaw) -> None:
    with pytest.raises(Flawed) as caught:
        status_list.accept(held(), new, era=1)
    assert caught.value.flaw is flaw
