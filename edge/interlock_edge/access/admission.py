"""Steps 7 to 9 of a verdict: act and series against what lies here, revocation, one-time use (ACC-63..66).

The same for every form of a right, so a PIN, a QR code, a barcode and a command are never judged differently.
"""

from dataclasses import dataclass

from interlock.access_token import Act
from interlock.status_list import Status
from interlock_edge.access.grant import Doubt, Granted
from interlock_edge.access.known import Known
from interlock_edge.access.limits import too_many
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.access.series import MOST_JUMP, known_series
from interlock_edge.clock import Instant
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import StayTerms

GROUP_CHARS = 10
"""The length of a collector group's id; it tells a group from a reservation (ACC-13)."""

KEEP_S = 120 * 86_400
"""How long a use is remembered where no token's expiry says more: past every stay and every re-issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A right as it was shown, believed so far.

    Attributes:
        act: What is asked.
        subject: A reservation, a collector group, or for service a ``jti`` or a command.
        form: In which form.
        series: The series shown; nothing where the bank's own record was addressed, as by a barcode.
        jti: The token's, or empty.
        iat: When it was issued, or 0.
        exp: When it ends, or 0.
        status_index: Its place in the status list; nothing without a token.
        terms: For a deposit: what it is made under.
        parcels: The parcels meant, or empty.
        compartment: For service: the door named.
        session: ``jti`` of the courier session, or empty.
        command: Id of the command, or empty.
        presence: How a command showed presence, or empty.
    """

    act: Act
    subject: str
    form: Form
    series: int | None = None
    jti: str = ""
    iat: int = 0
    exp: int = 0
    status_index: int | None = None
    terms: StayTerms | None = None
    parcels: frozenset[int] = frozenset()
    compartment: str = ""
    session: str = ""
    command: str = ""
    presence: str = ""


def admit(showing: Showing, known: Known, at: Instant) -> Granted | Refused:
    """Say whether the right may be used here and now.

    Args:
        showing: What was shown; its signature, audience and times have been held already.
        known: What this bank knows.
        at: The clock. ``suspect`` counts against whatever nothing here supports.
    """
    if showing.act is Act.DEPOSIT and showing.terms is None:
        return _refused(Reason.WRONG_ACT, showing)  # neither the token nor the manifest says what is deposited
    rights = _rights(showing, known)
    if not rights:
        return _refused(Reason.NO_PARCEL, showing)
    status = listed(showing.status_index, known)
    usable: list[Right] = []
    first_no: Refused | None = None
    for right in rights:
        reason = _against(right, showing, known, at) or status or _spent(right, known, at)
        if reason is None:
            usable.append(right)
        else:
            used = known.ledger[right].opened_time if reason is Reason.USED else 0
            first_no = first_no or Refused(reason, showing.form, right.subject, used)
    if not usable:
        return first_no or _refused(Reason.NO_PARCEL, showing)
    # Of a group, doors with parcels come before doors that are only looked into again.
    usable.sort(key=lambda right: right.act is Act.COLLECT and known.tenancies[right.subject].ended)
    return _unsupported(usable[0], showing, known, at) or _granted(tuple(usable), showing, known, at)


def is_held(right: Right, known: Known) -> bool:
    """Say whether the parcels of this right are inside."""
    tenancy = known.tenancies.get(right.subject)
    return tenancy is not None and not tenancy.ended


def _rights(showing: Showing, known: Known) -> tuple[Right, ...]:
    if showing.act is not Act.COLLECT or len(showing.subject) != GROUP_CHARS:
        return (Right(showing.subject, showing.act),)
    members = (tenancy for tenancy in known.tenancies.values() if tenancy.group == showing.subject)
    return tuple(Right(tenancy.reservation, Act.COLLECT) for tenancy in members)


