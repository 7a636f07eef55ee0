"""Compact JWS by a strict profile: the only way in for signed text, and the only way out (RFC 7515, RFC 8725).

PyJWT checks the signature. Around it stands what it leaves open: sizes, one spelling, the exact header, the type, one
algorithm for each key, JSON without surprises (docs/decisions/0020-strict-jose-profile.md lists what it would let by).
What the claims mean is the business of the modules that call this one.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from interlock import base64url, strict_json
from interlock.flaws import Flaw, Flawed
from interlock.keys import PrivateKey, PublicKey

SCAN_CHARS: Final = 2048
"""The most characters of a text that a scanner or a call hands over (ACC-2)."""

# Three segments, of which the last is 64 bytes: no room for JWE, `none`, padding, blanks or a DER signature. The four
# closing characters are those whose spare bits are zero. \Z is not needed: fullmatch takes no newline at the end.
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]{10,256})\.([A-Za-z0-9_-]{2,})\.([A-Za-z0-9_-]{85}[AQgw])", re.ASCII)
_KID: Final = re.compile(r"[A-Za-z0-9_-]{1,43}", re.ASCII)
_MEMBERS: Final = frozenset({"alg", "kid", "typ"})


class Header(NamedTuple):
    """The protected header: exactly these members (ACC-3)."""

    alg: str
    kid: str
    typ: str


class Signed(NamedTuple):
    """What a valid signature covers."""

    header: Header
    claims: dict[str, object]


def sign(claims: Mapping[str, object], *, typ: str, key: PrivateKey, kid: str) -> str:
    """Sign ``claims`` in the order given.

    Args:
        claims: Members of the payload; strings, integers, lists and objects of these.
        typ: The media type without ``application/`` (RFC 8725 section 3.11).
        key: Its algorithm becomes ``alg``.
        kid: By what name the readers know the key; 1..43 characters of the base64url alphabet.

    Raises:
        Flawed: ``HEADER``; ``kid`` is none.
    """
    head = _header_segment(key.algorithm.value, kid, typ)
    message = f"{head}.{base64url.encode(strict_json.encode(claims))}"
    return f"{message}.{base64url.encode(key.sign(message.encode('ascii')))}"


def read(text: str, *, typs: frozenset[str], keys: Mapping[str, PublicKey], most_chars: int = SCAN_CHARS) -> Signed:
    """Check everything about ``text`` but the meaning of its claims.

    Args:
        text: Whatever was scanned or received.
        typs: The types expected here.
        keys: The keys trusted here, by ``kid``. An unknown one is refused; nothing is fetched.
        most_chars: Longer texts are refused before anything is looked at.

    Raises:
        Flawed: ``TOO_LONG``, ``FORM``, ``ENCODING``, ``JSON``, ``HEADER``, ``TYPE``, ``KEY_UNKNOWN``, ``ALGORITHM`` or
            ``SIGNATURE``; never anything else, whatever ``text`` is.
    """
    head, payload, signature = _segments(text, most_chars)
    header = _parsed_header(head)
    if header.typ not in typs:
        raise Flawed(Flaw.TYPE)
    key = keys.get(header.kid)
    if key is None:
        raise Flawed(Flaw.KEY_UNKNOWN)
    if header.alg != key.algorithm:
        raise Flawed(Flaw.ALGORITHM)
    message = text[: len(head) + 1 + len(payload)].encode("ascii")
    if not key.verify(message, base64url.decode_checked(signature)):
        raise Flawed(Flaw.SIGNATURE)
    return Signed(header, strict_json.decode(base64url.decode_checked(payload)))


def unverified_header(text: str, *, most_chars: int = SCAN_CHARS) -> Header:
    """Read the header alone, of a text that nobody has checked: to look up the key that ``kid`` names, no more.

    Raises:
        Flawed: ``TOO_LONG``, ``FORM``, ``ENCODING``, ``JSON`` or ``HEADER``.
    """
    return _parsed_header(_segments(text, most_chars)[0])


def unverified_claims(text: str, *, most_chars: int = SCAN_CHARS) -> dict[str, object]:
    """Read the claims of a text that nobody has checked: to find the key that is to check it, no more.

    Raises:
        Flawed: ``TOO_LONG``, ``FORM``, ``ENCODING`` or ``JSON``.
    """
    return strict_json.decode(base64url.decode_checked(_segments(text, most_chars)[1]))


def _segments(text: str, most_chars: int) -> tuple[str, str, str]:
    if len(text) > most_chars:
        raise Flawed(Flaw.TOO_LONG)
    match = _COMPACT.fullmatch(text)
    if match is None:
        raise Flawed(Flaw.FORM)
    head, payload, signature = match.groups()
    return head, payload, signature


@lru_cache(maxsize=256)
def _parsed_header(segment: str) -> Header:
    # Headers repeat: one for each signing key. The cache holds whatever was read last, so a flood of inventions costs
    # the flooder's own parsing and nobody's memory. What raises is not kept.
    members = strict_json.decode(base64url.decode_checked(segment))
    if members.keys() != _MEMBERS:
        raise Flawed(Flaw.HEADER)
    alg, kid, typ = members["alg"], members["kid"], members["typ"]
    if type(alg) is not str or type(typ) is not str or type(kid) is not str or _KID.fullmatch(kid) is None:
        raise Flawed(Flaw.HEADER)
    return Header(alg, kid, typ)


@lru_cache(maxsize=256)
def _header_segment(alg: str, kid: str, typ: str) -> str:
    if _KID.fullmatch(kid) is None:
        raise Flawed(Flaw.HEADER, "kid")
    return base64url.encode(strict_json.encode({"alg": alg, "kid": kid, "typ": typ}))
