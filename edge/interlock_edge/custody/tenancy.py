"""A tenancy: whose parcels lie in which compartment."""

from dataclasses import dataclass

from interlock_edge.custody.terms import PinVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """The stay of one reservation's parcels in one compartment.

    Attributes:
        reservation: The reservation's id; the key.
        compartment: The label of the compartment.
        parcels: Numbers of the parcels inside; none once all are taken.
        expected: How many parcels the reservation holds.
        deposited_time: When the first came in.
        collect_until: When collection ends, the later bound where it is uncertain; 0 where it is not known.
        collect_series: Lowest series of the collect right that opens.
        pins: Recognise the collector's PIN.
        group: The collector group's id, or empty.
        recall_requested: The collector left the parcel here on purpose.
        grace_until: All are taken, and until then the collector may look again; 0 while parcels are inside.
    """

    reservation: str
    compartment: str
    parcels: frozenset[int]
    expected: int
    deposited_time: int
    collect_until: int = 0
    collect_series: int = 0
    pins: tuple[PinVerifier, ...] = ()
    group: str = ""
    recall_requested: bool = False
    grace_until: int = 0

    @property
    def ended(self) -> bool:
        """Every parcel is out; the row lives on for the grace alone."""
        return not self.parcels
