"""JSON objects that every parser reads in the same way (RFC 8259, RFC 7493 "I-JSON", RFC 8725 section 2.6).

``json.loads`` alone takes UTF-16, keeps the last of two members of one name, and reads ``NaN``. Two parsers that differ
on such a text let one of them be deceived, so it is refused here.
"""

import json
from typing import NoReturn

from interlock.flaws import Flaw, Flawed


def _refuse(_number: str) -> NoReturn:
    # Floats are refused whole: no claim has one, and 1e400, 1.0 and NaN are read differently from parser to parser.
    raise Flawed(Flaw.JSON)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Flawed(Flaw.JSON)
    return members


_decoder = json.JSONDecoder(object_pairs_hook=_members, parse_float=_refuse, parse_constant=_refuse)
_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def decode(data: bytes) -> dict[str, object]:
    """Read one JSON object.

    Args:
        data: UTF-8 without a byte order mark. Its length must have been limited before.

    Raises:
        Flawed: ``JSON``; also for a duplicate member at any depth, a float, ``NaN``, a lone surrogate, an integer or
            a nesting beyond what the parser bears, and for JSON that is no object.
    """
    try:
        text = data.decode("utf-8")
        value = _decoder.decode(text)
        if "\\u" in text:  # only an escape can smuggle in half a surrogate pair, which no UTF-8 can carry on
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Flawed(Flaw.JSON) from error
    if type(value) is not dict:
        raise Flawed(Flaw.JSON)
    return value


def encode(value: object) -> bytes:
    """Write ``value`` without spaces, in ASCII, members in the order given."""
    return _encoder.encode(value).encode("ascii")
