"""The story, chapter by chapter, each a handful of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, Unpack

from interlock.client.results import Reserved
from interlock.client.terms import Terms
from interlock.client.words import word
from interlock.testing.v1.hands_service_pb2 import Choice
from interlock.v1.bank_pb2 import Availability
from interlock.v1.collector_pb2 import Collector
from interlock.v1.parcel_pb2 import Parcel
from interlock_demo.processes import DemoFailed
from interlock_demo.sites import CUT_OFF
from interlock_demo.story.world import World

A, B, C = "lykovrysi", "galatsi", CUT_OFF
_SHORT_WINDOW: Final = timedelta(minutes=5)
_LONG_ENOUGH: Final = timedelta(minutes=20)
"""Past the short window with every leeway, and past the grace in which a spent right opens its door again."""
_ANNA: Final = Collector(phone="+306900000001", locale="el")


def open_up(world: World) -> None:
    """See the banks that stand."""
    for bank in world.network.banks.values():
        site = bank.place.site
        doors = list(world.network.operator.compartments(bank.name))
        where = ", ".join((*site.address_lines, site.locality))
        world.settled(bank.place.name)
        world.teller.act(
            "operator", f"opens {bank.place.name.capitalize()}, {len(doors)} doors: {site.display_name}, {where}"
        )
    world.hear()


def search(world: World) -> None:
    """Find banks near the northern suburbs of Athens."""
    here = world.at(A).place.site
    near = (here.latitude, here.longitude)
    found = list(world.network.carrier.search_banks(near=near, radius_m=10_000, size="M"))
    world.teller.act("carrier", f"searches for a compartment M within 10 km: {len(found)} banks")
    for each in found:
        room = ", ".join(word(Availability.DESCRIPTOR, one.availability).lower() for one in each.classes)
        world.teller.act("carrier", f"  {each.bank.display_name}, {each.distance_m / 1000:.1f} km, {room}")


def reserve(world: World) -> None:
    """Promise compartments for parcels of all sorts."""
    _reserve(world, "Shoes", A, size="M")
    _reserve(world, "Books", A, size="S", features=["ACCESSIBLE"])
    _reserve(world, "Fish", B, size="M", climate="CHILLED")
    carrier = world.network.carrier
    bank = world.at(B).name
    names = ("Tea", "Soap", "Lamp")
    items = [
        carrier.item(bank, [Parcel(carrier_reference=f"DEMO-{name.upper()}", barcode=f"JD01460000{number}")], size="S")
        for number, name in enumerate(names, start=1)
    ]
    for name, outcome in zip(names, carrier.reserve_many(items), strict=True):
        if not isinstance(outcome, Reserved):
            raise DemoFailed(f"{name} was refused: {outcome}")
        world.reserved[name] = outcome
    world.teller.act("carrier", f"reserves three S at {B.capitalize()} in one batch: {', '.join(names)}")
    now = datetime.now(UTC)
    _reserve(world, "Late", B, size="M", window=(now, now + _SHORT_WINDOW))
    world.hear()


def deposit(world: World) -> None:
    """Bring parcels to the two banks that are connected."""
    for name, place in (("Shoes", A), ("Books", A), ("Fish", B)):
        hands = world.at(place).hands
        hands.put_in(hands.scan(world.reserved[name].deposit_token), name)
        world.teller.act("courier", f"shows a QR at {place.capitalize()} and puts {name} in")
    session = world.network.carrier.issue_courier_session(world.at(B).name).session_token
    hands = world.at(B).hands
    hands.scan(session)
    world.teller.act("courier", f"begins a session at {B.capitalize()}")
    for number, name in enumerate(("Tea", "Soap", "Lamp"), start=1):
        hands.put_in(hands.scan(f"JD01460000{number}"), name)
        world.teller.act("courier", f"scans the label of {name} and puts it in")
    hands.choose(_choice(hands.look().screen.choices, "finish"))
    for name in ("Shoes", "Books", "Fish", "Tea", "Soap", "Lamp"):
        world.wait_for(name, "DEPOSITED")
    world.hear()


def cut_off(world: World) -> None:
    """Pull a bank's cable, and have parcels cross it all the same."""
    bank = world.at(C)
    bank.hands.cable(cut=True)
    world.teller.act("fate", f"pulls the cable of {C.capitalize()}")
    world.wait_for_event(C, "bank.disconnected")
    for name in ("Phone", "Medicine", "Coat"):
        _reserve(world, name, C, size="S")
    world.network.carrier.cancel(world.reserved["Coat"].name)
    world.teller.act("carrier", f"cancels Coat; {C.capitalize()} cannot be told")
    for name in ("Phone", "Medicine", "Coat"):
        scene = bank.hands.put_in(bank.hands.scan(world.reserved[name].deposit_token), name)
        world.offline_deposits += 1
        if name == "Phone":
            world.phone.append(scene.screen.qr_text)
        world.teller.act("courier", f"puts {name} in; the bank goes by the token alone")
    world.hear()


