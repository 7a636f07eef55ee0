"""The numbers that a bank goes by. Every one can be set; these are the protocol's defaults."""

from dataclasses import dataclass, field

from interlock_edge.custody.manifest import OpeningLimits


@dataclass(frozen=True, slots=True)
class Policy:
    """Times and limits of one bank (ACC-54, ACC-57, EVD-5).

    Attributes:
        open_wait_ms: A pulsed door that has not opened by then is pulsed again, or has jammed.
        pulse_spacing_ms: Least time between two pulses of one lock; its coil must cool.
        pulses_max: Pulses in one attempt.
        attempt_s: How long an attempt lasts, from its first pulse; before its end a jammed door is not tried again.
        grace_s: How long a spent right opens its door again.
        long_grace_s: The same after a collection that no sensor saw.
        deposit_silence_ms: Silence that makes a deposit.
        collect_silence_ms: Silence that makes a collection.
        remind_ms: When the screen reminds of the open door.
        beep_ms: When the bank beeps.
        alarm_ms: When the operator is told.
        left_open_ms: When the door counts as left open and its fact is recorded.
        session_idle_ms: When a courier's menu closes by itself.
        recovery_s: Two power cuts at one door within this time, and it is distrusted.
        limits: How many openings are allowed.
    """

    open_wait_ms: int = 5_000
    pulse_spacing_ms: int = 2_000
    pulses_max: int = 3
    attempt_s: int = 120
    grace_s: int = 60
    long_grace_s: int = 86_400
    deposit_silence_ms: int = 120_000
    collect_silence_ms: int = 600_000
    remind_ms: int = 20_000
    beep_ms: int = 60_000
    alarm_ms: int = 120_000
    left_open_ms: int = 600_000
    session_idle_ms: int = 60_000
    recovery_s: int = 600
    limits: OpeningLimits = field(default_factory=OpeningLimits)
