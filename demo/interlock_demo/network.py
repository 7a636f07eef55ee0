"""A whole network on one machine: a gateway, its parties, and three banks, each a process of its own."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from interlock import key_file
from interlock import profile as profiles
from interlock.cli.nouns.bank_making import bank_of, bookable
from interlock.client import Client
from interlock.keys import PrivateKey
from interlock.profile import Profile
from interlock_demo.hands import Hands
from interlock_demo.processes import DemoFailed, Processes
from interlock_demo.sites import Place, places

NETWORK: Final = "demo"
OWNER, OPERATOR, CARRIER = "demo-network", "demo-operator", "demo-carrier"
_ROLES: Final = {OPERATOR: ("OPERATOR", "Demo Lockers"), CARRIER: ("CARRIER", "Demo Parcels")}
_PATIENCE_S: Final = 20.0
_LOOK_AGAIN_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """A bank that stands.

    Attributes:
        place: Where.
        name: ``parties/{operator}/banks/{bank}``.
        directory: Where its process keeps its key and its journal.
        hands: People before it.
    """

    place: Place
    name: str
    directory: Path
    hands: Hands


@dataclass(frozen=True, slots=True)
class Network:
    """A network that runs.

    Attributes:
        directory: Where everything lies.
        gateway: ``host:port``.
        owner: The network owner's client.
        operator: The client of the one who owns the banks.
        carrier: The client of the one whose parcels cross.
        banks: By the place's name.
        processes: Everything that runs.
    """

    directory: Path
    gateway: str
    owner: Client
    operator: Client
    carrier: Client
    banks: dict[str, Standing]
    processes: Processes

    def until(self, wanted: Callable[[], bool], what: str) -> None:
        """Wait until something is so.

        Args:
            wanted: Says whether it is.
            what: What is waited for, for the one who waits in vain.

        Raises:
            DemoFailed: It did not come, or a process has ended meanwhile.
        """
        until(wanted, what, self.processes)

    def is_linked(self, bank: Standing) -> bool:
        """Say whether the gateway holds a bank's link."""
        return self.operator.bank(bank.name).connected

    def keep_profiles(self) -> tuple[str, ...]:
        """Write profiles for the carrier and the operator among those of the user; return their names."""
        for party, client in ((CARRIER, self.carrier), (OPERATOR, self.operator)):
            kept = profiles.key_file(party)
            profiles.make_private(kept.parent)
            kept.unlink(missing_ok=True)
            key_file.save(key_file.load(_key(self.directory, party)), kept)
            root = client.network().root_key_thumbprint
            Profile(self.gateway, f"parties/{party}", NETWORK, key=str(kept), root=root).save(party)
        return CARRIER, OPERATOR


def until(wanted: Callable[[], bool], what: str, processes: Processes) -> None:
    """Wait as ``Network.until`` does."""
    deadline = time.monotonic() + _PATIENCE_S
    while not wanted():
        processes.check()
        if time.monotonic() > deadline:
            raise DemoFailed(f"Waited {_PATIENCE_S:.0f} s in vain for {what}.")
        time.sleep(_LOOK_AGAIN_S)


@contextmanager
def running(directory: Path) -> Iterator[Network]:
    """Bring a network up in an empty folder, and take it down at the end.

    Raises:
        DemoFailed: It did not come up.
    """
    logs = directory / "logs"
    logs.mkdir()
    with ExitStack() as stack:
        processes = stack.enter_context(Processes(logs, {"INTERLOCK_CONFIG_DIR": str(directory / "config")}))
        gateway, code = _start_gateway(directory, processes)
        root_of = _Parties(directory, gateway)
        owner = stack.enter_context(root_of.register(OWNER, code))
        clients = {}
        for party, (role, title) in _ROLES.items():
            owner.add_party(party, title, [role])
            given = owner.create_registration_code(f"parties/{party}").code
            clients[party] = stack.enter_context(root_of.register(party, given))
        banks = {}
        for place in places():
            standing = _start_bank(directory, processes, gateway, clients[OPERATOR], place)
            stack.callback(standing.hands.close)
            banks[place.name] = standing
        network = Network(directory, gateway, owner, clients[OPERATOR], clients[CARRIER], banks, processes)
        for standing in banks.values():
            standing.hands.arrive()
            network.until(partial(network.is_linked, standing), f"{standing.name}'s link")
        yield network


@dataclass(frozen=True, slots=True)
class _Parties:
    directory: Path
    gateway: str

    def register(self, party: str, code: str) -> Client:
        """Make a key for ``party``, register it by its code, and return a client that signs with it."""
        key = PrivateKey.generate()
        file = _key(self.directory, party)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        key_file.save(key, file)
        with Client(self.gateway) as stranger:
            stranger.register_key(code, key)
        return Client(self.gateway, party=party, key=key, network=NETWORK)


def _key(directory: Path, party: str) -> Path:
    return directory / "keys" / f"{party}.pem"


def _start_gateway(directory: Path, processes: Processes) -> tuple[str, str]:
    """Make a network and serve it; return the gateway's address and the owner's registration code."""
    home = str(directory / "gateway")
    said = processes.run("gateway", "init", "--directory", home, "--network", NETWORK, "--owner", OWNER, "--json")
    address = f"127.0.0.1:{_free_port()}"
    serve(directory, processes, address)
    return address, str(json.loads(said)["code"])


def serve(directory: Path, processes: Processes, address: str) -> None:
    """Serve the network that was made in ``directory``; return when calls are answered.

    Raises:
        DemoFailed: They never were.
    """
    ready = directory / "gateway.ready"
    ready.unlink(missing_ok=True)
    processes.start(
        "gateway",
        *("gateway", "serve", "--directory", str(directory / "gateway")),
        *("--listen", address, "--ready-file", str(ready)),
    )
    # Not by dialling until somebody answers: a port of this machine can be dialled from itself, and is then taken.
    until(ready.exists, "the gateway", processes)


def _start_bank(directory: Path, processes: Processes, gateway: str, operator: Client, place: Place) -> Standing:
    """Announce a bank, and start its controller with the code by which it enrols."""
    wanted = bank_of(place.site, bookable("all"))
    name = operator.create_bank(place.name, wanted).name
    operator.create_compartments(name, list(place.compartments(name)))
    home = directory / place.name
    layout = directory / f"{place.name}.toml"
    layout.write_text(place.layout, encoding="utf-8")
    operator.open_bank(name)
    code = operator.create_enrolment_code(name).code
    hands = f"127.0.0.1:{_free_port()}"
    processes.start(
        place.name,
        *("edge", "simulate", "--directory", str(home), "--layout", str(layout)),
        *("--code", code, "--gateway", gateway, "--hands", hands),
    )
    return Standing(place, name, home, Hands(hands))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
