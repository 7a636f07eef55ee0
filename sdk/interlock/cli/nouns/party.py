"""``interlock party``: who takes part in the network."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli import names
from interlock.cli.grammar import Noun
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, at, detail, lines, listing, state, states, when
from interlock.v1.party_pb2 import Party

app = Noun("party", "Who takes part in the network.")

_NAME = Annotated[str, typer.Argument(help="The party, parties/acme or acme.")]


def _view(party: Party) -> View:
    rows = [
        ("name", party.name),
        ("company", party.display_name),
        ("roles", states(party, "roles")),
        ("state", state(party)),
        ("suspended because", party.suspend_reason),
        ("since", when(party, "create_time")),
    ]
    return detail({"party": as_json(party)}, rows)


@app.verb("list", example="--role operator")
def list_parties(
    session: Session,
    role: Annotated[list[str] | None, typer.Option(help="Only those with one of these roles; repeat it.")] = None,
) -> View:
    """List the parties, by name."""
    return listing(
        "parties",
        session.client.parties(roles=role or ()),
        [
            ("NAME", lambda party: party.name),
            ("COMPANY", lambda party: party.display_name),
            ("ROLES", lambda party: states(party, "roles")),
            ("STATE", state),
        ],
        nothing="There is no such party.",
    )


@app.verb("show", example="acme")
def show(session: Session, name: _NAME) -> View:
    """Show one party."""
    return _view(session.client.party(names.party(name)))


@app.verb("add", example="acme --company 'Acme Parcels' --role carrier")
def add(
    session: Session,
    party_id: Annotated[str, typer.Argument(help="Its id: small letters, digits and hyphens. Never used again.")],
    company: Annotated[str, typer.Option(help="Name of the company.")],
    role: Annotated[list[str], typer.Option(help="carrier, operator, host, vendor, network_owner; repeat it.")],
) -> View:
    """Admit a party, and make the code with which it registers its key. For the network owner."""
    party = session.client.add_party(party_id, company, role)
    made = session.client.create_registration_code(party.name)
    data = {"party": as_json(party), "code": made.code, "expire_time": made.expire_time.ToJsonString()}
    return lines(
        data,
        f"Added {party.name}. Hand this code over so that only they can read it; it lapses {at(made.expire_time)}:",
        f"  {made.code}",
        f"They type: interlock login {session.profile.gateway} --code CODE",
    )


@app.verb("create-registration-code", example="acme")
def create_registration_code(session: Session, name: _NAME) -> View:
    """Make a code with which a party registers one more key, or a new one. For the network owner."""
    made = session.client.create_registration_code(names.party(name))
    data = {"code": made.code, "expire_time": made.expire_time.ToJsonString()}
    return lines(data, made.code, f"It lapses {at(made.expire_time)}.")


@app.verb("suspend", example="acme --reason 'Its key has leaked.'")
def suspend(
    session: Session,
    name: _NAME,
    reason: Annotated[str, typer.Option(help="For the record, without personal data.")],
) -> View:
    """Stop a party from calling; what it has promised, and been promised, stands. For the network owner."""
    return _view(session.client.suspend_party(names.party(name), reason))


@app.verb("resume", example="acme")
def resume(session: Session, name: _NAME) -> View:
    """Let a suspended party call again. For the network owner."""
    return _view(session.client.resume_party(names.party(name)))
