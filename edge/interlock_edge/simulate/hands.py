# ruff: noqa: N802  the contract names the methods
"""``HandsService``: what people, cables and broken locks do to the simulated bank; on loopback alone."""

import asyncio
import ipaddress
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import grpc

from interlock.testing.v1 import hands_service_pb2 as pb
from interlock.testing.v1 import hands_service_pb2_grpc
from interlock_edge.agent.agent import NotOffered
from interlock_edge.drivers.simulated import CannotBeDoneError
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.simulate import doings
from interlock_edge.simulate.doings import NoSuchError
from interlock_edge.simulate.scene import scene_of
from interlock_edge.simulate.table import PowerIsCutError, Table

Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

MOST_SCAN = 4_096
MOST_ADVANCE_MS = 34_560_000_000
WATCH_S = 0.1
_PIN = re.compile("[0-9]{1,12}", re.ASCII)


class NotLoopbackError(ValueError):
    """The hands would be open to other machines."""


def loopback(address: str) -> str:
    """Return ``address`` if only this machine can reach it.

    Raises:
        NotLoopbackError: others could; hands open doors without any right.
    """
    host, _, port = address.rpartition(":")
    try:
        fine = ipaddress.ip_address(host.strip("[]")).is_loopback and port.isdecimal()
    except ValueError:
        fine = False
    if not fine:
        raise NotLoopbackError(
            f"{address} is no loopback address. Hands open doors without any right, so they are for this machine "
            "alone: say 127.0.0.1:PORT."
        )
    return address


class Hands(hands_service_pb2_grpc.HandsServiceServicer):
    """The hands at one table, one at a time."""

    def __init__(self, table: Table, catalogue: Catalogue) -> None:
        """Take a table and the screen's language."""
        self._table, self._catalogue = table, catalogue
        self._one = asyncio.Lock()
        self._seen = pb.Scene()
        self._version = 0

    async def Scan(self, request: pb.ScanRequest, context: Context) -> pb.ScanResponse:
        """Hold a code before the scanner."""

        async def scan() -> None:
            doings.hold(1 <= len(request.text) <= MOST_SCAN, "text has 1 to 4096 characters")
            await self._table.running().scan(request.text)

        return pb.ScanResponse(scene=await self._do(context, scan))

    async def TypePin(self, request: pb.TypePinRequest, context: Context) -> pb.TypePinResponse:
        """Type a PIN."""

        async def type_pin() -> None:
            doings.hold(_PIN.fullmatch(request.pin) is not None, "pin has 1 to 12 digits")
            await self._table.running().type_pin(request.pin)

        return pb.TypePinResponse(scene=await self._do(context, type_pin))

    async def Choose(self, request: pb.ChooseRequest, context: Context) -> pb.ChooseResponse:
        """Touch a choice."""

        async def choose() -> None:
            await self._table.running().choose(request.choice)

        return pb.ChooseResponse(scene=await self._do(context, choose))

    async def OpenDoor(self, request: pb.OpenDoorRequest, context: Context) -> pb.OpenDoorResponse:
        """Pull a door, or break it open."""
        done = self._now(lambda: doings.pull(self._table, request.compartment, force=request.force))
        return pb.OpenDoorResponse(scene=await self._do(context, done))

    async def CloseDoor(self, request: pb.CloseDoorRequest, context: Context) -> pb.CloseDoorResponse:
        """Push a door shut."""
        done = self._now(lambda: self._table.doors.close(doings.label(self._table, request.compartment)))
        return pb.CloseDoorResponse(scene=await self._do(context, done))

    async def PutParcel(self, request: pb.PutParcelRequest, context: Context) -> pb.PutParcelResponse:
        """Put something in."""
        done = self._now(lambda: doings.put(self._table, request))
        return pb.PutParcelResponse(scene=await self._do(context, done))

    async def TakeParcel(self, request: pb.TakeParcelRequest, context: Context) -> pb.TakeParcelResponse:
        """Take something out."""
        taken: list[str] = []
        done = self._now(lambda: taken.extend(doings.take(self._table, request)))
        return pb.TakeParcelResponse(scene=await self._do(context, done), taken=taken)

    async def SetFault(self, request: pb.SetFaultRequest, context: Context) -> pb.SetFaultResponse:
        """Break or mend a compartment."""
        done = self._now(lambda: doings.break_(self._table, request))
        return pb.SetFaultResponse(scene=await self._do(context, done))

    async def SetNetwork(self, request: pb.SetNetworkRequest, context: Context) -> pb.SetNetworkResponse:
        """Cut or restore the cable."""
        scene = await self._do(context, lambda: self._table.cut_network(cut=request.cut))
        return pb.SetNetworkResponse(scene=scene)

    async def SetPower(self, request: pb.SetPowerRequest, context: Context) -> pb.SetPowerResponse:
        """Pull the plug, or put it back."""

        async def plug() -> None:
            if request.cut:
                await self._table.pull_plug()
            else:
                await self._table.plug_in()

        return pb.SetPowerResponse(scene=await self._do(context, plug))

    async def SetClock(self, request: pb.SetClockRequest, context: Context) -> pb.SetClockResponse:
        """Set the battery clock."""

        async def set_clock() -> None:
            doings.hold(request.HasField("time"), "time is needed")
            await self._table.set_clock(request.time.seconds)

        return pb.SetClockResponse(scene=await self._do(context, set_clock))

    async def AdvanceClock(self, request: pb.AdvanceClockRequest, context: Context) -> pb.AdvanceClockResponse:
        """Let time pass."""

        async def advance() -> None:
            ms = request.duration.ToMilliseconds()
            doings.hold(0 < ms <= MOST_ADVANCE_MS, "duration is above 0 and at most 400 days")
            await self._table.advance(ms)

        return pb.AdvanceClockResponse(scene=await self._do(context, advance))

    async def GetScene(self, request: pb.GetSceneRequest, context: Context) -> pb.GetSceneResponse:  # noqa: ARG002
        """Look."""
        return pb.GetSceneResponse(scene=self._look())

    async def WatchScene(
        self,
        request: pb.WatchSceneRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> AsyncIterator[pb.WatchSceneResponse]:
        """Look on until the caller hangs up."""
        seen = 0
        while True:
            scene = self._look()
            if scene.version != seen:
                seen = scene.version
                yield pb.WatchSceneResponse(scene=scene)
            await asyncio.sleep(WATCH_S)

    def _look(self) -> pb.Scene:
        """Return the scene; its version counts the changes, the passing of time apart."""
        scene = scene_of(self._table, self._catalogue)
        still = pb.Scene()
        still.CopyFrom(scene)
        still.ClearField("clock_time")
        if still != self._seen or not self._version:
            self._seen = still
            self._version += 1
        scene.version = self._version
        return scene

    @staticmethod
    def _now(action: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            action()

        return act

    async def _do(self, context: Context, action: Callable[[], Awaitable[object]]) -> pb.Scene:
        """Do one thing, wait until the bank has come to rest, and look."""
        async with self._one:
            try:
                await action()
                self._table.remember()
                if self._table.agent is not None:
                    await self._table.agent.rest()
            except NoSuchError as error:
                await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            except (CannotBeDoneError, NotOffered, PowerIsCutError) as error:
                await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            return self._look()
