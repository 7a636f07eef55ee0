"""What a person can choose now: the buttons on the screen, by keys that are the same in every language."""

from interlock.access_token import Act
from interlock_edge.bank.inputs import Choice, Chosen
from interlock_edge.bank.state import Bank, Phase
from interlock_edge.custody.fact import RefusedItem

_LEAVING = {f"leave_it.{item.value.lower()}": Chosen(Choice.LEAVE_IT, item=item) for item in RefusedItem}
_DEPOSITOR_WITH_OPEN_DOOR = {
    "does_not_fit": Chosen(Choice.DOES_NOT_FIT),
    "not_empty": Chosen(Choice.NOT_EMPTY),
    "not_deposited": Chosen(Choice.NOT_DEPOSITED),
}
_COLLECTOR_WITH_OPEN_DOOR = {"have_it_all": Chosen(Choice.HAVE_ALL), **_LEAVING}
_OPEN_AGAIN = {"open_again": Chosen(Choice.OPEN_AGAIN)}
_DEPOSITOR = {"all_in": Chosen(Choice.ALL_IN), **_OPEN_AGAIN, **_DEPOSITOR_WITH_OPEN_DOOR}
_COLLECTOR = {"have_it_all": Chosen(Choice.HAVE_ALL), **_OPEN_AGAIN, **_LEAVING}
_FINISH = {"finish": Chosen(Choice.FINISH)}


def choices(bank: Bank) -> dict[str, Chosen]:
    """Return the choices by key, in the order in which they are shown."""
    if bank.opening is not None:
        if bank.opening.phase is not Phase.OPEN or bank.opening.right.act is Act.SERVICE:
            return {}
        deposit = bank.opening.right.act is Act.DEPOSIT
        return dict(_DEPOSITOR_WITH_OPEN_DOOR if deposit else _COLLECTOR_WITH_OPEN_DOOR)
    newest = max(bank.questions.values(), key=lambda question: question.closed_ms, default=None)
    if newest is not None:
        return {**(_DEPOSITOR if newest.right.act is Act.DEPOSIT else _COLLECTOR), **_FINISH}
    return dict(_FINISH) if bank.session is not None else {}
