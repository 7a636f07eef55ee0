"""Resource names as people type them: in full, or as much of them as says what is meant."""

from __future__ import annotations

from interlock.cli.endings import Usage


def party(text: str) -> str:
    """Complete a party: ``acme`` is ``parties/acme``."""
    return text if text.startswith("parties/") or not text else f"parties/{text}"


def bank(text: str, own: str) -> str:
    """Complete a bank: ``city/altona``, or ``altona`` of the caller's own party ``own``.

    Raises:
        Usage: it cannot be completed.
    """
    return _below(text, own, "banks", "a bank", "city/altona")


def reservation(text: str, own: str) -> str:
    """Complete a reservation: its id alone is one of the caller's own party ``own``.

    Raises:
        Usage: it cannot be completed.
    """
    return _below(text, own, "reservations", "a reservation", "parties/acme/reservations/mfrggzdfmztwq2lk")


def _below(text: str, own: str, collection: str, what: str, example: str) -> str:
    match text.split("/"):
        case ["parties", _, *_]:
            return text
        case [alone] if alone and own:
            return f"{own}/{collection}/{alone}"
        case [owner, alone] if owner and alone:
            return f"parties/{owner}/{collection}/{alone}"
        case _:
            message = f"{text!r} does not name {what}; say for example {example}."
            raise Usage(message)
