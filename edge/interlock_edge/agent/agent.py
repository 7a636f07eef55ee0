"""The agent: takes what people, doors, time and the gateway bring, and has the attendant act on it."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog

from interlock.keys import PrivateKey
from interlock_edge.access.lockout import Lockout
from interlock_edge.agent import choices, screen
from interlock_edge.agent.judging import LOCKOUT, Judging
from interlock_edge.agent.knowledge import Knowledge
from interlock_edge.agent.time import Moved, Timekeeper
from interlock_edge.attendant import Attendant, Decision
from interlock_edge.bank.effects import Alarm, Show
from interlock_edge.bank.inputs import ClockMoved, Input, ManifestSet, Tick
from interlock_edge.bank.machine import next_wake
from interlock_edge.bank.state import Bank
from interlock_edge.clock import Instant
from interlock_edge.custody.change import RESULTS_KEPT, Change, CommandResult
from interlock_edge.custody.fact import Fact, HandOver, Lane
from interlock_edge.custody.manifest import HandedDown
from interlock_edge.drivers.port import LockBus
from interlock_edge.journal.database import JournalFullError
from interlock_edge.journal.journal import Journal
from interlock_edge.journal.written import Chained, Told

POLL_S = 0.08
WELCOME_AFTER_MS = 20_000
PRESENCE_MS = 120_000
PRUNE_MS = 86_400_000
KEEP_ACKNOWLEDGED_S = 30 * 86_400
TELEMETRY_KEPT = 50_000

_log = structlog.get_logger("interlock.edge")


class NotOffered(Exception):
    """The choice does not stand on the screen."""


class Agent:
    """One bank, running.

    Attributes:
        boot_id: This life.
        key: The bank's own.
        knowledge: What the gateway has told.
        journal: Its memory.
        standing: What stands on the screen.
        results: Results of commands that the link has not sent yet.
        linked: The link is up.
    """

    def __init__(
        self,
        bank: Bank,
        *,
        key: PrivateKey,
        knowledge: Knowledge,
        journal: Journal,
        bus: LockBus,
        timekeeper: Timekeeper,
    ) -> None:
        """Take over the doors; use ``interlock_edge.agent.opening`` to come by the parts."""
        self.boot_id, self.key, self.knowledge, self.journal = bank.boot_id, key, knowledge, journal
        self.timekeeper = timekeeper
        self.standing = screen.Standing()
        self.results: deque[CommandResult] = deque(maxlen=RESULTS_KEPT)
        self.linked = False
        self._judging = Judging(Lockout.of_text(journal.kept(LOCKOUT)))
        self._receipt = ""
        self._presence = ("", 0)
        self._pruned_ms = 0
        self._judged_one = asyncio.Lock()
        self._listeners: set[Callable[[], None]] = set()
        self._attendant = Attendant(bank, store=journal, bus=bus, listener=self, now=timekeeper.now)

    @property
    def bank(self) -> Bank:
        """The state of the doors."""
        return self._attendant.bank

    def now(self) -> Instant:
        """Read the clock."""
        return self.timekeeper.now()

    # People.

    async def scan(self, text: str) -> None:
        """Take in what the scanner read."""
        self._receipt = ""
        await self._decide(lambda bank, at: self._judging.scan(text, self.knowledge, bank, at))

    async def type_pin(self, typed: str) -> None:
        """Take in what was typed on the keypad."""
        self._receipt = ""
        await self._decide(lambda bank, at: self._judging.typed(typed, self.knowledge, bank, at))

    def choices(self) -> tuple[str, ...]:
        """Return the keys of the choices that stand on the screen."""
        return (*choices.choices(self.bank), *self._judging.lines(self.knowledge, self.bank))

    async def choose(self, key: str) -> None:
        """Take in a choice.

        Raises:
            NotOffered: it does not stand on the screen.
        """
        offered = choices.choices(self.bank)
        if key in offered:
            await self.take(offered[key])
        elif key in self._judging.lines(self.knowledge, self.bank):
            await self._decide(lambda bank, at: self._judging.line(key, self.knowledge, bank, at))
        else:
            raise NotOffered(f"{key} is not offered now.")

    def keypad_locked(self) -> bool:
        """Say whether the keypad takes no PIN at present."""
        return self._judging.lockout.locked(self.now().time)

    def presence_code(self) -> str:
        """Return the six digits that prove to an app's gateway that somebody stands here; new every two minutes."""
        code, since = self._presence
        ms = self.now().ms
        if not code or ms >= since + PRESENCE_MS:
            self._presence = (f"{secrets.randbelow(10**6):06}", ms)
        return self._presence[0]

    def use_presence_code(self, code: str) -> bool:
        """Say whether ``code`` stands on the screen; it can be used once."""
        fits = secrets.compare_digest(code.encode(), self.presence_code().encode())
        if fits:
            self._presence = ("", 0)
        return fits

    # The gateway.

    async def take(self, event: Input) -> None:
        """Take in one input and see it through."""
        await self._attendant.take(event)

    async def tell(self, told: Told, handed_down: tuple[HandedDown, ...]) -> None:
        """Check what the gateway told, write it, and have it count.

        Raises:
            Flawed: a signed document is not what it must be; nothing was changed.
            ValueError: a message makes no sense; nothing was changed.
            JournalFullError: it could not be written, or what follows from it for the doors could not; it does not
                count before it is told again, or the agent starts anew.
        """
        after = self.knowledge.after(told, now=self.now().time)
        self.journal.tell(told)
        await self.take(ManifestSet(after.manifest, handed_down))
        if self.bank.manifest is not after.manifest:
            raise JournalFullError("What follows from it for the doors could not be written.")
        self.knowledge = after

    async def clock_moved(self, moved: Moved | None) -> None:
        """Have the doors take in that the time jumped."""
        if moved is not None:
            await self.take(ClockMoved(moved.from_time, moved.to_time, moved.answered))
        self._keep_time()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have ``listener`` called whenever there may be something to send or to show; return what stops it."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    # Time.

    async def start(self) -> None:
        """Take on what is known already, and read the doors."""
        await self.take(ManifestSet(self.knowledge.manifest))
        await self.rest()

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(POLL_S)

    async def beat(self) -> None:
        """Read the doors once and let happen what is due."""
        await self._attendant.poll()
        at = self.now()
        due = next_wake(self.bank, at)
        if due is not None and at.ms >= due:
            await self.take(Tick())
        if self.standing.final and at.ms >= self.standing.since_ms + WELCOME_AFTER_MS:
            self._receipt = ""
            self._stand(screen.Standing(since_ms=at.ms))
        self._keep_time()
        if at.ms >= self._pruned_ms + PRUNE_MS or not self._pruned_ms:
            self._pruned_ms = at.ms or 1
            self._make_room(at)

    async def rest(self) -> None:
        """See everything through that needs no timer: readings settle at the second equal one."""
        for _ in range(3):
            await self.beat()

    # What the attendant tells (``Listener``).

    def show(self, show: Show) -> None:
        """Put a screen up."""
        self._stand(screen.of_show(show, self.now().ms, receipt=self._receipt))

    def alarm(self, alarm: Alarm) -> None:
        """Tell whoever reads the log; the operator learns of it from the facts."""
        _log.warning("alarm", alert=alarm.alert.value, compartment=alarm.compartment)

    def answer(self, result: CommandResult) -> None:
        """Have the link send the result of a command."""
        self.results.append(result)
        self._call()

    def written(self, facts: tuple[Chained, ...]) -> None:
        """Have the link send new facts; keep the receipt of a hand-over for the screen."""
        for chained in facts:
            if isinstance(chained.fact.body, HandOver):
                (sealed,) = self.journal.lanes.facts(Lane.CUSTODY, after=chained.address.number - 1, limit=1)
                self._receipt = sealed.receipt
        if facts:
            self._call()

    async def _decide(self, judge: Callable[[Bank, Instant], Decision]) -> None:
        async with self._judged_one:
            judged = self._judging.begin()
            if not await self._attendant.decide(judge):
                return
            self._judging.keep(judged)
        if judged.told is not None:
            self._stand(screen.of_refusal(judged.told, self.now().ms))
        await self.clock_moved(self.timekeeper.saw(judged.iat))
        await self.rest()

    def _stand(self, standing: screen.Standing) -> None:
        self.standing = standing
        self._call()

    def _call(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _keep_time(self) -> None:
        kept = self.timekeeper.due()
        if kept:
            with suppress(JournalFullError):
                self.journal.write(Change(kept=kept))

    def _make_room(self, at: Instant) -> None:
        with suppress(JournalFullError):
            self.journal.lanes.make_room(Lane.TELEMETRY, keep=TELEMETRY_KEPT, at=at)
            self.journal.lanes.prune(before=at.time - KEEP_ACKNOWLEDGED_S)

    def record(self, fact: Fact) -> None:
        """Write a fact that no input brings: the first of a journal."""
        self.written(self.journal.write(Change(facts=(fact,))))
