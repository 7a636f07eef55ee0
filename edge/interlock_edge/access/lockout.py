"""The lock-out of one kiosk's keypad: slow enough for guessing to be hopeless, kept over a pulled plug (ACC-67).

Eight digits, 60 live PINs and 40 tries a day give a guesser one hit in 1,100 years. A right code does not reset the
count, or a guesser with one parcel of their own would type it in between. A QR code is never locked out.
"""

import json
from dataclasses import asdict, dataclass, replace

STEP = 5
"""Wrong PINs from one lock-out to the next, longer one."""
LOCKED_S = (60, 300, 900, 3_600)
DECAY_S = 600
"""One wrong PIN is forgiven after so long."""
HOUR_S = 3_600
TAMPER_AN_HOUR = 20


@dataclass(frozen=True, slots=True)
class Lockout:
    """The state of one keypad.

    Attributes:
        wrong: Wrong PINs not forgiven yet.
        forgiven_time: From when on the next one is being forgiven, unix seconds.
        locked_until: Until when nothing is taken, exclusive, unix seconds.
        recent: When the wrong PINs of the last hour were typed, oldest first.
    """

    wrong: int = 0
    forgiven_time: int = 0
    locked_until: int = 0
    recent: tuple[int, ...] = ()

    def locked(self, now: int) -> bool:
        """Say whether the keypad is locked. A clock that was set back cannot lock it for longer than its step."""
        return now < self.locked_until <= now + LOCKED_S[-1]

    def guessing(self, now: int) -> bool:
        """Say whether so many wrong PINs came within the hour that somebody is guessing."""
        return sum(time > now - HOUR_S for time in self.recent) >= TAMPER_AN_HOUR

    def after_wrong(self, now: int) -> "Lockout":
        """Count one more wrong PIN."""
        calm = self._forgiven(now)
        wrong = calm.wrong + 1
        recent = (*(time for time in calm.recent if time > now - HOUR_S), now)[-TAMPER_AN_HOUR:]
        counted = replace(calm, wrong=wrong, recent=recent)
        if wrong % STEP:
            return counted
        until = now + LOCKED_S[min(wrong // STEP, len(LOCKED_S)) - 1]
        # Time spent locked forgives nothing, or the ladder would never be climbed.
        return replace(counted, locked_until=until, forgiven_time=until)

    def _forgiven(self, now: int) -> "Lockout":
        """Let go of one wrong PIN for every ten minutes that have passed."""
        if self.wrong == 0 or now < self.forgiven_time - LOCKED_S[-1]:  # nothing to forgive, or a clock set far back
            return replace(self, forgiven_time=now)
        steps = max(now - self.forgiven_time, 0) // DECAY_S
        return replace(self, wrong=max(self.wrong - steps, 0), forgiven_time=self.forgiven_time + steps * DECAY_S)

    def to_text(self) -> str:
        """Write what the journal keeps."""
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str | None) -> "Lockout":
        """Read what ``to_text`` wrote; nothing kept means nothing wrong yet."""
        if text is None:
            return cls()
        said = json.loads(text)
        return cls(said["wrong"], said["forgiven_time"], said["locked_until"], tuple(said["recent"]))
