"""``interlock reservation``, and the shortcuts ``reserve``, ``track`` and ``cancel``: capacity, and who follows it."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock.cli import asked, names
from interlock.cli.grammar import Noun, shortcut
from interlock.cli.nouns.reservation_views import granted, reservation_view, tracking
from interlock.cli.session import Session
from interlock.cli.views import View, as_json, detail, lines, listing, state, when
from interlock.client.terms import Terms
from interlock.client.words import word
from interlock.v1.collector_pb2 import Collector, CollectorNeeds
from interlock.v1.reservation_pb2 import Effect

app = Noun("reservation", "The promise of one compartment, for the parcels of one collector.")

_NAME = Annotated[str, typer.Argument(help="The reservation, or its id alone where it is yours.")]


def _name(session: Session, text: str) -> str:
    return names.reservation(text, session.profile.party)


@app.verb("add", example="city/altona JD014600003SE --size M --phone +4915112345678")
def add(
    session: Session,
    bank: Annotated[str, typer.Argument(help="The bank, parties/city/banks/altona or city/altona.")],
    parcels: Annotated[list[str], typer.Argument(help="Your own number of each parcel, 1 to 8.")],
    size: asked.Size = "",
    mm: asked.Mm = "",
    climate: asked.Climate = "",
    features: asked.Features = None,
    start: asked.From = "",
    end: asked.Until = "",
    collect_for: asked.CollectIn = "",
    hold: Annotated[
        str, typer.Option(help="Only hold, for so long: 10min. Confirm it with: reservation confirm.")
    ] = "",
    name: Annotated[str, typer.Option(help="The collector's name.")] = "",
    phone: Annotated[str, typer.Option(help="The collector's phone, +4915112345678.")] = "",
    email: Annotated[str, typer.Option(help="The collector's e-mail address.")] = "",
    locale: Annotated[str, typer.Option(help="The collector's language: de, pl, en-GB.")] = "",
    pin_only: Annotated[bool, typer.Option("--pin-only", help="The collector has no phone that shows a code.")] = False,
    accessible: Annotated[bool, typer.Option("--accessible", help="Within reach from a wheelchair.")] = False,
    group: Annotated[str, typer.Option(help="Collector group: one PIN and one QR for all of it at this bank.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only ask whether it would fit; keep nothing.")] = False,
    request_id: Annotated[str, typer.Option(help="UUID, to repeat a call whose answer was lost.")] = "",
) -> View:
    """Reserve one compartment; prints the deposit token and the collector's PIN."""
    terms: Terms = {"collector_group": group, "validate_only": dry_run, "request_id": request_id}
    terms["features"] = features or ()
    terms["size"], terms["climate"] = size, climate
    if (size_mm := asked.millimetres(mm)) is not None:
        terms["size_mm"] = size_mm
    if (window := asked.window(start, end)) is not None:
        terms["window"] = window
    if collect_for:
        terms["collect_for"] = asked.collecting(collect_for)
    if hold:
        terms["hold"] = asked.length(hold)
    needs = CollectorNeeds(pin_only=pin_only, accessible_reach=accessible) if pin_only or accessible else None
    terms["collector"] = Collector(name=name, phone=phone, email=email, locale=locale, needs=needs)
    return granted(session.client.reserve(names.bank(bank, session.profile.party), parcels, **terms))


@app.verb("list", example="--state DEPOSITED --bank city/altona")
def list_reservations(
    session: Session,
    bank: Annotated[str, typer.Option(help="Only those at this bank.")] = "",
    states: Annotated[list[str] | None, typer.Option("--state", help="Only those in one of these; repeat it.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every carrier's that you may see, not only yours.")] = False,
) -> View:
    """List reservations, newest first."""
    found = session.client.list(
        bank=names.bank(bank, session.profile.party) if bank else "",
        states=states or (),
        carrier="parties/-" if everyone else None,
    )
    return listing(
        "reservations",
        found,
        [
            ("NAME", lambda each: each.name),
            ("STATE", state),
            ("BANK", lambda each: each.bank),
            (
                "PARCELS",
                lambda each: ", ".join(parcel.carrier_reference or str(parcel.number) for parcel in each.parcels),
            ),
            ("COLLECT UNTIL", lambda each: when(each, "collect_end_time")),
        ],
        nothing="There is no such reservation.",
    )


@app.verb("show", example="mfrggzdfmztwq2lk")
def show(session: Session, name: _NAME) -> View:
    """Show one reservation."""
    return reservation_view(session.client.get(_name(session, name)))


@app.verb("confirm", example="mfrggzdfmztwq2lk")
def confirm(session: Session, name: _NAME) -> View:
    """Turn a hold into a promise; prints the deposit token and the collector's PIN."""
    return granted(session.client.confirm(_name(session, name)))


@app.verb("extend", example="mfrggzdfmztwq2lk --by 24h")
def extend(
    session: Session,
    name: _NAME,
    by: Annotated[str, typer.Option(help="How much longer the parcel may wait: 24h, 3d or 2wd (working days).")],
) -> View:
    """Give the collector more time; no new token is needed."""
    return reservation_view(session.client.extend(_name(session, name), asked.collecting(by)))


