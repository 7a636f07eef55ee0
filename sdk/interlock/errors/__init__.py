"""Typed errors: one class for each gRPC code and, below it, for each reason of the contract.

>>> from interlock import errors
>>> try:
...     client.get("parties/acme/reservations/aaaaaaaaaaaaaaaa")
... except errors.ReservationUnknown as error:
...     print(error.code, error.reason)
NOT_FOUND RESERVATION_UNKNOWN
"""

from interlock.errors.base import *  # noqa: F403
from interlock.errors.base import __all__ as _base
from interlock.errors.reading import from_failure, from_status
from interlock.errors.reasons import *  # noqa: F403
from interlock.errors.reasons import __all__ as _reasons

__all__ = [*_base, *_reasons, "from_failure", "from_status"]  # noqa: PLE0604
