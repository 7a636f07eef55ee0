"""``interlock discrepancy``: where what happened and what was recorded do not agree."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli import names
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, detail, listing, state, when
from interlock.v1.discrepancy_pb2 import Discrepancy

app = Noun("discrepancy", "Where what happened and what was recorded do not agree.")

_NAME = Annotated[str, typer.Argument(help="The discrepancy, parties/{operator}/banks/{bank}/discrepancies/{id}.")]


def _view(found: Discrepancy) -> View:
    rows = [
        ("discrepancy", found.name),
        ("kind", state(found, "kind")),
        ("state", state(found)),
        ("reservation", found.reservation),
        ("compartment", found.compartment),
        ("evidence", state(found, "evidence")),
        ("said", found.note),
        ("occurred", when(found, "occur_time")),
        ("to be settled by", when(found, "deadline_time")),
        ("settled", state(found.resolution, "kind")),
        ("corrected to", state(found.resolution, "corrected_state")),
        ("found", found.resolution.note),
    ]
    return detail({"discrepancy": as_json(found)}, rows)


@app.verb("list", example="--state OPEN")
def list_discrepancies(
    session: Session,
    status: Annotated[str, typer.Option("--state", help="OPEN or RESOLVED; without it all.")] = "",
    reservation: Annotated[str, typer.Option(help="Only those of this reservation.")] = "",
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Only these kinds; repeat it.")] = None,
) -> View:
    """List the discrepancies that you may see, newest first."""
    own = session.profile.party
    found = session.client.discrepancies(
        reservation=names.reservation(reservation, own) if reservation else "", state=status, kinds=kinds or ()
    )
    return listing(
        "discrepancies",
        found,
        [
            ("NAME", lambda each: each.name),
            ("KIND", lambda each: state(each, "kind")),
            ("STATE", state),
            ("RESERVATION", lambda each: each.reservation),
            ("UNTIL", lambda each: when(each, "deadline_time")),
        ],
        nothing="Everything agrees.",
    )


@app.verb("show", example="parties/city/banks/altona/discrepancies/mfrggzdfmztwq2lk")
def show(session: Session, name: _NAME) -> View:
    """Show one discrepancy."""
    return _view(session.client.discrepancy(name))


@app.verb("add", example="city/altona --kind PARCEL_DAMAGED --reservation mfrggzdfmztwq2lk --note 'Crushed.'")
def add(
    session: Session,
    bank: Annotated[str, typer.Argument(help="The bank.")],
    kind: Annotated[str, typer.Option(help="NOT_EMPTY, FOUND_EMPTY, PARCEL_DAMAGED, PARCEL_LOST, ...")],
    note: Annotated[str, typer.Option(help="What was found, without personal data.")],
    reservation: Annotated[str, typer.Option(help="The reservation concerned; a carrier must name it.")] = "",
    compartment: Annotated[str, typer.Option(help="The compartment concerned, in full.")] = "",
) -> View:
    """Say that something does not agree."""
    own = session.profile.party
    raised = session.client.raise_discrepancy(
        names.bank(bank, own),
        kind,
        note,
        reservation=names.reservation(reservation, own) if reservation else "",
        compartment=compartment,
    )
    return _view(raised)


@app.verb("resolve", example="parties/city/banks/altona/discrepancies/mfrggzdfmztwq2lk --note 'Found behind the door.'")
def resolve(
    session: Session,
    name: _NAME,
    note: Annotated[str, typer.Option(help="What was found, without personal data.")],
    corrected: Annotated[
        str, typer.Option(help="What the reservation is now: DEPOSITED, COLLECTED, RECALLED or LOST.")
    ] = "",
    claim: Annotated[str, typer.Option(help="The other party's number for its claim.")] = "",
) -> View:
    """Settle a discrepancy: the record stands, or the reservation is corrected."""
    return _view(session.client.resolve_discrepancy(name, note, corrected=corrected, claim_reference=claim))
