"""Reasons about proof."""

from interlock.errors.base import FailedPrecondition, InvalidArgument, NotFound


class DiscrepancyUnknown(NotFound):
    """No such discrepancy for this caller.

    Example: A discrepancy of another operator's bank.
    """


class DiscrepancyResolved(FailedPrecondition):
    """The discrepancy is settled; a new one can be raised.

    Metadata ``resolve_time``. Example: Carrier and operator settle it at the same moment.
    """


class CorrectionNotPossible(FailedPrecondition):
    """The reservation's state cannot be corrected to what the resolution says; metadata ``state`` and ``corrected``.

    Example: A parcel corrected to LOST that was never deposited.
    """


class ReceiptUnknown(NotFound):
    """No such receipt for this caller.

    Example: A receipt that the bank has not sent yet.
    """


class ReceiptInvalid(InvalidArgument):
    """The text is not a receipt, or no bank of this network signed it.

    Which flaw it has is not told. Example: A receipt with one character changed.
    """
