"""The verdict over whatever was held before the scanner: nine steps, one pure function (ACC-62).

Steps 1 to 5 (form, header, key, signature, claims) are the network's text forms and live in the SDK; 6 is who and when;
7 to 9 are what this bank knows of the right. Nothing is fetched, nothing is written, nothing is raised.
"""

from dataclasses import dataclass, replace

from interlock import presented
from interlock.access_token import AccessToken, Act
from interlock.flaws import Flaw, Flawed
from interlock.session_token import SessionToken
from interlock_edge.access.admission import Showing, admit, is_held, is_stale, listed
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.clock import Instant
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import StayTerms

_REASONS = {
    Flaw.HEADER: Reason.BAD_HEADER,
    Flaw.TYPE: Reason.BAD_HEADER,
    Flaw.KEY_UNKNOWN: Reason.UNKNOWN_KEY,
    Flaw.ALGORITHM: Reason.BAD_SIGNATURE,
    Flaw.SIGNATURE: Reason.BAD_SIGNATURE,
    Flaw.CLAIM: Reason.BAD_CLAIMS,
}
"""What is not here never came as far as being believed: MALFORMED."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A courier is let to the menu; no door is.

    Attributes:
        jti: The session's.
        carrier: Party id of the courier's carrier.
        acts: What the courier may do.
        iat: When the session was issued; the clock is pulled up to it.
        until: When it ends, exclusive, unix seconds.
    """

    jti: str
    carrier: str
    acts: frozenset[Act]
    iat: int
    until: int


def verdict(text: str, known: Known, at: Instant, *, session: str = "") -> Granted | Admitted | Refused:
    """Judge what was scanned.

    Args:
        text: Whatever the scanner delivered.
        known: What this bank knows.
        at: The clock.
        session: ``jti`` of the courier session that the scan was made in, or empty.

    Returns:
        A yes to a right, a yes to a courier's menu, or a no. Never raises, whatever ``text`` is.
    """
    try:
        token = presented.read(text, known.keys)
    except Flawed as flawed:
        return Refused(_REASONS.get(flawed.flaw, Reason.MALFORMED), Form.QR)
    subject = token.sub if isinstance(token, AccessToken) and token.act is not Act.SERVICE else ""
    key = known.key_set.keys[token.kid]
    if token.iss != known.site.network or not key.nbf <= token.iat < key.exp:
        return Refused(Reason.BAD_CLAIMS, Form.QR, subject)
    if token.aud != known.site.audience:
        return Refused(Reason.WRONG_BANK, Form.QR)
    at = _not_before_issue(at, token.iat)
    if token.nbf > at.time + at.leeway_s:
        return Refused(Reason.NOT_YET, Form.QR, subject)
    over = token.exp < at.time if at.suspect else token.exp <= at.time - at.leeway_s
    if isinstance(token, SessionToken):
        return _session(token, known, at, over=over)
    if over and not (token.act in (Act.COLLECT, Act.RECALL) and _outlives_its_end(token, known)):
        return Refused(Reason.EXPIRED, Form.QR, subject)
    terms = None if token.dep is None else StayTerms.of_token(token.sub, token.dep)
    if terms is not None and not known.site.hand_over.issuperset(terms.hand_over):
        return Refused(Reason.BAD_CLAIMS, Form.QR, subject)
    showing = Showing(
        act=token.act,
        subject=token.jti if token.act is Act.SERVICE else token.sub,
        form=Form.QR,
        series=token.ser,
        jti=token.jti,
        iat=token.iat,
        exp=token.exp,
        status_index=token.sl,
        terms=terms,
        compartment=token.cmp or "",
        session=session,
    )
    return admit(showing, known, at)


def _not_before_issue(at: Instant, iat: int) -> Instant:
    """A verified signature proves that its time has come: if this clock says otherwise, this clock is wrong."""
    if iat <= at.time:
        return at
    return replace(at, time=iat, suspect=at.suspect or iat > at.time + at.leeway_s)


def _outlives_its_end(token: AccessToken, known: Known) -> bool:
    """Say whether an ended token still counts: its parcel is inside, and the operator does not refuse the overdue."""
    if known.manifest.refuse_overdue:
        return False
    if is_held(Right(token.sub, token.act), known):
        return True
    return any(tenancy.group == token.sub and not tenancy.ended for tenancy in known.tenancies.values())


def _session(token: SessionToken, known: Known, at: Instant, *, over: bool) -> Admitted | Refused:
    reason = None
    if over:
        reason = Reason.EXPIRED
    elif is_stale(known, at):
        reason = Reason.STATUS_STALE
    elif at.time - at.leeway_s >= known.key_set.exp:
        reason = Reason.KEY_SET_EXPIRED
    else:
        reason = listed(token.sl, known)
    if reason is not None:
        return Refused(reason, Form.QR)
    return Admitted(jti=token.jti, carrier=token.sub, acts=token.acts, iat=token.iat, until=token.exp)
