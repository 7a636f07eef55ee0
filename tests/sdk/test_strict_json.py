"""JSON that every parser reads alike (ACC-4)."""

import pytest

from interlock import strict_json
from interlock.flaws import Flaw, Flawed


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"a":1,"a":1}', id="a member twice"),
        pytest.param(b'{"o":[{"a":1,"\\u0061":2}]}', id="a member twice, deep inside and spelt differently"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":-Infinity}', id="Infinity"),
        pytest.param(b'{"a":1.0}', id="a float"),
        pytest.param(b'{"a":1e3}', id="an exponent"),
        pytest.param(b'{"a":1e999}', id="an overflowing exponent"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="an integer beyond what Python converts"),
        pytest.param(b"[" * 100_000, id="a deep nesting, open"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, id="a deep nesting, closed"),
        pytest.param('{"a":1}'.encode("utf-16"), id="UTF-16"),
        pytest.param('{"a":1}'.encode("utf-32-le"), id="UTF-32"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="a byte order mark"),
        pytest.param(b'{"a":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', id="a surrogate in UTF-8"),
        pytest.param(b'{"a":"\\ud800"}', id="a lone surrogate"),
        pytest.param(b'{"\\udfff":1}', id="a lone surrogate in a name"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'"a"', id="a string"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"a":1}x', id="something behind"),
        pytest.param(b"{'a':1}", id="other quotes"),
        pytest.param(b'{"a":1,}', id="a comma too many"),
    ],
)
def test_what_parsers_read_differently_is_refused(data: bytes) -> None:
    with pytest.raises(Flawed) as caught:
        strict_json.decode(data)
    assert caught.value.flaw is Flaw.JSON


def test_a_surrogate_pair_is_one_character() -> None:
    assert strict_json.decode(b'{"a":"\\ud83d\\udce6"}') == {"a": "\N{PACKAGE}"}


def test_encoding_is_ascii_without_blanks_in_the_order_given() -> None:
    assert strict_json.encode({"b": [1, "\N{PACKAGE}"], "a": True}) == b'{"b":[1,"\\ud83d\\udce6"],"a":true}'
