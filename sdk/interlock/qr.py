"""QR codes of tokens and receipts as SVG and PNG (ACC-15). Needs the extra ``qr``: ``pip install 'interlock[qr]'``.

Cheap scanners read a phone's screen up to about version 15, 77 modules. So the version is fixed by the text's kind, and
what does not fit is an error here rather than a queue before a bank.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import segno

_QUIET_MODULES: Final = 4  # ISO/IEC 18004 section 6.3.8


@dataclass(frozen=True, slots=True)
class Fit:
    """How large a code may become.

    Attributes:
        level: Error correction: L restores 7 %, M 15 %.
        version: The largest that is allowed, 1..40; it has ``17 + 4 * version`` modules a side.
    """

    level: str
    version: int


RIGHT: Final = Fit("M", 15)
"""Collect and recall tokens: at most 412 characters."""
DEPOSIT: Final = Fit("L", 15)
"""Deposit tokens: at most 520 characters."""
STAFF: Final = Fit("M", 16)
"""Service tokens and courier sessions: at most 450 characters."""
RECEIPT: Final = Fit("L", 19)
"""Receipts, which a phone's camera reads from the bank's screen: at most 792 characters."""


class TooLarge(ValueError):
    """The text needs a larger code than its kind may have."""


def version(text: str, fit: Fit) -> int:
    """Return the version of the code that ``text`` needs at the level of ``fit``.

    Raises:
        TooLarge: it needs a higher one than ``fit`` allows.
    """
    return int(_code(text, fit).version)


def svg(text: str, fit: Fit, *, module_px: int = 4) -> str:
    """Draw ``text`` as one SVG element for a page, dark on light, with its quiet zone.

    Raises:
        TooLarge: it needs a higher version than ``fit`` allows.
    """
    return _code(text, fit).svg_inline(scale=module_px, border=_QUIET_MODULES, light="#fff")


def png(text: str, fit: Fit, *, module_px: int = 8) -> bytes:
    """Draw ``text`` as a PNG file, dark on light, with its quiet zone.

    Raises:
        TooLarge: it needs a higher version than ``fit`` allows.
    """
    file = BytesIO()
    _code(text, fit).save(file, kind="png", scale=module_px, border=_QUIET_MODULES, light="#fff")
    return file.getvalue()


def _code(text: str, fit: Fit) -> segno.QRCode:
    # `boost_error` would raise the level where there is room and so change the code's look from token to token.
    try:
        code = segno.make_qr(text, error=fit.level, mode="byte", encoding="ascii", boost_error=False)
    except segno.DataOverflowError as error:
        message = f"{len(text)} characters fit no QR code"
        raise TooLarge(message) from error
    if int(code.version) > fit.version:
        message = f"{len(text)} characters need QR version {code.version}; {fit.version} is allowed"
        raise TooLarge(message)
    return code
