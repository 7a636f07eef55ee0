"""The elements of one array in a JSON file, each with the line on which it begins: what a person needs to find it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_decoder = json.JSONDecoder()


def elements(document: str, member: str) -> Iterator[tuple[int, Any]]:
    """Read the array that is the ``member`` of the file's one object, or the file itself.

    Yields:
        The line from 1 and the value of each element.

    Raises:
        json.JSONDecodeError: the file is no JSON; it knows the line.
        LookupError: there is no such array.
    """
    json.loads(document)  # the whole must be JSON before a part of it is believed
    place = _skip(document, 0)
    if document[place] == "{":
        place = _find(document, place, member)
    if document[place] != "[":
        message = f"there is no list {member!r} in it"
        raise LookupError(message)
    place = _skip(document, place + 1)
    while document[place] != "]":
        line = document.count("\n", 0, place) + 1
        value, place = _decoder.raw_decode(document, place)
        yield line, value
        place = _skip(document, place)
        place = _skip(document, place + 1) if document[place] == "," else place


def _find(document: str, place: int, member: str) -> int:
    place = _skip(document, place + 1)
    while document[place] != "}":
        name, place = _decoder.raw_decode(document, place)
        place = _skip(document, _skip(document, place) + 1)  # past the colon
        if name == member:
            return place
        _value, place = _decoder.raw_decode(document, place)
        place = _skip(document, place)
        place = _skip(document, place + 1) if document[place] == "," else place
    message = f"there is no list {member!r} in it"
    raise LookupError(message)


def _skip(document: str, place: int) -> int:
    match = _BLANK.match(document, place)
    return match.end() if match else place
