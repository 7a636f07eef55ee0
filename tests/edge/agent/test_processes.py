"""A bank in a process of its own, with hands, against a gateway on a socket."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from fake_gateway import FakeGateway
from line import enrolled
from served import Served, serve

from interlock.testing.v1 import hands_service_pb2 as pb
from interlock.testing.v1.hands_service_pb2_grpc import HandsServiceStub

pytestmark = pytest.mark.server
R1 = "abcdefghijklmnop"
TOLD = "parcel_deposited"


@dataclass
class Running:
    """A bank that runs."""

    hands: HandsServiceStub
    served: Served
    process: asyncio.subprocess.Process

    @property
    def gateway(self) -> FakeGateway:
        return self.served.gateway

    async def deposit(self) -> pb.Scene:
        """Deposit a parcel."""
        scene = (await self.hands.Scan(pb.ScanRequest(text=self.gateway.token(R1)))).scene
        label = scene.screen.compartment
        await self.hands.PutParcel(pb.PutParcelRequest(compartment=label, label="red box"))
        return (await self.hands.CloseDoor(pb.CloseDoorRequest(compartment=label))).scene

    async def seen(self, holds: str, *, is_: bool) -> None:
        """Watch the scene until one of its flags is as wanted."""
        async with asyncio.timeout(30):
            async for watched in self.hands.WatchScene(pb.WatchSceneRequest()):
                if getattr(watched.scene, holds) is is_:
                    return


@dataclass
class Started:
    """A process that answers."""

    process: asyncio.subprocess.Process
    ready: dict[str, str]


async def start(directory: Path, *options: str) -> Started:
    """Start a bank, and wait until it answers."""
    ready = directory / "ready.json"
    ready.unlink(missing_ok=True)
    words = ["edge", "simulate", "--directory", str(directory / "bank"), "--ready-file", str(ready), "--retry-s", "0.2"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from interlock.cli import main; main()", *words, *options
    )
    async with asyncio.timeout(30):
        while not ready.exists():
            assert process.returncode is None
            await asyncio.sleep(0.05)
    return Started(process, json.loads(ready.read_text()))


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[Running]:
    gateway = FakeGateway(now=int(time.time()))
    gateway.manifest = gateway.snapshot()
    served, server, address = await serve(gateway)
    started = await start(directory, "--code", gateway.code.text(), "--gateway", address)
    async with grpc.aio.insecure_channel(started.ready["hands"]) as channel:
        bank = Running(HandsServiceStub(channel), served, started.process)
        try:
            await bank.seen("linked", is_=True)
            yield bank
        finally:
            bank.process.terminate()
            ended = await bank.process.wait()
            await server.stop(0)
    assert ended == 0


async def test_a_parcel_goes_in_offline_and_is_told_when_the_cable_is_back(tmp_path: Path) -> None:
    async with running(tmp_path) as bank:
        scene = (await bank.hands.SetNetwork(pb.SetNetworkRequest(cut=True))).scene
        assert not scene.linked
        scene = await bank.deposit()
        assert scene.screen.message_key == "deposited"
        assert scene.screen.qr_text.count(".") == 2
        assert scene.unsent_fact_count > 0
        assert TOLD not in bank.gateway.facts()
        await bank.hands.SetNetwork(pb.SetNetworkRequest(cut=False))
        await bank.served.until(lambda: TOLD in bank.gateway.facts())


async def test_a_pulled_plug_loses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as bank:
        scene = await bank.deposit()
        label = scene.screen.compartment
        scene = (await bank.hands.SetPower(pb.SetPowerRequest(cut=True))).scene
        assert scene.power_cut
        assert not scene.HasField("screen")
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await bank.hands.TypePin(pb.TypePinRequest(pin="12345678"))
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        await bank.hands.SetPower(pb.SetPowerRequest(cut=False))
        scene = (await bank.hands.TypePin(pb.TypePinRequest(pin="12345678"))).scene
        assert (scene.screen.message_key, scene.screen.compartment) == ("take_out", label)
        taken = await bank.hands.TakeParcel(pb.TakeParcelRequest(compartment=label))
        assert list(taken.taken) == ["red box"]
        scene = (await bank.hands.CloseDoor(pb.CloseDoorRequest(compartment=label))).scene
        assert scene.screen.message_key == "collected"


async def test_a_killed_process_finds_its_parcel_again(tmp_path: Path) -> None:
    async with running(tmp_path) as bank:
        label = (await bank.deposit()).screen.compartment
        bank.process.kill()
        await bank.process.wait()
        said = await start(tmp_path)
        async with grpc.aio.insecure_channel(said.ready["hands"]) as channel:
            hands = HandsServiceStub(channel)
            scene = (await hands.TypePin(pb.TypePinRequest(pin="12345678"))).scene
            assert (scene.screen.message_key, scene.screen.compartment) == ("take_out", label)
            assert list((await hands.TakeParcel(pb.TakeParcelRequest(compartment=label))).taken) == ["red box"]
            scene = (await hands.CloseDoor(pb.CloseDoorRequest(compartment=label))).scene
            assert scene.screen.message_key == "collected"
        bank.process = said.process


async def test_a_silent_gateway_is_given_up_and_dialled_again(tmp_path: Path) -> None:
    async with running(tmp_path) as bank:
        before = bank.served.connected
        bank.served.mute = True
        await bank.seen("linked", is_=False)
        bank.served.mute = False
        await bank.seen("linked", is_=True)
        assert bank.served.connected > before


async def test_a_jammed_door_is_passed_over_for_another(tmp_path: Path) -> None:
    async with running(tmp_path) as bank:
        scene = (await bank.hands.GetScene(pb.GetSceneRequest())).scene
        jammed = scene.compartments[0].compartment
        await bank.hands.SetFault(pb.SetFaultRequest(compartment=jammed, faults=[pb.FAULT_JAMMED]))
        scene = (await bank.hands.Scan(pb.ScanRequest(text=bank.gateway.token(R1)))).scene
        assert (scene.screen.message_key, scene.screen.compartment) == ("opening", jammed)
        ahead = pb.AdvanceClockRequest()
        ahead.duration.FromSeconds(30)
        scene = (await bank.hands.AdvanceClock(ahead)).scene
        assert scene.screen.message_key in ("put_in", "close_door")
        assert scene.screen.compartment != jammed


async def test_hands_are_for_this_machine_alone(tmp_path: Path) -> None:
    code, said = await command("edge", "simulate", "--directory", str(tmp_path), "--hands", "0.0.0.0:0")
    assert code == 2
    assert b"no loopback address" in said


async def test_a_damaged_journal_is_left_as_it_is_and_said_so(tmp_path: Path) -> None:
    enrolled(FakeGateway(now=int(time.time())), tmp_path)
    journal = tmp_path / "journal"
    journal.write_bytes(b"no journal at all" * 100)
    before = journal.read_bytes()
    code, said = await command("edge", "simulate", "--directory", str(tmp_path))
    assert code == 1
    assert b"no door will open" in said
    assert said.count(b"\n") == 1
    assert journal.read_bytes() == before


async def command(*words: str) -> tuple[int | None, bytes]:
    """Run a command line that ends by itself; return its exit code and stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from interlock.cli import main; main()", *words, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    return process.returncode, said
