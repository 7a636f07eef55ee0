"""``interlock bank``: banks, as everybody sees them and as their operator makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli import asked, names
from interlock.cli.endings import Ending
from interlock.cli.grammar import Noun
from interlock.cli.nouns.bank_making import Made, Maker, bank_of, bookable
from interlock.cli.session import Session
from interlock.cli.sites.layout import template
from interlock.cli.sites.reading import read
from interlock.cli.sites.site import BadRow, Defaults, Site, zone
from interlock.cli.views import View, as_json, at, detail, lines, listing, state, states, when
from interlock.errors import AlreadyExists, InvalidArgument, Refused
from interlock.v1.bank_pb2 import Bank, OfferedKind
from interlock.v1.operator_pb2 import CompartmentStatus

app = Noun("bank", "Parcel lockers: one installation each.")

_NAME = Annotated[str, typer.Argument(help="The bank, city/altona, or its id alone where it is yours.")]
_TEMPLATE = Annotated[
    str, typer.Option("--template", help="Layout: small (20 doors), medium (40), large (60), or a TOML file.")
]
_BOOKABLE = Annotated[str, typer.Option("--bookable-by", help="all, none, or carriers: acme,swift.")]
_OPEN = Annotated[bool, typer.Option("--open", help="Have it take reservations at once.")]


def _name(session: Session, text: str) -> str:
    return names.bank(text, session.profile.party)


def _view(bank: Bank) -> View:
    address = bank.address
    rows = [
        ("bank", bank.name),
        ("called", bank.display_name),
        ("state", state(bank)),
        ("closing", when(bank, "closing_end_time")),
        ("position", f"{bank.position.latitude:.5f},{bank.position.longitude:.5f}"),
        ("address", ", ".join([*address.address_lines, f"{address.postal_code} {address.locality}".strip()])),
        ("directions", bank.directions),
        ("time zone", bank.time_zone),
        ("inputs", states(bank, "inputs")),
        ("doors", ", ".join(_doors(each) for each in bank.kinds)),
        ("bookable by", ", ".join([state(bank.bookable_by, "mode"), *bank.bookable_by.parties])),
        ("link", "connected" if bank.connected else "not connected"),
        ("last heard", when(bank, "last_heard_time")),
        ("audience", bank.token_audience),
    ]
    return detail({"bank": as_json(bank)}, rows)


def _doors(kind: OfferedKind) -> str:
    return f"{kind.compartment_count} {state(kind.kind, 'size_class')} {state(kind.kind, 'climate')}".rstrip()


def _label(status: CompartmentStatus) -> str:
    return status.compartment.rpartition("/")[2]


@app.verb("list", example="--operator city")
def list_banks(
    session: Session,
    operator: Annotated[str, typer.Option(help="Whose; without it everybody's.")] = "",
    status: Annotated[list[str] | None, typer.Option("--state", help="Only those in one of these; repeat it.")] = None,
) -> View:
    """List the banks that you may see, by name."""
    return listing(
        "banks",
        session.client.banks(names.party(operator) or "parties/-", states=status or ()),
        [
            ("NAME", lambda bank: bank.name),
            ("CALLED", lambda bank: bank.display_name),
            ("STATE", state),
            ("DOORS", lambda bank: sum(kind.compartment_count for kind in bank.kinds)),
            ("LINK", lambda bank: "connected" if bank.connected else ""),
        ],
        nothing="There is no such bank.",
    )


@app.verb("show", example="city/altona")
def show(session: Session, name: _NAME) -> View:
    """Show one bank."""
    return _view(session.client.bank(_name(session, name)))


@app.verb("check", example="altona")
def check(session: Session, name: _NAME) -> View:
    """Show how a bank is at this moment, as its operator, as the gateway was last told."""
    status = session.client.bank_status(_name(session, name))
    broken = [each for each in status.compartments if each.outage_reason]
    rows = [
        ("bank", status.bank),
        ("state", state(status)),
        ("link", "connected" if status.connected else "not connected" if status.enrolled else "never enrolled"),
        ("last heard", when(status, "last_heard_time")),
        ("identity", "SUSPENDED: its journal forked; enrol it anew" if status.suspended else ""),
        ("firmware", f"{status.model} {status.firmware}".strip()),
        ("facts unsent", status.unsent_fact_count or ""),
        ("changes unacknowledged", status.unacknowledged_change_count or ""),
        ("commands waiting", status.pending_command_count or ""),
        ("out of service", ", ".join(f"{_label(each)} {state(each, 'outage_reason')}" for each in broken)),
    ]
    return detail({"status": as_json(status)}, rows)


@app.verb("add", example="altona --called 'Altona station' --at 53.55209,9.93537 --country DE --template small --open")
def add(
    session: Session,
    bank_id: Annotated[str, typer.Argument(help="Its id: small letters, digits and hyphens. Never used again.")],
    called: Annotated[str, typer.Option(help="Name on its screen and in the directory.")],
    position: Annotated[str, typer.Option("--at", help="Latitude and longitude in degrees: 53.55209,9.93537.")],
    country: Annotated[str, typer.Option(help="Two letters: DE.")],
    time_zone: Annotated[str, typer.Option(help="Europe/Berlin. Needed where the country has several.")] = "",
    street: Annotated[str, typer.Option(help="Street and number.")] = "",
    city: Annotated[str, typer.Option(help="Town.")] = "",
    postal_code: Annotated[str, typer.Option(help="Postal code.")] = "",
    directions: Annotated[str, typer.Option(help="How to find it.")] = "",
    layout: Annotated[str, typer.Option("--template", help="As in bank import; without it no compartments.")] = "",
    bookable_by: _BOOKABLE = "none",
    opened: _OPEN = False,
) -> View:
    """Make a bank known, with its compartments."""
    latitude, longitude = asked.position(position)
    site = Site(
        bank_id=bank_id,
        display_name=called,
        latitude=latitude,
        longitude=longitude,
        region_code=country.upper(),
        time_zone=zone(time_zone, country.upper(), Defaults()),
        address_lines=(street,) if street else (),
        locality=city,
        postal_code=postal_code,
        directions=directions,
    )
    maker = Maker(
        session.client, session.profile.party, template(layout) if layout else (), bookable(bookable_by), opened
    )
    made = maker.make(site)
    return _view(made.bank)


@app.verb("import", example="lockers.geojson --template medium --bookable-by all --open")
def import_banks(
    session: Session,
    file: Annotated[Path, typer.Argument(help="GeoJSON, CSV, or a point list of BOX NOW.")],
    layout: _TEMPLATE = "small",
    prefix: Annotated[str, typer.Option(help="Put before each id.")] = "",
    time_zone: Annotated[str, typer.Option(help="Where a row names none and its country has several.")] = "",
    country: Annotated[str, typer.Option(help="Where a row names none: two letters.")] = "",
    bookable_by: _BOOKABLE = "none",
    opened: _OPEN = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read the file; make nothing.")] = False,
) -> View:
    """Make banks of a list of sites. Bad rows are named with line and reason; the good ones go in.

    The same file can be imported again: what went in before is found, not made twice.
    """
    defaults = Defaults(time_zone=time_zone, region_code=country.upper(), prefix=prefix)
    columns, audience = template(layout), bookable(bookable_by)
    rows = read(file, defaults)
    made: list[Made] = []
    bad: list[tuple[int, str]] = []
    maker = None if dry_run else Maker(session.client, session.profile.party, columns, audience, opened)
    for row in rows:
        try:
            if isinstance(row.found, BadRow):
                raise row.found
            planned = Made(bank_of(row.found, audience), sum(column.count for column in columns))
            made.append(planned if maker is None else maker.make(row.found))
        except (BadRow, InvalidArgument, AlreadyExists) as error:
            bad.append((row.line, _reason(error)))
            session.note(f"{file}:{row.line}: {_reason(error)}")
    if bad:
        session.ending = Ending.PARTLY if made else Ending.REFUSED
    done = "would go in" if dry_run else "went in"
    return lines(
        {
            "banks": [as_json(each.bank) for each in made],
            "compartments": sum(each.compartments for each in made),
            "bad_rows": [{"line": line, "reason": reason} for line, reason in bad],
        },
        f"{len(made)} of {len(rows)} sites {done}, {sum(each.compartments for each in made)} compartments.",
    )


@app.verb("open", example="altona")
def open_bank(session: Session, name: _NAME) -> View:
    """Have a bank take reservations."""
    return _view(session.client.open_bank(_name(session, name)))


@app.verb("close", example="altona --reason 'The station is rebuilt.' --until 2026-06-30T18:00")
def close(
    session: Session,
    name: _NAME,
    reason: Annotated[str, typer.Option(help="For everybody, without personal data.")],
    until: Annotated[str, typer.Option(help="No commitment reaches beyond; without it from now on.")] = "",
    break_promises: Annotated[bool, typer.Option("--break-promises", help="Give up those that do.")] = False,
) -> View:
    """Close a bank."""
    closed = session.client.close_bank(
        _name(session, name), reason, end=asked.instant(until) if until else None, break_promises=break_promises
    )
    return lines(as_json(closed), f"{closed.bank.name} is {state(closed.bank)}; {closed.broken_count} promises broken.")


@app.verb("write-off", example="altona --reason 'It burnt down.'")
def write_off(
    session: Session,
    name: _NAME,
    reason: Annotated[str, typer.Option(help="For the record, without personal data.")],
) -> View:
    """Give a bank up for lost with all that is in it: its promises break, its parcels become LOST."""
    gone = session.client.write_off_bank(_name(session, name), reason)
    text = f"{gone.bank.name} is written off; {gone.broken_count} promises broken, {gone.lost_count} reservations lost."
    return lines(as_json(gone), text)


@app.verb("create-enrolment-code", example="altona")
def create_enrolment_code(session: Session, name: _NAME) -> View:
    """Make the one-time code with which a bank's controller enrols; prints it. Codes made before lapse."""
    made = session.client.create_enrolment_code(_name(session, name))
    return lines(as_json(made), made.code, f"It lapses {at(made.expire_time)}.")


@app.verb("issue-courier-session", example="city/altona --act deposit --act recall")
def issue_courier_session(
    session: Session,
    name: _NAME,
    acts: Annotated[list[str] | None, typer.Option("--act", help="deposit, collect or recall; repeat it.")] = None,
) -> View:
    """Give one of your couriers the menu of a bank for 12 hours; prints the token."""
    issued = session.client.issue_courier_session(_name(session, name), acts or ["deposit"])
    return detail(as_json(issued), [("token", issued.session_token), ("until", when(issued, "expire_time"))])


def _reason(error: Exception) -> str:
    if isinstance(error, Refused) and error.field_violations:
        return "; ".join(f"{each.field}: {each.description}" for each in error.field_violations)
    return str(error)
