"""``interlock compartment``: the doors of a bank."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli import asked, names
from interlock.cli.endings import Usage
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, detail, listing, state, states
from interlock.client.values import instant
from interlock.client.words import number
from interlock.v1.compartment_pb2 import Compartment, Outage, OutageReason

app = Noun("compartment", "The doors of a bank, and the space behind each.")

_BANK = Annotated[str, typer.Argument(help="The bank, city/altona, or its id alone where it is yours.")]
_LABEL = Annotated[str, typer.Argument(help="What is written on the door.")]


def _mm(compartment: Compartment) -> str:
    clear = compartment.clear
    return f"{clear.width_mm}x{clear.height_mm}x{clear.depth_mm}"


@app.verb("list", example="city/altona")
def list_compartments(session: Session, bank: _BANK) -> View:
    """List the compartments of a bank, by label."""
    return listing(
        "compartments",
        session.client.compartments(names.bank(bank, session.profile.party)),
        [
            ("LABEL", lambda each: each.name.split("/")[-1]),
            ("CLASS", lambda each: state(each, "size_class")),
            ("MM", _mm),
            ("CLIMATE", lambda each: state(each, "climate")),
            ("FEATURES", lambda each: states(each, "features")),
            ("OUT OF SERVICE", lambda each: state(each.out_of_service, "reason")),
        ],
        nothing="This bank has no compartments.",
    )


@app.verb("update", example="city/altona 7 --out-of-service maintenance --until 2026-05-02T12:00")
def update(
    session: Session,
    bank: _BANK,
    label: _LABEL,
    out_of_service: Annotated[str, typer.Option(help="Take it out, for maintenance or withheld.")] = "",
    until: Annotated[str, typer.Option(help="Until when; without it until it is put back.")] = "",
    in_service: Annotated[bool, typer.Option("--in-service", help="Put it back.")] = False,
    note: Annotated[str, typer.Option(help="For the record, without personal data.")] = "",
) -> View:
    """Take a compartment out of service, or put it back. A parcel inside stays its collector's."""
    if bool(out_of_service) == in_service:
        message = "Say either --out-of-service REASON or --in-service."
        raise Usage(message)
    compartment = Compartment(name=f"{names.bank(bank, session.profile.party)}/compartments/{label}")
    if out_of_service:
        outage = Outage(reason=number(OutageReason, out_of_service), note=note)
        if until:
            outage.end_time.CopyFrom(instant(asked.instant(until)))
        compartment.out_of_service.CopyFrom(outage)
    changed = session.client.update_compartment(compartment, ["out_of_service"])
    rows = [
        ("compartment", changed.compartment.name),
        ("out of service", state(changed.compartment.out_of_service, "reason") or "no"),
        ("promises broken", changed.broken_count or ""),
    ]
    return detail(as_json(changed), rows)


@app.verb("open", example="city/altona 7 --reason 'Cleaning.' --screen-code 4711")
def open_compartment(
    session: Session,
    bank: _BANK,
    label: _LABEL,
    reason: Annotated[str, typer.Option(help="For the record, without personal data.")],
    screen_code: Annotated[str, typer.Option(help="The code that the bank's screen shows.")] = "",
    position: Annotated[str, typer.Option(help="Where the phone of the person at the bank is: 53.55,9.93.")] = "",
    staff_call: Annotated[bool, typer.Option("--staff-call", help="You are on the phone with that person.")] = False,
) -> View:
    """Open a compartment from afar. Few are allowed, unless somebody stands there."""
    command = session.client.open_compartment(
        f"{names.bank(bank, session.profile.party)}/compartments/{label}",
        reason,
        screen_code=screen_code,
        position=asked.position(position) if position else None,
        staff_call=staff_call,
    )
    rows = [("command", command.name), ("state", state(command)), ("bank says", command.detail)]
    return detail({"command": as_json(command)}, rows)


@app.verb("issue-service-access", example="city/altona 7 --reason 'The lock squeaks.'")
def issue_service_access(
    session: Session,
    bank: _BANK,
    label: _LABEL,
    reason: Annotated[str, typer.Option(help="For the record, without personal data.")],
) -> View:
    """Give a technician access to one compartment for 15 minutes; prints the token."""
    name = f"{names.bank(bank, session.profile.party)}/compartments/{label}"
    issued = session.client.issue_service_access(name, reason)
    return detail(as_json(issued), [("token", issued.access_token)])
