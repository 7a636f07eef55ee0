"""Whatever a person holds before a bank's scanner, as the kind of token that it turns out to be (ACC-33)."""

from collections.abc import Mapping
from typing import Final

from interlock import access_token, jose, session_token
from interlock.access_token import AccessToken
from interlock.keys import PublicKey
from interlock.session_token import SessionToken

_TYPS: Final = access_token.TYPS | session_token.TYPS


def read(text: str, keys: Mapping[str, PublicKey]) -> AccessToken | SessionToken:
    """Read an access token or a courier session; the signed ``typ`` says which.

    Raises:
        Flawed: whatever ``text`` is, nothing else.
    """
    signed = jose.read(text, typs=_TYPS, keys=keys, most_chars=access_token.MOST_CHARS)
    if signed.header.typ == access_token.TYP:
        return access_token.from_signed(signed)
    return session_token.from_signed(signed)
