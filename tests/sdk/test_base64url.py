"""One spelling for each byte string (ACC-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock import base64url
from interlock.flaws import Flaw, Flawed


@given(st.binary(max_size=200))
def test_decoding_undoes_encoding(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.text(alphabet="ABQZaqz059-_=+/ \n", max_size=12))
def test_what_decodes_has_no_other_spelling(text: str) -> None:
    try:
        data = base64url.decode(text)
    except Flawed:
        return
    assert base64url.encode(data) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("QQ==", id="padding"),
        pytest.param("QR", id="four spare bits that are not zero"),
        pytest.param("QUF", id="two spare bits that are not zero"),
        pytest.param("QUFBQ", id="a length that no bytes give"),
        pytest.param("QU+B", id="the other alphabet"),
        pytest.param("QU B", id="a blank"),
        pytest.param("QUFB\n", id="a newline behind"),
        pytest.param("\uff31UFB", id="a full-width letter"),
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(Flawed) as caught:
        base64url.decode(text)
    assert caught.value.flaw is Flaw.ENCODING
