"""What the screen shows now, as plain values: for the page, and for whoever looks on at a simulated bank."""

from dataclasses import dataclass

from interlock_edge.agent.agent import Agent
from interlock_edge.bank.state import Phase
from interlock_edge.kiosk.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class View:
    """The screen.

    Attributes:
        key: The message's, the same in every language.
        text: The message.
        choices: Key and text of each button, in order.
        compartment: Label concerned, or empty.
        pin_wanted: The keypad takes a PIN.
        scan_wanted: The scanner takes a code.
        qr_text: The receipt of what was just done, or empty.
        presence_code: Proves to an app that somebody stands here.
        linked: The link to the gateway is up.
    """

    key: str
    text: str
    choices: tuple[tuple[str, str], ...]
    compartment: str
    pin_wanted: bool
    scan_wanted: bool
    qr_text: str
    presence_code: str
    linked: bool


def view(agent: Agent, catalogue: Catalogue) -> View:
    """Look at the screen."""
    standing, bank = agent.standing, agent.bank
    at_rest = bank.opening is None
    return View(
        key=standing.key,
        text=catalogue.message(standing.key, compartment=standing.compartment, parcels=standing.parcels),
        choices=tuple((key, catalogue.choice(key, compartment=_behind(agent, key))) for key in agent.choices()),
        compartment=standing.compartment,
        pin_wanted=at_rest and not agent.keypad_locked(),
        scan_wanted=at_rest or (bank.opening is not None and bank.opening.phase is not Phase.OPEN),
        qr_text=standing.receipt,
        presence_code=agent.presence_code(),
        linked=agent.linked,
    )


def _behind(agent: Agent, key: str) -> str:
    """Return the compartment that a line of the courier's menu is about."""
    tenancy = agent.bank.tenancies.get(key.partition(".")[2])
    return tenancy.compartment if tenancy else ""
