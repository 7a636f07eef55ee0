"""People at a simulated bank: what couriers and collectors do with their hands."""

from __future__ import annotations

from datetime import timedelta

import grpc
from google.protobuf.duration_pb2 import Duration

from interlock.testing.v1 import hands_service_pb2 as pb
from interlock.testing.v1.hands_service_pb2_grpc import HandsServiceStub
from interlock_demo.processes import DemoFailed

_PATIENCE_S = 15.0


class Hands:
    """Somebody before one bank."""

    def __init__(self, address: str) -> None:
        """Walk up to the bank whose hands are served at ``address``, ``host:port``."""
        self._channel = grpc.insecure_channel(address)
        self._stub = HandsServiceStub(self._channel)

    def close(self) -> None:
        """Walk away."""
        self._channel.close()

    def arrive(self) -> None:
        """Wait until there is a bank.

        Raises:
            DemoFailed: None came up.
        """
        try:
            grpc.channel_ready_future(self._channel).result(timeout=_PATIENCE_S)
        except grpc.FutureTimeoutError as error:
            raise DemoFailed("A simulated bank did not come up.") from error

    def look(self) -> pb.Scene:
        """Look at the bank."""
        return self._stub.GetScene(pb.GetSceneRequest(), timeout=_PATIENCE_S).scene

    def scan(self, text: str) -> pb.Scene:
        """Hold a code before the scanner."""
        return self._stub.Scan(pb.ScanRequest(text=text), timeout=_PATIENCE_S).scene

    def type(self, pin: str) -> pb.Scene:
        """Type a PIN."""
        return self._stub.TypePin(pb.TypePinRequest(pin=pin), timeout=_PATIENCE_S).scene

    def choose(self, key: str) -> pb.Scene:
        """Touch a choice on the screen."""
        return self._stub.Choose(pb.ChooseRequest(choice=key), timeout=_PATIENCE_S).scene

    def cable(self, *, cut: bool) -> pb.Scene:
        """Pull the cable to the gateway, or plug it in again."""
        return self._stub.SetNetwork(pb.SetNetworkRequest(cut=cut), timeout=_PATIENCE_S).scene

    def let_pass(self, time: timedelta) -> pb.Scene:
        """Let time pass at the bank."""
        duration = Duration()
        duration.FromTimedelta(time)
        return self._stub.AdvanceClock(pb.AdvanceClockRequest(duration=duration), timeout=_PATIENCE_S).scene

    def put_in(self, scene: pb.Scene, what: str) -> pb.Scene:
        """Put a parcel behind the door that stands open, close it, and say so where the screen asks."""
        door = _open_door(scene)
        self._stub.PutParcel(pb.PutParcelRequest(compartment=door, label=what), timeout=_PATIENCE_S)
        return self._close(door, "all_in")

    def take_out(self, scene: pb.Scene) -> pb.Scene:
        """Take everything from behind the door that stands open, close it, and say so where the screen asks."""
        door = _open_door(scene)
        self._stub.TakeParcel(pb.TakeParcelRequest(compartment=door), timeout=_PATIENCE_S)
        return self._close(door, "have_it_all")

    def _close(self, door: str, answer: str) -> pb.Scene:
        scene = self._stub.CloseDoor(pb.CloseDoorRequest(compartment=door), timeout=_PATIENCE_S).scene
        asked = [each.key for each in scene.screen.choices if each.key.lower() == answer]
        return self.choose(asked[0]) if asked else scene


def _open_door(scene: pb.Scene) -> str:
    doors = [each.compartment for each in scene.compartments if each.door_open]
    if len(doors) != 1:
        raise DemoFailed(f"The bank opened {len(doors)} doors; its screen says: {scene.screen.text}")
    return doors[0]
