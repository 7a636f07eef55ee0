"""Reasons about the link of a bank."""

from interlock.errors.base import Aborted, FailedPrecondition, Unauthenticated


class HelloInvalid(Unauthenticated):
    """The Hello does not prove the bank's key over the gateway's nonce, or came out of turn.

    Example: A copied Hello, sent again.
    """


class LinkSuperseded(Aborted):
    """A newer connection of the same bank has taken over.

    Example: The old connection of a bank that has just restarted.
    """


class ProtocolVersionUnknown(FailedPrecondition):
    """None of the bank's protocol versions is spoken here.

    Example: A controller ten years behind.
    """
