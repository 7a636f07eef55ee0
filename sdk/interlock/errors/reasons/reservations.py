"""Reasons about the reservation."""

from datetime import datetime

from interlock.errors.base import FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted


class ReservationUnknown(NotFound):
    """No such reservation for this caller; a foreign one answers the same, byte for byte.

    Example: Another carrier's reservation.
    """


class WrongState(FailedPrecondition):
    """The command is not allowed from the state; metadata ``state`` and ``command``.

    Example: Cancelling when the parcel is already in the bank.
    """


class TooEarly(FailedPrecondition):
    """The clock that a lapse belongs to has not run out; metadata ``due_time``.

    Example: A hold ended before its time.
    """


class WindowInvalid(InvalidArgument):
    """A window is inverted, empty, or longer or further away than the network allows.

    Example: A deposit window that ends before it starts.
    """


class WindowPast(InvalidArgument):
    """The window, or the end that is asked for, has passed; metadata ``end_time``.

    Example: A deposit window of yesterday.
    """


class NoCapacity(ResourceExhausted):
    """No kind of compartment that meets the need is free for the whole stay.

    For an extension, metadata ``extendable_until`` (RFC 3339) says how long it would be. Example: Every M and larger
    door is promised on Friday.
    """

    @property
    def extendable_until(self) -> datetime | None:
        """Until when the stay could be extended all the same; None where the gateway names no such time."""
        text = self.metadata.get("extendable_until", "")
        return datetime.fromisoformat(text) if text else None


class NoClassFits(FailedPrecondition):
    """No size class holds these dimensions, or none of this bank does; metadata ``dimensions``.

    Example: A parcel of 2 m.
    """


class ClassWouldChange(FailedPrecondition):
    """With the further parcel the reservation would need a larger class; metadata ``planned`` and ``needed``.

    Example: A second parcel that does not fit beside the first.
    """


class LimitExceeded(FailedPrecondition):
    """A mass, a declared value or a count is above what the bank or the network takes.

    Metadata ``given`` and ``limit``. Example: A ring of 20,000 EUR at a bank that takes up to 500 EUR.
    """


class RestrictionNotServed(FailedPrecondition):
    """The bank does not serve a restriction that a parcel bears; metadata ``restriction``.

    Example: An age check at a bank that cannot read documents.
    """


class NoCommonAccess(FailedPrecondition):
    """The bank has no input by which this collector could prove the right; metadata ``inputs`` and ``usable``.

    Example: A collector with nothing but a PIN, at a bank without keys.
    """


class CollectorFieldRequired(InvalidArgument):
    """The bank requires a particular of the collector that was not given; ``BadRequest`` names the field.

    Example: A network that will not serve without a phone number.
    """


class AccountRequired(FailedPrecondition):
    """The bank belongs to a carried network, and the caller has no account with it; metadata ``network``.

    Example: Booking another carrier's lockers without being its customer.
    """