def _against(right: Right, showing: Showing, known: Known, at: Instant) -> Reason | None:
    """Series, and what the manifest says against the right."""
    if right.act is Act.SERVICE:
        return None
    entries = known.manifest.entries
    if showing.series is not None:
        lowest = known_series(right, known.ledger, known.tenancies, entries)
        if showing.series < lowest:
            return Reason.SUPERSEDED
        if showing.series > lowest + MOST_JUMP:
            return Reason.SERIES_JUMP
    entry = entries.get(right.subject)
    if entry is not None:
        if right.act in entry.revoked:
            return Reason.REVOKED
        if right.act in entry.suspended:
            return Reason.SUSPENDED
    if right.act is Act.COLLECT and known.manifest.refuse_overdue:
        tenancy = known.tenancies.get(right.subject)
        if tenancy is not None and not tenancy.ended and 0 < tenancy.collect_until <= at.time - at.leeway_s:
            return Reason.OVERDUE
    return None


def listed(index: int | None, known: Known) -> Reason | None:
    """Say what the status list has against a token. An index beyond its end is never taken for valid (ACC-49).

    Args:
        index: The token's place in the list; nothing where no token was shown.
        known: What this bank knows; without a list nothing stands against anybody.
    """
    status = known.status
    if index is None or status is None:
        return None
    try:
        value = status.statuses[index]
    except IndexError:
        return Reason.BAD_CLAIMS
    if value == Status.VALID:
        return None
    return Reason.SUSPENDED if value == Status.SUSPENDED else Reason.REVOKED


def _spent(right: Right, known: Known, at: Instant) -> Reason | None:
    """One-time use, and whether there is anything to use it on."""
    row = known.ledger.get(right)
    if row is not None and row.state is LedgerState.SPENT:
        return None if row.grace_until > at.time else Reason.USED
    if row is not None and row.state is LedgerState.RETIRED:
        return Reason.REVOKED if is_held(right, known) else Reason.NO_PARCEL
    if right.act in (Act.COLLECT, Act.RECALL) and not is_held(right, known):
        return Reason.NO_PARCEL
    return None


def _unsupported(right: Right, showing: Showing, known: Known, at: Instant) -> Refused | None:
    """What a doubtful clock, a stale list or a lapsed key set leave standing: only parcels that are known here."""
    supported = right.act in (Act.COLLECT, Act.RECALL)
    by_token = showing.status_index is not None
    reason = None
    if right.act is Act.DEPOSIT and known.manifest.emptying:
        reason = Reason.EMPTYING
    elif supported:
        pass
    elif at.suspect and not showing.command:
        reason = Reason.CLOCK_SUSPECT
    elif by_token and is_stale(known, at):
        reason = Reason.STATUS_STALE
    elif by_token and at.time - at.leeway_s >= known.key_set.exp:
        reason = Reason.KEY_SET_EXPIRED
    if reason is None:
        remote = showing.form is Form.REMOTE and not showing.presence
        if too_many(known.openings, known.limits, now=at.time, remote=remote, doors=known.site.doors):
            reason = Reason.OPENING_LIMIT
    return _refused(reason, showing) if reason else None


def is_stale(known: Known, at: Instant) -> bool:
    """Say whether the status list is past its end, or has never come."""
    return known.status is None or at.time - at.leeway_s >= known.status.exp


def _granted(rights: tuple[Right, ...], showing: Showing, known: Known, at: Instant) -> Granted:
    doubts = set()
    if at.suspect:
        doubts.add(Doubt.CLOCK_SUSPECT)
    if showing.status_index is not None and is_stale(known, at):
        doubts.add(Doubt.STATUS_STALE)
    return Granted(
        rights=rights,
        form=showing.form,
        series=showing.series or 0,
        jti=showing.jti,
        iat=showing.iat,
        keep_until=max(showing.exp, at.time) + KEEP_S,
        terms=showing.terms,
        parcels=showing.parcels,
        compartment=showing.compartment,
        session=showing.session,
        command=showing.command,
        presence=showing.presence,
        from_token_alone=showing.act is Act.DEPOSIT and showing.subject not in known.manifest.entries,
        doubts=frozenset(doubts),
    )


def _refused(reason: Reason, showing: Showing) -> Refused:
    reservation = "" if showing.act is Act.SERVICE or len(showing.subject) == GROUP_CHARS else showing.subject
    return Refused(reason, showing.form, reservation)
