"""The verdict over a command that asks for a door: the same right, the same ledger, a tighter limit (ACC-70)."""

from interlock.access_token import Act
from interlock_edge.access.admission import Showing, admit
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known
from interlock_edge.access.refusal import Refused
from interlock_edge.clock import Instant
from interlock_edge.custody.right import Form, Right


def command_verdict(
    command: str, right: Right, known: Known, at: Instant, *, series: int, presence: str = ""
) -> Granted | Refused:
    """Judge a command to open the door of a right.

    Args:
        command: Its id.
        right: Whose door.
        known: What this bank knows.
        at: The clock.
        series: The series of the right that the gateway goes by.
        presence: How it was shown that somebody stands there; empty if it was not.
    """
    terms = None
    if right.act is Act.DEPOSIT:
        entry = known.manifest.entries.get(right.subject)
        terms = entry.terms if entry else None
    showing = Showing(
        act=right.act,
        subject=right.subject,
        form=Form.REMOTE,
        series=series,
        terms=terms,
        command=command,
        presence=presence,
    )
    return admit(showing, known, at)


def operators_grant(command: str, compartment: str, at: Instant) -> Granted:
    """Return the yes to an operator's command for one compartment: service, under the limit on remote openings.

    Who may give it was the gateway's to check; that it opens no more than a few doors is the bank's.
    """
    return Granted(
        rights=(Right(command, Act.SERVICE),),
        form=Form.REMOTE,
        keep_until=at.time + 86_400,
        compartment=compartment,
        command=command,
    )
