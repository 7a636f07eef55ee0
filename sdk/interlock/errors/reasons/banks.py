"""Reasons about the bank."""

from interlock.errors.base import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound


class BankUnknown(NotFound):
    """No such bank for this caller.

    A bank that the caller may not see or not book answers the same. Example: A bank whose ``bookable_by`` lists other
    carriers.
    """


class BankExists(AlreadyExists):
    """The bank id is taken; ids are never reused, not even after closing.

    Example: A moved bank that should have been a new one.
    """


class BankNotOpen(FailedPrecondition):
    """The bank takes no reservation for that time; metadata ``state``, and ``end_time`` where it is closing.

    Example: A stay that would outlast the bank's closing.
    """


class BankNotReporting(FailedPrecondition):
    """The bank has been silent for longer than its operator sells it unseen; metadata ``last_heard_time``.

    Example: A bank without a connection since yesterday.
    """


class NoLiveLink(FailedPrecondition):
    """What is asked needs a live link to the bank, and there is none.

    Example: A remote opening during an outage of the mobile network.
    """


class OutsideOpeningHours(FailedPrecondition):
    """Nobody can reach the bank at any moment of the deposit window.

    Example: A window on a Sunday, at a bank inside a shop.
    """


class BankNotEmpty(FailedPrecondition):
    """A bank closes only when all custody is out; metadata ``reservation_count``.

    Example: Closing at once with two parcels inside.
    """


class BankWrongState(FailedPrecondition):
    """The bank's life does not go that way; metadata ``state``.

    Example: Opening a bank that is closed for good.
    """


class LayoutInvalid(InvalidArgument):
    """A layout contradicts itself; ``BadRequest`` names the field.

    Example: Two compartments with one label.
    """


class CompartmentUnknown(NotFound):
    """The bank has no such compartment, or the caller may not see it.

    Example: ``.../compartments/99`` at a bank with 20 doors.
    """


class CompartmentOccupied(FailedPrecondition):
    """What is asked needs an empty compartment.

    Example: Changing the size of a compartment with a parcel in it.
    """


class CommandUnknown(NotFound):
    """No such command for this caller.

    Example: A command pruned a year later.
    """


class SecondPartyRequired(FailedPrecondition):
    """An evacuation is approved by another party than the one that asked for it.

    Example: An operator approves its own evacuation.
    """


class EvacuationUnknown(NotFound):
    """No such evacuation for this caller, or it has lapsed.

    Example: An approval that comes two hours late.
    """
