"""Reasons about rights."""

from interlock.errors.base import DeadlineExceeded, FailedPrecondition, InvalidArgument, ResourceExhausted


class SuspendReasonRequired(InvalidArgument):
    """Revoking the right to a deposited parcel gives a new right, or suspends with a reason; a suspension had none.

    Example: ``suspend: true`` with an empty ``reason``.
    """


class AccessRefused(FailedPrecondition):
    """The bank was asked to open and refused; metadata ``access_refusal`` is a value of ``AccessRefusal``.

    Example: The right was used up by the collector a moment before.
    """


class SeriesExhausted(FailedPrecondition):
    """The right was replaced 65,535 times, which is as far as a token can count.

    Example: A faulty client that replaces a PIN in a loop.
    """


class PresenceRequired(InvalidArgument):
    """A remote opening names how it is known that somebody stands at the bank.

    Example: An opening without any proof, where the bank asks for one.
    """


class OpeningLimit(ResourceExhausted):
    """The bank has been opened as often as it allows; the bank itself counts.

    ``RetryInfo`` says when to try again. Example: The 21st opening from afar within an hour.
    """


class CommandExpired(DeadlineExceeded):
    """The bank did not carry the command out by its deadline, and never will; metadata ``deadline_time``.

    Example: The link was lost while the command was on its way.
    """
