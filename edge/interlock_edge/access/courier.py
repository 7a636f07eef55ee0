"""A courier's session: barcodes and menu lines instead of one code for each parcel (ACC-69).

The session is no right. Each door opens by its parcel's own right, which the manifest grants to the courier's carrier;
a bank that was never told of a parcel needs the parcel's own token.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlock import barcode
from interlock.access_token import Act
from interlock_edge.access.admission import Showing, admit, is_held
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.access.verdict import Admitted
from interlock_edge.clock import Instant
from interlock_edge.custody.manifest import ManifestEntry
from interlock_edge.custody.right import Form, Right


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A parcel or a set of parcels that the courier can take out here, by choosing its line."""

    right: Right
    compartment: str
    parcels: int


def barcode_verdict(
    scan: bytes, session: Admitted, known: Known, at: Instant, *, barcode_keys: Mapping[int, bytes]
) -> Granted | Refused:
    """Judge a parcel's barcode, scanned within a session.

    A parcel that is not inside is to be deposited; one that is inside is to be taken out.

    Args:
        scan: What the scanner delivered.
        session: The courier's.
        known: What this bank knows.
        at: The clock.
        barcode_keys: The bank's barcode keys by version.
    """
    digests = {barcode.entry(key, scan) for key in barcode_keys.values()}
    for entry in known.manifest.entries.values():
        if entry.carrier == session.carrier:
            for digest in digests & entry.barcodes.keys():
                return _for_parcel(entry, entry.barcodes[digest], session, known, at)
    return Refused(Reason.MALFORMED, Form.BARCODE)


def menu(session: Admitted, known: Known) -> Iterator[MenuLine]:
    """Yield what the courier can take out, door by door; parcels without a label are found in no other way."""
    for entry in known.manifest.entries.values():
        tenancy = known.tenancies.get(entry.reservation)
        act = _taking_out(entry, session)
        if tenancy is not None and not tenancy.ended and entry.carrier == session.carrier and act is not None:
            yield MenuLine(Right(entry.reservation, act), tenancy.compartment, len(tenancy.parcels))


def menu_verdict(line: MenuLine, session: Admitted, known: Known, at: Instant) -> Granted | Refused:
    """Judge a line of the menu that the courier chose; what it stands on may have changed meanwhile."""
    if line not in menu(session, known):
        return Refused(Reason.NO_PARCEL, Form.BARCODE, line.right.subject)
    return _admit(known.manifest.entries[line.right.subject], line.right.act, session, known, at)


def _for_parcel(entry: ManifestEntry, parcel: int, session: Admitted, known: Known, at: Instant) -> Granted | Refused:
    tenancy = known.tenancies.get(entry.reservation)
    inside = tenancy is not None and parcel in tenancy.parcels
    act = _taking_out(entry, session) if inside else Act.DEPOSIT
    if act is None or act not in session.acts or act not in entry.series:
        return Refused(Reason.WRONG_ACT, Form.BARCODE, entry.reservation)
    if act is Act.DEPOSIT and entry.deposit_from > at.time + at.leeway_s:
        return Refused(Reason.NOT_YET, Form.BARCODE, entry.reservation)
    if act is Act.DEPOSIT and 0 < entry.deposit_until <= at.time - at.leeway_s:
        return Refused(Reason.EXPIRED, Form.BARCODE, entry.reservation)
    # A parcel named at a deposit is that parcel; taken out, all of a reservation go together.
    return _admit(entry, act, session, known, at, parcels=frozenset() if inside else frozenset({parcel}))


def _taking_out(entry: ManifestEntry, session: Admitted) -> Act | None:
    """Return the act by which this courier takes parcels out: a recall if there is one, else to collect."""
    return next((act for act in (Act.RECALL, Act.COLLECT) if act in entry.series and act in session.acts), None)


def _admit(
    entry: ManifestEntry,
    act: Act,
    session: Admitted,
    known: Known,
    at: Instant,
    *,
    parcels: frozenset[int] = frozenset(),
) -> Granted | Refused:
    showing = Showing(
        act=act,
        subject=entry.reservation,
        form=Form.BARCODE,
        series=entry.series[act],
        terms=entry.terms if act is Act.DEPOSIT else None,
        parcels=parcels,
        session=session.jti,
    )
    answer = admit(showing, known, at)
    if (
        isinstance(answer, Refused)
        and answer.reason is Reason.USED
        and not is_held(Right(entry.reservation, act), known)
    ):
        return Refused(Reason.NO_PARCEL, Form.BARCODE, entry.reservation)
    return answer