def phone(world: World) -> None:
    """Bring a receipt home by the courier's phone, while its bank is still cut off."""
    world.network.carrier.submit_receipt(*world.phone)
    world.teller.act("courier", "has the receipt of Phone on the phone, and sends it in")
    world.wait_for("Phone", "DEPOSITED")
    world.hear()


def collect_cut_off(world: World) -> None:
    """Collect at the bank that nobody can reach."""
    hands = world.at(C).hands
    token = world.network.carrier.issue_access(world.reserved["Phone"].name, "COLLECT").access_token
    hands.take_out(hands.scan(token))
    world.teller.act("collector", "takes Phone with a QR that the bank has never heard of")
    hands.take_out(hands.type(world.reserved["Medicine"].pin))
    world.teller.act("collector", "takes Medicine with a PIN that came with the courier's token")
    world.offline_collections += 2
    world.hear()


def restore(world: World) -> None:
    """Plug the cable in again and let the facts drain."""
    bank = world.at(C)
    waiting = bank.hands.look().unsent_fact_count
    bank.hands.cable(cut=False)
    world.teller.act("fate", f"plugs the cable of {C.capitalize()} in again; {waiting} facts are waiting there")
    if not waiting:
        raise DemoFailed(f"{C} has kept no facts while it was cut off.")
    world.wait_for_event(C, "bank.connected")
    world.settled(C)
    for name in ("Phone", "Medicine"):
        world.wait_for(name, "COLLECTED")
    world.wait_for_event(C, "discrepancy.raised")
    world.wait_for_event(C, "custody.right_ended")  # that of Coat, of whose end the bank hears only now
    world.hear()


def collect(world: World) -> None:
    """Collect at the two other banks."""
    for name, place in (("Shoes", A), ("Books", A), ("Fish", B), ("Tea", B), ("Soap", B)):
        hands = world.at(place).hands
        hands.take_out(hands.type(world.reserved[name].pin))
        world.teller.act("collector", f"types the PIN at {place.capitalize()} and takes {name}")
    for name in ("Shoes", "Books", "Fish", "Tea", "Soap"):
        world.wait_for(name, "COLLECTED")
    world.hear()


def refuse(world: World) -> None:
    """Try what must not work."""
    here, there = world.at(A).hands, world.at(B).hands
    good = world.reserved["Late"].deposit_token
    world.must_refuse("other_bank", A, here.scan(good))
    world.must_refuse("forged", B, there.scan(_forged(good)))
    world.must_refuse("wrong_pin", B, there.type(_wrong(world)))
    world.settled(A)
    world.settled(B)
    # Without its cable nobody tells the bank that its clock goes wrong.
    there.cable(cut=True)
    world.wait_for_event(B, "bank.disconnected")
    there.let_pass(_LONG_ENOUGH)
    world.teller.act("fate", f"pulls the cable of {B.capitalize()} and lets {_LONG_ENOUGH.seconds // 60} minutes pass")
    world.must_refuse("used", B, there.scan(world.reserved["Fish"].deposit_token))
    world.must_refuse("expired", B, there.scan(good))
    world.hear()
    there.cable(cut=False)


Chapter = tuple[str, Callable[[World], None]]

CHAPTERS: Final[tuple[Chapter, ...]] = (
    ("A network comes up: a gateway and three banks, each a process of its own", open_up),
    ("A carrier looks for room", search),
    ("Promises", reserve),
    ("Parcels come in", deposit),
    ("A bank is cut off, and parcels come in all the same", cut_off),
    ("A proof travels by phone", phone),
    ("The bank is still cut off, and parcels go out", collect_cut_off),
    ("The cable is back, and the facts drain", restore),
    ("Parcels go out", collect),
    ("What must not work", refuse),
)


def _reserve(world: World, name: str, place: str, **terms: Unpack[Terms]) -> None:
    parcel = Parcel(carrier_reference=f"DEMO-{name.upper()}")
    terms["collector"] = _ANNA
    world.reserved[name] = world.network.carrier.reserve(world.at(place).name, [parcel], **terms)
    also = [str(each).lower() for each in (terms.get("climate", ""), *terms.get("features", ())) if each]
    wanted = " ".join([str(terms.get("size", "")), *also])
    world.teller.act("carrier", f"reserves {wanted} at {place.capitalize()} for {name}")


def _choice(choices: Iterable[Choice], key: str) -> str:
    return next(each.key for each in choices if each.key.lower() == key)


def _forged(token: str) -> str:
    """Change one character in the middle of the signature."""
    at = len(token) - 40
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def _wrong(world: World) -> str:
    """Choose a PIN that nobody was given."""
    given = {reserved.pin for reserved in world.reserved.values()}
    return next(pin for number in range(100) if (pin := f"{number:08}") not in given)
