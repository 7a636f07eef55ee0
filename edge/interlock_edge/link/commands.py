"""Commands: from the contract's to the machine's, and results back. A late one never fires (LNK-42, LNK-43)."""

from interlock.access_token import Act
from interlock.edge.v1 import command_pb2
from interlock.v1 import access_refusal_pb2, reservation_pb2
from interlock_edge.access.command import command_verdict, operators_grant
from interlock_edge.access.grant import Granted
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.agent.agent import Agent
from interlock_edge.bank.inputs import Deadline, Input, OpenAsked, ServiceSet
from interlock_edge.custody.change import CommandResult
from interlock_edge.custody.right import Form, Right

SCREEN_CODE = "SCREEN_CODE"
_ACTS = {
    reservation_pb2.ACT_DEPOSIT: Act.DEPOSIT,
    reservation_pb2.ACT_COLLECT: Act.COLLECT,
    reservation_pb2.ACT_RECALL: Act.RECALL,
}
_NOT_HERE = "This bank cannot do that."


def asked(agent: Agent, command: command_pb2.Command) -> Input | None:
    """Return what a command asks of the machine; nothing where it asks for something that this agent cannot do."""
    deadline = Deadline(command.deadline.boot_id, command.deadline.monotonic_ms)
    match command.WhichOneof("body"):
        case "open_for_right":
            return OpenAsked(command.id, deadline, _verdict(agent, command.id, command.open_for_right))
        case "open_compartment":
            return OpenAsked(
                command.id, deadline, operators_grant(command.id, command.open_compartment.compartment, agent.now())
            )
        case "set_compartment_service":
            said = command.set_compartment_service
            return ServiceSet(command.id, deadline, said.compartment, said.withdrawn)
    return None


def not_here(command: command_pb2.Command) -> command_pb2.CommandResult:
    """Refuse a command that this agent has no way to carry out."""
    return command_pb2.CommandResult(id=command.id, outcome=command_pb2.COMMAND_OUTCOME_REFUSED, detail=_NOT_HERE)


def done(command: command_pb2.Command) -> command_pb2.CommandResult:
    """Answer a command that the link itself carried out."""
    return command_pb2.CommandResult(id=command.id, outcome=command_pb2.COMMAND_OUTCOME_DONE)


def said_of(result: CommandResult) -> command_pb2.CommandResult:
    """Say a result as the contract has it."""
    refused = access_refusal_pb2.ACCESS_REFUSAL_UNSPECIFIED
    if result.reason:
        refused = access_refusal_pb2.AccessRefusal.Value(f"ACCESS_REFUSAL_{result.reason}")
    return command_pb2.CommandResult(
        id=result.command,
        outcome=command_pb2.CommandOutcome.Value(f"COMMAND_OUTCOME_{result.outcome.value}"),
        access_refusal=refused,
        compartment=result.compartment,
    )


def _verdict(agent: Agent, command: str, said: command_pb2.OpenForRight) -> Granted | Refused:
    act = _ACTS.get(said.act)
    if act is None:
        return Refused(Reason.WRONG_ACT, Form.REMOTE, said.reservation)
    first_time = command not in agent.bank.results
    if first_time and said.presence == SCREEN_CODE and not agent.use_presence_code(said.screen_code):
        return Refused(Reason.WRONG_PIN, Form.REMOTE, said.reservation)
    return command_verdict(
        command,
        Right(said.reservation, act),
        agent.knowledge.known(agent.bank),
        agent.now(),
        series=said.series,
        presence=said.presence,
    )
