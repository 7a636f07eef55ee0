"""Reasons about carried networks and webhooks."""

from interlock.errors.base import AlreadyExists, FailedPrecondition, NotFound


class AccountUnknown(NotFound):
    """The party has no account with that network.

    Example: Removing an account twice.
    """


class AccountExists(AlreadyExists):
    """The party has an account with that network; remove it first.

    Example: Adding a second account with one network.
    """


class AccountRejected(FailedPrecondition):
    """The carried network does not accept the account's credentials.

    Example: An expired API key.
    """


class WebhookUnknown(NotFound):
    """The party has no such webhook.

    Example: Replaying a webhook that was removed.
    """
