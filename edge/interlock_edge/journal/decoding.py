"""What the gateway told, from the contract's messages to the bank's own values (ACC-75).

Nothing is believed here that the contract does not allow; a message that makes no sense is refused whole, and what was
told before still holds.
"""

from datetime import date

from interlock.access_token import Act
from interlock.deposit_terms import FEATURE_LETTERS, Climate, CollectFor, StayUnit
from interlock.edge.v1 import manifest_pb2
from interlock.v1 import need_pb2, parcel_pb2, reservation_pb2
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.manifest import (
    CompartmentTold,
    HandedDown,
    Headroom,
    Manifest,
    ManifestEntry,
    OpeningLimits,
)
from interlock_edge.custody.stay import Calendar
from interlock_edge.custody.terms import PinVerifier, StayTerms
from interlock_edge.journal.written import Told

CONFIGURATION, KEY_SET, STATUS_LIST = "configuration", "key_set", "status_list"
"""Names of the documents kept in the journal: a serialized ``Configuration``, and two compact JWS as ASCII."""

CALENDAR_DAYS = 60
"""For how many days a configuration names the closed ones."""

_CLIMATES = {
    need_pb2.CLIMATE_UNSPECIFIED: Climate.AMBIENT,
    need_pb2.CLIMATE_AMBIENT: Climate.AMBIENT,
    need_pb2.CLIMATE_CHILLED: Climate.CHILLED,
    need_pb2.CLIMATE_FROZEN: Climate.FROZEN,
    need_pb2.CLIMATE_HEATED: Climate.HEATED,
}
_DEFAULTS = OpeningLimits()


def told_of(change: manifest_pb2.ManifestChange) -> Told:
    """Take a manifest change apart into what the journal keeps."""
    documents: dict[str, bytes] = {}
    if change.HasField("configuration"):
        documents[CONFIGURATION] = change.configuration.SerializeToString()
    if change.key_set:
        documents[KEY_SET] = change.key_set.encode("ascii")
    if change.status_list:
        documents[STATUS_LIST] = change.status_list.encode("ascii")
    return Told(
        era=change.to.era,
        number=change.to.number,
        snapshot=not change.HasField("from"),
        entries={entry.reservation: entry.SerializeToString() for entry in change.reservations},
        removed=tuple(change.removed_reservations),
        documents=documents,
    )


def manifest_of(told: Told, *, today: date) -> Manifest:
    """Read everything that the journal keeps of the manifest.

    Args:
        told: A snapshot.
        today: The bank's day, from which on the configuration names closed days.

    Raises:
        ValueError: a message, class or time zone that makes no sense.
    """
    entries = (_entry(manifest_pb2.ReservationEntry.FromString(body)) for body in told.entries.values())
    said = manifest_pb2.Configuration.FromString(told.documents.get(CONFIGURATION, b""))
    compartments = {
        entry.label: CompartmentTold(kind_of(entry.kind), withdrawn=entry.withdrawn) for entry in said.compartments
    }
    return Manifest(
        era=told.era,
        number=told.number,
        entries={entry.reservation: entry for entry in entries},
        headroom={
            SizeClass(lent.size_class): Headroom(lent.compartment_count, lent.end_time.seconds, lent.fence)
            for lent in said.headroom
        },
        refuse_overdue=said.refuse_overdue,
        emptying=said.emptying,
        calendar=_calendar(said, today) if said.time_zone else None,
        limits=OpeningLimits(
            remote_a_minute=said.remote_openings_a_minute or _DEFAULTS.remote_a_minute,
            remote_an_hour=said.remote_openings_an_hour or _DEFAULTS.remote_an_hour,
            a_minute=said.openings_a_minute or _DEFAULTS.a_minute,
            an_hour=said.openings_an_hour or _DEFAULTS.an_hour,
        ),
        compartments=compartments,
    )


def handed_down_of(change: manifest_pb2.ManifestChange) -> tuple[HandedDown, ...]:
    """Read the tenancies that a snapshot hands down to a controller that replaces another."""
    return tuple(
        HandedDown(
            reservation=entry.reservation,
            compartment=entry.compartment,
            parcels=frozenset(entry.parcel_numbers),
            collect_series=entry.series,
            spent=frozenset(map(Act, entry.spent_acts)),
        )
        for entry in change.tenancies
    )


def kind_of(kind: need_pb2.Kind) -> Kind:
    """Read a kind of compartment.

    Raises:
        ValueError: no class, or a feature or climate that this agent does not know.
    """
    try:
        letters = (
            FEATURE_LETTERS[need_pb2.Feature.Name(feature).removeprefix("FEATURE_")] for feature in kind.features
        )
        return Kind(SizeClass(kind.size_class), _CLIMATES[kind.climate], frozenset(letters))
    except KeyError as error:
        message = f"a kind of compartment has an unknown part: {error}"
        raise ValueError(message) from error


def _entry(said: manifest_pb2.ReservationEntry) -> ManifestEntry:
    rights: dict[Act, manifest_pb2.RightEntry] = {}
    if said.HasField("deposit"):
        rights[Act.DEPOSIT] = said.deposit
    if said.HasField("collect"):
        rights[Act.COLLECT] = said.collect
    if said.HasField("recall"):
        rights[Act.RECALL] = said.recall
    series = {act: right.series for act, right in rights.items()}
    pins = tuple(
        PinVerifier(said.group or said.reservation, pin.key_version, pin.series, pin.verifier)
        for pin in said.pin_verifiers
    )
    return ManifestEntry(
        reservation=said.reservation,
        carrier=said.carrier,
        series=series,
        terms=_terms(said, pins, series.get(Act.COLLECT, 0)) if said.HasField("planned_kind") else None,
        deposit_from=said.deposit_start_time.seconds,
        deposit_until=said.deposit_end_time.seconds,
        collect_until=said.collect_end_time.seconds,
        barcodes={digest: parcel.number for parcel in said.parcels for digest in parcel.barcode_hmacs},
        unlabelled=frozenset(parcel.number for parcel in said.parcels if parcel.label == parcel_pb2.LABEL_KIND_NONE),
        pins=pins,
        group=said.group,
        revoked=frozenset(act for act, right in rights.items() if right.revoked),
        suspended=frozenset(act for act, right in rights.items() if right.suspended),
    )


def _terms(said: manifest_pb2.ReservationEntry, pins: tuple[PinVerifier, ...], collect_series: int) -> StayTerms:
    return StayTerms(
        kind=kind_of(said.planned_kind),
        parcels=max(len(said.parcels), 1),
        pins=pins,
        collect_series=collect_series,
        collect_for=_collect_for(said.collect_for),
        recall_hours=said.recall_time_hours,
        hand_over=said.hand_over_letters,
        group=said.group,
    )


def _collect_for(said: reservation_pb2.CollectFor) -> CollectFor:
    if said.WhichOneof("length") == "working_days":
        return CollectFor(said.working_days, StayUnit.WORKING_DAYS)
    return CollectFor(said.hours or 72, StayUnit.HOURS)


def _calendar(said: manifest_pb2.Configuration, today: date) -> Calendar:
    closed = frozenset(date(day.year, day.month, day.day) for day in said.closed_dates)
    closes: dict[int, int] = {}
    for stretch in said.opening_days:
        closes[stretch.weekday] = max(stretch.close_minute, closes.get(stretch.weekday, 0))
    return Calendar(
        zone=said.time_zone,
        closed=closed,
        known_until=max((date.fromordinal(today.toordinal() + CALENDAR_DAYS), *closed)),
        closes=closes,
    )
