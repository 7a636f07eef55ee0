"""What the gateway has told the bank: its manifest, as the doors and the verdict read it (ACC-75).

A bank works without any of it: a deposit token carries what is needed. What the manifest says of a reservation
outranks what its token says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from interlock.access_token import Act
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.stay import Calendar
from interlock_edge.custody.terms import PinVerifier, StayTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One reservation at this bank.

    Attributes:
        reservation: Its id.
        carrier: Party id of the carrier: a courier session of another party cannot use this entry.
        series: For each act whose right was given, the lowest series that still opens.
        terms: What a deposit is made under.
        deposit_from: First instant of the deposit window.
        deposit_until: Its end, exclusive.
        collect_until: When collection ends; 0 before the deposit.
        barcodes: Keyed digest of each parcel's barcode -> the parcel's number.
        unlabelled: Numbers of the parcels that bear no label: a courier tags them when they come out.
        pins: Recognise the collector's PIN.
        group: The collector group's id, or empty.
        revoked: Acts whose right was taken away.
        suspended: Acts whose right rests until the manifest says otherwise.
    """

    reservation: str
    carrier: str
    series: Mapping[Act, int] = field(default_factory=dict)
    terms: StayTerms | None = None
    deposit_from: int = 0
    deposit_until: int = 0
    collect_until: int = 0
    barcodes: Mapping[bytes, int] = field(default_factory=dict)
    unlabelled: frozenset[int] = frozenset()
    pins: tuple[PinVerifier, ...] = ()
    group: str = ""
    revoked: frozenset[Act] = frozenset()
    suspended: frozenset[Act] = frozenset()


@dataclass(frozen=True, slots=True)
class Headroom:
    """Doors of one class that the bank may spend without asking (ACC-74).

    Attributes:
        doors: How many.
        until: Until when a spend may start, exclusive, unix seconds.
        number: The fencing number: it grows with every change, and a spend names it.
    """

    doors: int = 0
    until: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """How many openings a bank allows.

    Attributes:
        remote_a_minute: At a distance and without presence.
        remote_an_hour: The same, an hour.
        a_minute: All openings.
        an_hour: All openings; 0 means four times the number of doors.
    """

    remote_a_minute: int = 3
    remote_an_hour: int = 20
    a_minute: int = 12
    an_hour: int = 0


@dataclass(frozen=True, slots=True)
class CompartmentTold:
    """A compartment as the gateway plans it. ``withdrawn``: the operator has taken it out of service."""

    kind: Kind
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that the gateway has told, at one version.

    Attributes:
        era: Opened anew when a gateway was restored from a backup.
        number: Counts within the era.
        entries: By reservation id.
        headroom: What may be spent without asking, by class.
        refuse_overdue: The operator's policy to refuse a collector after the collection's end.
        emptying: Only collect and recall are served any more.
        calendar: The bank's days; absent until they were told.
        limits: How many openings are allowed; absent until they were told.
        compartments: The bank's compartments by label; none until they were told.
    """

    era: int = 0
    number: int = 0
    entries: Mapping[str, ManifestEntry] = field(default_factory=dict)
    headroom: Mapping[SizeClass, Headroom] = field(default_factory=dict)
    refuse_overdue: bool = False
    emptying: bool = False
    calendar: Calendar | None = None
    limits: OpeningLimits | None = None
    compartments: Mapping[str, CompartmentTold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedDown:
    """A tenancy that a replaced controller left behind, told by word alone.

    Attributes:
        reservation: Whose parcels.
        compartment: Where.
        parcels: Which are inside.
        collect_series: Series of the collect right.
        spent: Acts whose right is used up.
    """

    reservation: str
    compartment: str
    parcels: frozenset[int]
    collect_series: int = 0
    spent: frozenset[Act] = frozenset()
