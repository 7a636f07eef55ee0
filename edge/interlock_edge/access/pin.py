"""The verdict over eight typed digits: whose PIN is it, by the verifiers that this bank holds (ACC-68).

A verifier comes in the manifest, or in a depositor's token; so a bank that was never told of a parcel still serves a
person with nothing but a PIN.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interlock import pin
from interlock.access_token import Act
from interlock_edge.access.admission import Showing, admit
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Known
from interlock_edge.access.lockout import Lockout
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.clock import Instant
from interlock_edge.custody.fact import KeypadLocked, Tampering, TamperSeen, TelemetryBody
from interlock_edge.custody.right import Form
from interlock_edge.custody.terms import PinVerifier


@dataclass(frozen=True, slots=True)
class PinVerdict:
    """The answer to a PIN. The lock-out and the facts are written before the person is told anything.

    Attributes:
        answer: Yes or no.
        lockout: The keypad's state after it.
        facts: What to record.
    """

    answer: Granted | Refused
    lockout: Lockout
    facts: tuple[TelemetryBody, ...] = ()


def pin_verdict(
    typed: str, known: Known, at: Instant, *, pin_keys: Mapping[int, bytes], lockout: Lockout
) -> PinVerdict:
    """Judge what was typed.

    Args:
        typed: Whatever the keypad delivered.
        known: What this bank knows.
        at: The clock.
        pin_keys: The bank's PIN keys by version; old ones as long as verifiers under them live.
        lockout: The keypad's state.
    """
    if lockout.locked(at.time):
        return PinVerdict(Refused(Reason.LOCKED_OUT, Form.PIN), lockout)
    found = list(_matching(typed, known, pin_keys))
    if not found:
        return _wrong(at, lockout)
    answers = [admit(_showing(verifier), known, at) for verifier in found]
    answer = next((answer for answer in answers if isinstance(answer, Granted)), answers[0])
    return PinVerdict(answer, lockout, answer.facts if isinstance(answer, Refused) else ())


def _wrong(at: Instant, lockout: Lockout) -> PinVerdict:
    refused = Refused(Reason.WRONG_PIN, Form.PIN)
    after = lockout.after_wrong(at.time)
    facts: list[TelemetryBody] = [*refused.facts]
    if after.locked(at.time):
        facts.append(KeypadLocked(after.locked_until, len(after.recent)))
    if after.guessing(at.time):
        facts.append(TamperSeen(Tampering.PIN_GUESSING))
    return PinVerdict(refused, after, tuple(facts))


def _showing(verifier: PinVerifier) -> Showing:
    return Showing(act=Act.COLLECT, subject=verifier.subject, form=Form.PIN, series=verifier.series)


def _matching(typed: str, known: Known, pin_keys: Mapping[int, bytes]) -> Iterator[PinVerifier]:
    """Yield every verifier that fits. All are tried, so the time taken tells nothing."""
    fits = []
    for verifier in dict.fromkeys(_verifiers(known)):
        key = pin_keys.get(verifier.key_version)
        if key is not None and pin.matches(
            verifier.digest,
            key,
            audience=known.site.audience,
            subject=verifier.subject,
            series=verifier.series,
            pin=typed,
        ):
            fits.append(verifier)
    yield from fits


def _verifiers(known: Known) -> Iterable[PinVerifier]:
    for tenancy in known.tenancies.values():
        yield from tenancy.pins
    for entry in known.manifest.entries.values():
        yield from entry.pins
