"""Reasons about who calls."""

from interlock.errors.base import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unauthenticated,
)


class CallTokenMissing(Unauthenticated):
    """The method wants a call token and the call brought none.

    Example: ``ListReservations`` without the ``authorization`` header.
    """


class CallTokenInvalid(Unauthenticated):
    """The call token does not prove who calls.

    Which flaw it has is logged and not told. Example: Its key was distrusted a second ago.
    """


class PartySuspended(PermissionDenied):
    """The caller is suspended by the network owner.

    Example: A carrier whose key has leaked.
    """


class RoleRequired(PermissionDenied):
    """The caller has none of the roles that the method asks for; metadata ``roles`` lists them.

    Example: A host calls ``CreateReservation``.
    """


class NotOwn(PermissionDenied):
    """The name belongs to another party, and the method is for its owner alone.

    Decided on the name, whether or not the resource exists. Example: One carrier cancels under another carrier's
    name.
    """


class PartyUnknown(NotFound):
    """No such party.

    Example: ``parties/acmee``.
    """


class PartyExists(AlreadyExists):
    """The party id is taken; ids are never reused.

    Example: A second ``parties/acme``.
    """


class CodeInvalid(PermissionDenied):
    """A one-time code is wrong, used or past its end; which of them is not told.

    Example: A registration code typed a day late.
    """


class CodeUsed(AlreadyExists):
    """A one-time code came a second time with another key.

    An alarm for its maker, not a retry. Example: Somebody photographed the enrolment code on the bank's door.
    """


class KeyUnknown(NotFound):
    """The party has no such key.

    Example: Distrusting a key of a laptop that was never registered.
    """


class KeyExists(AlreadyExists):
    """The key is registered already, here or with another party; a key has one owner for ever.

    Example: One key file used for two parties.
    """


class KeyUnusable(InvalidArgument):
    """The public key is of a type, size or form that the network does not take, or its proof does not verify.

    Example: An RSA key.
    """


class LastKey(FailedPrecondition):
    """Distrusting this key would leave the party unable to call.

    Add another first, or have the party suspended. Example: The only key of a carrier.
    """