@app.verb("cancel", example="mfrggzdfmztwq2lk")
def cancel_reservation(session: Session, name: _NAME) -> View:
    """Give a promise back, before a parcel is deposited."""
    given_back = session.client.cancel(_name(session, name))
    effect = word(Effect.DESCRIPTOR, given_back.effect)
    data = {"reservation": as_json(given_back.reservation), "effect": effect}
    told = {
        "AT_BANK": "the bank knows",
        "PENDING": "the bank has not yet heard of it; until then the deposit token still opens",
    }
    rows = [("reservation", given_back.reservation.name), ("state", state(given_back.reservation))]
    return detail(data, [*rows, ("effect", told.get(effect, effect))])


@app.verb("recall", example="mfrggzdfmztwq2lk")
def recall(session: Session, name: _NAME) -> View:
    """Ask for the parcels back; prints the token to take them. Whoever opens the door first wins."""
    return granted(session.client.recall(_name(session, name)))


@app.verb("add-parcel", example="mfrggzdfmztwq2lk JD014600004SE")
def add_parcel(
    session: Session, name: _NAME, parcel: Annotated[str, typer.Argument(help="Your own number of the parcel.")]
) -> View:
    """Add a parcel of the same collector; prints the deposit token again, for so many parcels."""
    return granted(session.client.add_parcel(_name(session, name), parcel))


@app.verb("track", example="mfrggzdfmztwq2lk")
def track_reservation(session: Session, name: _NAME) -> View:
    """Tell the course of a reservation: each step with its time, its evidence and its receipt."""
    return tracking(session.client.track(_name(session, name)))


@app.verb("tail", example="mfrggzdfmztwq2lk")
def tail(session: Session, name: _NAME) -> None:
    """Follow a reservation until it has ended. With --json one object a line."""
    for reservation in session.client.watch(_name(session, name)):
        text = f"{when(reservation, 'update_time')}  {state(reservation)}  {reservation.compartment}"
        session.emit(lines({"reservation": as_json(reservation)}, text.rstrip()))


@app.verb("erase-personal-data", example="mfrggzdfmztwq2lk")
def erase_personal_data(session: Session, name: _NAME) -> View:
    """Erase the collector and the shipper of one reservation for good. The custody record stays."""
    return reservation_view(session.client.erase_personal_data(_name(session, name)))


@app.verb("issue-access", example="mfrggzdfmztwq2lk --act collect --form pin")
def issue_access(
    session: Session,
    name: _NAME,
    act: Annotated[str, typer.Option(help="deposit, collect or recall.")],
    form: Annotated[str, typer.Option(help="token, for a QR code, or pin.")] = "token",
    replace: Annotated[bool, typer.Option("--replace", help="Retire what was given before.")] = False,
) -> View:
    """Give a right in a form, or again; prints the token or the PIN."""
    grant = session.client.issue_access(_name(session, name), act, form=form, replace=replace)
    rows = [("act", state(grant, "act")), ("token", grant.access_token), ("PIN", grant.pin)]
    return detail({"grant": as_json(grant)}, [*rows, ("effect", state(grant, "effect"))])


@app.verb("revoke-access", example="mfrggzdfmztwq2lk --act collect --suspend --reason 'The phone was stolen.'")
def revoke_access(
    session: Session,
    name: _NAME,
    act: Annotated[str, typer.Option(help="deposit, collect or recall.")],
    suspend: Annotated[bool, typer.Option("--suspend", help="Give no new right to a deposited parcel.")] = False,
    reason: Annotated[str, typer.Option(help="Why, without personal data; needed with --suspend.")] = "",
) -> View:
    """End a right before its time; a deposited parcel gets a new one, which is printed, unless --suspend."""
    revoked = session.client.revoke(_name(session, name), act, suspend=suspend, reason=reason)
    effect = word(Effect.DESCRIPTOR, revoked.effect)
    rows = [("effect", effect)]
    rows += [
        ("new token" if grant.access_token else "new PIN", grant.access_token or grant.pin) for grant in revoked.grants
    ]
    return detail({"effect": effect, "grants": [as_json(grant) for grant in revoked.grants]}, rows)


@app.verb("open-door", example="mfrggzdfmztwq2lk --screen-code 4711")
def open_door(
    session: Session,
    name: _NAME,
    screen_code: Annotated[str, typer.Option(help="The code that the bank's screen shows.")] = "",
    position: Annotated[str, typer.Option(help="Where the collector's phone is: 53.55,9.93.")] = "",
    staff_call: Annotated[bool, typer.Option("--staff-call", help="You are on the phone with the collector.")] = False,
) -> View:
    """Open the door for a collector who stands before it; say how you know that."""
    command = session.client.open_door(
        _name(session, name),
        screen_code=screen_code,
        position=asked.position(position) if position else None,
        staff_call=staff_call,
    )
    rows = [("command", command.name), ("state", state(command)), ("bank says", command.detail)]
    return detail({"command": as_json(command)}, rows)


reserve = shortcut("reserve", example="city/altona JD014600003SE --size M --phone +4915112345678")(add)
track = shortcut("track", example="mfrggzdfmztwq2lk")(track_reservation)
cancel = shortcut("cancel", example="mfrggzdfmztwq2lk")(cancel_reservation)
