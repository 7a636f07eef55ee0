"""The machine: one input after another, each with the reading of the clock, and what follows from it.

``step`` is total and raises nothing for any input that a verdict has let by. If the first ``Persist`` of a step fails,
the caller keeps the old state: the step has not happened. Door readings are fed again and again, so nothing that a
full disk refused is lost; it is decided at a later reading.
"""

from dataclasses import replace

from interlock.access_token import Act
from interlock_edge.bank import closing, opening, sequence, showing, survey, upkeep
from interlock_edge.bank.effects import Alert, Effect, Screen
from interlock_edge.bank.inputs import (
    Choice,
    Chosen,
    ClockMoved,
    Input,
    ManifestSet,
    OpenAsked,
    Pulsed,
    Read,
    Reported,
    ServiceSet,
    SessionBegun,
    Shown,
    Tagged,
    Tick,
)
from interlock_edge.bank.state import Bank, Opening, Phase, Question, Session
from interlock_edge.bank.turn import Turn
from interlock_edge.clock import Instant


def step(bank: Bank, event: Input, now: Instant) -> tuple[Bank, tuple[Effect, ...]]:
    """Take in ``event`` at ``now``; return the state after it and the effects, to be carried out in their order."""
    turn = Turn(bank, now)
    match event:
        case Shown(grant):
            showing.shown(turn, grant)
        case OpenAsked():
            showing.open_asked(turn, event)
        case Pulsed(compartment, refusal):
            if not refusal:
                opening.pulse_taken(turn, compartment)
        case Read(readings):
            survey.read(turn, readings)
        case Tick():
            _tick(turn)
        case Chosen():
            _chosen(turn, event)
        case _:
            _beside_the_doors(turn, event)
    return turn.finish()


def next_wake(bank: Bank, now: Instant) -> int | None:
    """Return the reading of the monotonic clock, in ms, at which a ``Tick`` is due; nothing when none is."""
    policy = bank.policy
    due = [question.closed_ms + _silence_ms(bank, question) for question in bank.questions.values()]
    if bank.opening is not None:
        due.append(_opening_due(bank, bank.opening))
    elif bank.session is not None:
        due.append(min(bank.session.used_ms + policy.session_idle_ms, now.ms + (bank.session.until - now.time) * 1_000))
    due += [
        now.ms + max(tenancy.grace_until - now.time, 0) * 1_000 for tenancy in bank.tenancies.values() if tenancy.ended
    ]
    return min(due, default=None)


def _beside_the_doors(
    turn: Turn, event: SessionBegun | Tagged | Reported | ServiceSet | ManifestSet | ClockMoved
) -> None:
    match event:
        case SessionBegun(jti, carrier, until):
            turn.set(session=Session(jti, carrier, until, turn.now.ms))
            turn.show(Screen.SESSION)
        case Tagged(tag):
            upkeep.tagged(turn, tag)
        case Reported():
            upkeep.reported(turn, event)
        case ServiceSet():
            upkeep.service_set(turn, event)
        case ManifestSet():
            upkeep.manifest_set(turn, event)
        case ClockMoved():
            upkeep.clock_moved(turn, event)


def _tick(turn: Turn) -> None:
    bank, now = turn.bank, turn.now
    if bank.opening is not None and now.ms >= _opening_due(bank, bank.opening):
        _opening_waited(turn, bank.opening)
    for question in tuple(turn.bank.questions.values()):
        if now.ms >= question.closed_ms + _silence_ms(turn.bank, question):
            closing.silent(turn, question)
    session = turn.bank.session
    if session is not None and turn.bank.opening is None:
        idle = now.ms >= session.used_ms + turn.bank.policy.session_idle_ms
        if idle or now.time >= session.until:
            upkeep.session_over(turn)
    upkeep.sweep(turn)


def _opening_waited(turn: Turn, waiting: Opening) -> None:
    if waiting.phase is not Phase.OPEN:
        sequence.try_again_or_jam(turn, waiting)
        return
    turn.set_opening(replace(waiting, warned=waiting.warned + 1))
    match waiting.warned:
        case 0:
            turn.show(Screen.CLOSE_DOOR, waiting.compartment)
        case 1:
            turn.alarm(Alert.DOOR_REMINDER, waiting.compartment)
        case 2:
            turn.alarm(Alert.DOOR_OPEN_LONG, waiting.compartment)
        case _:
            closing.left_open(turn, waiting)


def _chosen(turn: Turn, said: Chosen) -> None:
    bank = turn.bank
    if bank.session is not None:
        turn.set(session=replace(bank.session, used_ms=turn.now.ms))
    if bank.opening is not None:
        if bank.opening.phase is Phase.OPEN and said.choice not in (Choice.FINISH, Choice.OPEN_AGAIN):
            turn.set_opening(replace(bank.opening, said=said))
            turn.show(Screen.CLOSE_DOOR, bank.opening.compartment)
        return
    if said.choice is Choice.FINISH:
        turn.set(queue=())
        if bank.session is not None:
            upkeep.session_over(turn)
        turn.show(Screen.WELCOME)
        return
    newest = max(bank.questions.values(), key=lambda question: question.closed_ms, default=None)
    if newest is not None:
        closing.answer(turn, newest, said)


def _opening_due(bank: Bank, waiting: Opening) -> int:
    policy = bank.policy
    if waiting.phase is not Phase.OPEN:
        return waiting.pulsed_ms + policy.open_wait_ms
    warnings = (policy.remind_ms, policy.beep_ms, policy.alarm_ms, policy.left_open_ms)
    return waiting.opened_ms + warnings[min(waiting.warned, len(warnings) - 1)]


def _silence_ms(bank: Bank, question: Question) -> int:
    policy = bank.policy
    return policy.deposit_silence_ms if question.right.act is Act.DEPOSIT else policy.collect_silence_ms
