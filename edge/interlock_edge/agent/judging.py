"""From what people show to what the attendant is to do: the verdicts, with what one visit adds to them (ACC-62..69)."""

from dataclasses import dataclass, replace

from interlock import barcode
from interlock_edge.access.courier import MenuLine, barcode_verdict, menu, menu_verdict
from interlock_edge.access.grant import Granted
from interlock_edge.access.lockout import Lockout
from interlock_edge.access.pin import pin_verdict
from interlock_edge.access.refusal import Reason, Refused, Told
from interlock_edge.access.verdict import Admitted, verdict
from interlock_edge.agent.knowledge import Knowledge
from interlock_edge.attendant import Decision
from interlock_edge.bank.inputs import SessionBegun, Shown, Tagged
from interlock_edge.bank.state import Bank
from interlock_edge.clock import Instant

LOCKOUT = "lockout"
"""Name of the value in the journal."""


@dataclass
class Judged:
    """What one verdict leaves behind once it is written.

    Attributes:
        told: The one sentence of a no, or nothing.
        iat: When a token with a good signature was issued, or 0.
        lockout: The keypad's state after it, or nothing.
        admitted: The courier who was let in, or nothing.
    """

    told: Told | None = None
    iat: int = 0
    lockout: Lockout | None = None
    admitted: Admitted | None = None


class Judging:
    """Judges; remembers the keypad's lock-out and who the courier is."""

    def __init__(self, lockout: Lockout) -> None:
        """Begin with the lock-out that the journal kept."""
        self.lockout = lockout
        self._admitted: Admitted | None = None
        self._last = Judged()

    def begin(self) -> Judged:
        """Begin one verdict; return what it will leave behind. One at a time."""
        self._last = Judged()
        return self._last

    def keep(self, judged: Judged) -> None:
        """Take over what was written."""
        self.lockout = judged.lockout or self.lockout
        self._admitted = judged.admitted or self._admitted

    def scan(self, text: str, knowledge: Knowledge, bank: Bank, at: Instant) -> Decision:
        """Judge a scan: a token, a courier's session, or within one a parcel's barcode or its new tag."""
        known, session = knowledge.known(bank), self._session(bank)
        if bank.to_tag and not text.startswith("ey"):
            key = knowledge.barcode_keys()[knowledge.configuration.barcode_key_version or 1]
            return Decision(Tagged(barcode.entry(key, text.encode())))
        answer = verdict(text, known, at, session=session.jti if session else "")
        if session is not None and isinstance(answer, Refused) and answer.reason is Reason.MALFORMED:
            answer = barcode_verdict(text.encode(), session, known, at, barcode_keys=knowledge.barcode_keys())
        if isinstance(answer, Admitted):
            self._last.iat, self._last.admitted = answer.iat, answer
            return Decision(SessionBegun(answer.jti, answer.carrier, answer.until))
        return self._decision(answer)

    def typed(self, digits: str, knowledge: Knowledge, bank: Bank, at: Instant) -> Decision:
        """Judge a PIN. The lock-out after it is written before the person is told anything."""
        judged = pin_verdict(digits, knowledge.known(bank), at, pin_keys=knowledge.pin_keys(bank), lockout=self.lockout)
        decision = self._decision(judged.answer)
        kept = ((LOCKOUT, judged.lockout.to_text()),) if judged.lockout != self.lockout else ()
        self._last.lockout = judged.lockout
        return replace(decision, facts=judged.facts, kept=kept)

    def lines(self, knowledge: Knowledge, bank: Bank) -> dict[str, MenuLine]:
        """Return the courier's menu: what can be taken out here, by key."""
        session = self._session(bank)
        if session is None or bank.opening is not None:
            return {}
        return {f"take.{line.right.subject}": line for line in menu(session, knowledge.known(bank))}

    def line(self, key: str, knowledge: Knowledge, bank: Bank, at: Instant) -> Decision:
        """Judge a line of the menu."""
        session, found = self._session(bank), self.lines(knowledge, bank).get(key)
        if session is None or found is None:
            return Decision()
        return self._decision(menu_verdict(found, session, knowledge.known(bank), at))

    def _session(self, bank: Bank) -> Admitted | None:
        """Return the courier's admission as long as the machine has the session open."""
        admitted = self._admitted
        live = admitted is not None and bank.session is not None and bank.session.jti == admitted.jti
        return admitted if live else None

    def _decision(self, answer: Granted | Refused) -> Decision:
        if isinstance(answer, Granted):
            self._last.iat = answer.iat
            return Decision(Shown(answer))
        self._last.told = answer.told
        return Decision(facts=answer.facts)
