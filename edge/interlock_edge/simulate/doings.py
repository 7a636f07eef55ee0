"""What hands can do to doors, and what no hand can."""

from interlock.testing.v1 import hands_service_pb2 as pb
from interlock_edge.drivers.simulated import CannotBeDoneError
from interlock_edge.simulate.faults import Fault
from interlock_edge.simulate.table import Table


class NoSuchError(Exception):
    """What was asked breaks a rule of the contract, or names nothing here."""


def hold(fine: bool, rule: str) -> None:  # noqa: FBT001  it reads as "hold that ..."
    """Hold a rule of the contract.

    Raises:
        NoSuchError: it is broken.
    """
    if not fine:
        raise NoSuchError(f"The contract says: {rule}.")


def label(table: Table, compartment: str) -> str:
    """Return the label of a compartment.

    Raises:
        NoSuchError: there is none of that label.
    """
    if compartment not in table.layout.compartments:
        raise NoSuchError(f"There is no compartment {compartment!r}.")
    return compartment


def pull(table: Table, compartment: str, *, force: bool) -> None:
    """Pull a door; a latched one stays shut, and that is an answer too. With ``force``, break it open."""
    bank = table.doors.bank
    door = bank.doors[label(table, compartment)]
    if force:
        bank.pry(compartment)
    elif table.ms() < door.unlatched_until_ms:
        bank.pull(compartment)


def put(table: Table, said: pb.PutParcelRequest) -> None:
    """Put something in.

    Raises:
        CannotBeDoneError: the door is closed, or it does not fit.
    """
    hold(bool(said.label), "label has 1 to 64 characters")
    built = table.layout.compartments[label(table, said.compartment)]
    if table.doors.has(said.compartment, Fault.BLOCKED_INSIDE):
        raise CannotBeDoneError(f"Something is in the way inside {said.compartment}.")
    if said.HasField("dimensions"):
        big = said.dimensions
        lengths = sorted((big.width_mm, big.height_mm, big.depth_mm))
        if any(length > room for length, room in zip(lengths, sorted(built.clear_mm), strict=True)):
            raise CannotBeDoneError(f"It does not fit into {said.compartment}.")
    table.doors.bank.put(said.compartment, said.label)


def take(table: Table, said: pb.TakeParcelRequest) -> list[str]:
    """Take something out, or everything.

    Raises:
        CannotBeDoneError: the door is closed, or it does not lie there.
    """
    bank, compartment = table.doors.bank, label(table, said.compartment)
    if said.label:
        return [bank.take(compartment, said.label)]
    taken = [bank.take(compartment)]
    while bank.doors[compartment].items:
        taken.append(bank.take(compartment))
    return taken


def break_(table: Table, said: pb.SetFaultRequest) -> None:
    """Break a compartment in the ways named and no others."""
    names = {pb.Fault.Name(fault).removeprefix("FAULT_") for fault in said.faults if fault in pb.Fault.values()}
    hold(len(names) == len(said.faults) and "UNSPECIFIED" not in names, "faults are known ones, each once")
    table.doors.breaks(label(table, said.compartment), frozenset(map(Fault, names)))
