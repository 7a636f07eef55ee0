"""What a person before the simulated bank sees, as the contract tells it."""

from interlock.testing.v1 import hands_service_pb2 as pb
from interlock_edge.agent.agent import Agent
from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.view import view
from interlock_edge.simulate.table import Table


def scene_of(table: Table, catalogue: Catalogue) -> pb.Scene:
    """Look; ``version`` is left to whoever counts."""
    agent = table.agent
    scene = pb.Scene(
        screen=None if agent is None else _screen(agent, catalogue),
        compartments=(_compartment(table, label) for label in table.layout.compartments),
        power_cut=agent is None,
        network_cut=table.network_cut,
        linked=agent is not None and agent.linked,
        unsent_fact_count=0 if agent is None else agent.journal.lanes.unacknowledged(),
    )
    scene.clock_time.FromSeconds(table.system_time() if agent is None else agent.now().time)
    return scene


def _screen(agent: Agent, catalogue: Catalogue) -> pb.Screen:
    seen = view(agent, catalogue)
    return pb.Screen(
        message_key=seen.key,
        text=seen.text,
        locale=catalogue.locale,
        choices=(pb.Choice(key=key, text=text) for key, text in seen.choices),
        pin_wanted=seen.pin_wanted,
        scan_wanted=seen.scan_wanted,
        compartment=seen.compartment,
        qr_text=seen.qr_text,
        presence_code=seen.presence_code,
    )


def _compartment(table: Table, label: str) -> pb.CompartmentScene:
    door = table.doors.bank.doors[label]
    faults = table.doors.faults.get(label, frozenset())
    return pb.CompartmentScene(
        compartment=label,
        door_open=door.open,
        unlatched=door.unlatched_until_ms > table.ms(),
        contents=door.items,
        faults=sorted(pb.Fault.Value(f"FAULT_{fault.value}") for fault in faults),
    )
