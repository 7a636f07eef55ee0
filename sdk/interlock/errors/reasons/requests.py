"""Reasons about the request itself."""

from interlock.errors.base import (
    Aborted,
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    OutOfRange,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
)


class InvalidName(InvalidArgument):
    """A resource name does not follow its grammar; ``BadRequest`` names the field.

    Example: ``parties/Acme`` has a capital letter.
    """


class InvalidField(InvalidArgument):
    """A field breaks a rule that the contract states for it; ``BadRequest`` names each field.

    Example: ``parcels[2].sscc`` has 17 digits.
    """


class PageTokenInvalid(InvalidArgument):
    """A page token or a cursor was not given out for this list, or the list's filters have changed since.

    Example: A token of ``ListBanks`` sent to ``ListReservations``.
    """


class CursorTooOld(OutOfRange):
    """The event log no longer reaches back to the cursor; metadata ``earliest`` is the oldest cursor that works.

    Example: A consumer comes back after its events have been pruned.
    """


class RequestIdReused(AlreadyExists):
    """The ``request_id`` stands for another request of this party and method.

    Example: A retry that also changes the deposit window.
    """


class EtagMismatch(Aborted):
    """The resource has changed since the caller read it; metadata ``etag`` is the present one.

    Example: The collector came between a carrier's read and its recall.
    """


class GroupRefused(FailedPrecondition):
    """Another item of the same ``all_or_none_group`` was refused.

    Metadata ``item`` and ``because`` say which and why. Example: Three parcels go together and the second finds no
    compartment.
    """


class GroupSpansBanks(InvalidArgument):
    """A group names more than one bank.

    Example: Two items of one ``all_or_none_group``, each at another bank.
    """


class NotServedYet(Unimplemented):
    """The contract has the method and this gateway does not serve it.

    Example: ``GetDocuments`` at a gateway without carried networks.
    """


class CapabilityNotSupported(FailedPrecondition):
    """The bank, or the network behind it, cannot do this; its ``capabilities`` say so.

    Metadata ``capability`` says what. Example: A courier session at a bank without a scanner.
    """


class StoreUnavailable(Unavailable):
    """Nothing was decided, or the outcome is not known.

    Retry with the same ``request_id``; ``RetryInfo`` says when. Example: The database went away during a commit.
    """


class ShuttingDown(Unavailable):
    """This replica takes no new calls; another does.

    ``RetryInfo`` says when to try again. Example: A gateway is being updated.
    """


class RateLimited(ResourceExhausted):
    """Too many calls from this address or party; ``RetryInfo`` says when to try again.

    Example: A script submits a thousand receipts a second.
    """
