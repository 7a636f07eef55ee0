"""Why a signed text, a key or a code is not believed: one exception, one closed list of reasons.

Everything in this package that reads bytes from outside raises ``Flawed`` and nothing else, whatever the bytes are.
The precise flaw is for logs and events; the person at the door is told the same sentence for all of them (ACC-6).
"""

from enum import StrEnum


class Flaw(StrEnum):
    """What was wrong, in the order in which a reader looks for it."""

    TOO_LONG = "TOO_LONG"
    """More characters than any legal text of its kind; nothing behind that was looked at."""
    FORM = "FORM"
    """Not the text form at all: three base64url segments, an enrolment code, a key's encoding."""
    ENCODING = "ENCODING"
    """Base64url that another spelling would also decode to: padding, spare bits, foreign characters."""
    JSON = "JSON"
    """Not UTF-8, not JSON, a member twice, or a number that is no integer."""
    HEADER = "HEADER"
    """The header has a member too many or too few, or one of the wrong kind."""
    TYPE = "TYPE"
    """``typ`` names another kind of text."""
    KEY_UNKNOWN = "KEY_UNKNOWN"
    """``kid`` names no key held here. Keys are never fetched."""
    ALGORITHM = "ALGORITHM"
    """``alg`` is not the one algorithm of the key that ``kid`` names."""
    SIGNATURE = "SIGNATURE"
    """The signature, proof or seal does not fit."""
    CLAIM = "CLAIM"
    """A claim is missing, of the wrong type or beyond its limits; the detail is the claim's name."""
    ISSUER = "ISSUER"
    """Signed by a key that does not speak for the issuer named."""
    AUDIENCE = "AUDIENCE"
    """Meant for somebody else."""
    NOT_YET = "NOT_YET"
    """Its time has not begun."""
    EXPIRED = "EXPIRED"
    """Its time is over."""
    ROLLED_BACK = "ROLLED_BACK"
    """Older than what is held already, or another text under the same number."""
    BROKEN_CHAIN = "BROKEN_CHAIN"
    """A hash does not follow from the one before it."""
    KEY = "KEY"
    """A key of a kind, size or form that is not used here, or one that proves nothing."""


class Flawed(ValueError):
    """A text, key or value that must not be believed or made.

    Attributes:
        flaw: The reason.
        detail: The name of the claim or member concerned, or empty. Never a piece of the input: that may be hostile,
            or a secret.
    """

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        """Keep the reason; ``detail`` is ours, not the sender's."""
        super().__init__(f"{flaw.value}: {detail}" if detail else flaw.value)
        self.flaw = flaw
        self.detail = detail
