"""The compartments of a bank and what is asked of it: commands, evacuations, service: ``OperatorService``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from google.protobuf.field_mask_pb2 import FieldMask

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.client.methods.access import presence
from interlock.client.values import duration, interval
from interlock.client.values import request_id as _request_id
from interlock.v1 import operator_service_pb2 as pb
from interlock.v1.compartment_pb2 import Compartment
from interlock.v1.operator_pb2 import Command, Evacuation, ServiceVisit

_HEARING_S = 5
"""What a call waits beyond the command's own time: the answer has a way to come."""


class Doors(Core):
    """What an operator does with doors. Every command has a deadline; one that comes late never fires."""

    @iterating
    def compartments(self, bank: str, *, page_size: int = 0) -> Pages[Compartment]:
        """List the compartments of a bank, by label."""
        request = pb.ListCompartmentsRequest(parent=bank, page_size=page_size)
        return Pages(request, items=lambda page: page.compartments)

    @answering
    def create_compartments(
        self, bank: str, compartments: Iterable[Compartment], *, request_id: str | None = None
    ) -> Call[Sequence[Compartment]]:
        """Add compartments to a bank, 1 to 1000, all or none; each bears its own name.

        >>> door = Compartment(
        ...     name="parties/city/banks/dammtor/compartments/1",
        ...     clear=Dimensions(width_mm=380, height_mm=190, depth_mm=640),
        ... )
        >>> [made.name for made in operator.create_compartments("parties/city/banks/dammtor", [door])]
        ['parties/city/banks/dammtor/compartments/1']
        """
        request = pb.CreateCompartmentsRequest(
            parent=bank, compartments=compartments, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: tuple(answer.compartments))

    @answering
    def update_compartment(
        self, compartment: Compartment, fields: Iterable[str], *, request_id: str | None = None
    ) -> Call[pb.UpdateCompartmentResponse]:
        """Change the named fields of a compartment, for example ``["out_of_service"]``; its ``etag`` is looked at."""
        request = pb.UpdateCompartmentRequest(
            compartment=compartment, update_mask=FieldMask(paths=fields), request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer)

    @answering
    def open_compartment(
        self,
        compartment: str,
        reason: str,
        *,
        screen_code: str = "",
        position: tuple[float, float] | None = None,
        staff_call: bool = False,
        timeout: timedelta = timedelta(seconds=10),
        request_id: str | None = None,
    ) -> Call[Command]:
        """Open a compartment from afar. With presence it counts to the limit of all openings alone.

        Args:
            compartment: ``parties/{operator}/banks/{bank}/compartments/{label}``.
            reason: For the record, no personal data.
            screen_code: The code that the bank's screen shows at this moment.
            position: Where the phone of the person at the bank is.
            staff_call: Somebody of the operator's is on the phone with that person.
            timeout: How long the opening may wait, 1 to 30 s.
            request_id: The same id never opens twice.
        """
        known = bool(screen_code) or position is not None or staff_call
        request = pb.OpenCompartmentRequest(
            compartment=compartment,
            reason=reason,
            presence=presence(screen_code, position, staff_call=staff_call) if known else None,
            timeout=duration(timeout),
            request_id=_request_id(request_id),
        )
        return Call(request, read=_command, timeout_s=timeout.total_seconds() + _HEARING_S)

    @answering
    def reboot_bank(
        self, bank: str, reason: str, *, timeout: timedelta = timedelta(seconds=30), request_id: str | None = None
    ) -> Call[Command]:
        """Have a bank start anew."""
        request = pb.RebootBankRequest(
            bank=bank, reason=reason, timeout=duration(timeout), request_id=_request_id(request_id)
        )
        return Call(request, read=_command, timeout_s=timeout.total_seconds() + _HEARING_S)

    @answering
    def command(self, name: str) -> Call[Command]:
        """Read how far a command has come."""
        return Call(pb.GetCommandRequest(name=name), read=_command)

    @iterating
    def commands(self, bank: str, *, pending_only: bool = False, page_size: int = 0) -> Pages[Command]:
        """List the commands to a bank, the newest first."""
        request = pb.ListCommandsRequest(parent=bank, pending_only=pending_only, page_size=page_size)
        return Pages(request, items=lambda page: page.commands)

    @answering
    def evacuate(
        self, bank: str, reason: str, *, compartments: Iterable[str] = (), request_id: str | None = None
    ) -> Call[Evacuation]:
        """Ask for other people's compartments to be opened; none named: all. A second party must approve."""
        request = pb.EvacuateRequest(
            bank=bank, reason=reason, compartments=compartments, request_id=_request_id(request_id)
        )
        return Call(request, read=_evacuation)

    @answering
    def approve_evacuation(self, name: str, *, request_id: str | None = None) -> Call[Evacuation]:
        """Approve another party's evacuation.

        Raises:
            interlock.errors.SecondPartyRequired: the caller asked for it.
        """
        request = pb.ApproveEvacuationRequest(name=name, request_id=_request_id(request_id))
        return Call(request, read=_evacuation)

    @iterating
    def evacuations(self, bank: str, *, page_size: int = 0) -> Pages[Evacuation]:
        """List the evacuations of a bank, the newest first."""
        request = pb.ListEvacuationsRequest(parent=bank, page_size=page_size)
        return Pages(request, items=lambda page: page.evacuations)

    @answering
    def schedule_service_visit(
        self,
        bank: str,
        window: tuple[datetime, datetime],
        purpose: str,
        *,
        compartments: Iterable[str] = (),
        request_id: str | None = None,
    ) -> Call[ServiceVisit]:
        """Plan when a technician comes. A gateway may answer with ``NotServedYet``, as to all below."""
        request = pb.ScheduleServiceVisitRequest(
            bank=bank,
            window=interval(window),
            purpose=purpose,
            compartments=compartments,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.visit)

    @iterating
    def service_visits(self, bank: str, *, page_size: int = 0) -> Pages[ServiceVisit]:
        """List the planned visits to a bank, the next first."""
        request = pb.ListServiceVisitsRequest(parent=bank, page_size=page_size)
        return Pages(request, items=lambda page: page.visits)

    @answering
    def recover_compartment(
        self,
        compartment: str,
        reason: str,
        *,
        timeout: timedelta = timedelta(seconds=30),
        request_id: str | None = None,
    ) -> Call[Command]:
        """Free a door that does not open."""
        request = pb.RecoverCompartmentRequest(
            compartment=compartment, reason=reason, timeout=duration(timeout), request_id=_request_id(request_id)
        )
        return Call(request, read=_command, timeout_s=timeout.total_seconds() + _HEARING_S)

    @answering
    def move_parcel(
        self, compartment: str, to_compartment: str, reason: str, *, request_id: str | None = None
    ) -> Call[Command]:
        """Record that a technician moves the parcels of one compartment to another."""
        request = pb.MoveParcelRequest(
            compartment=compartment,
            to_compartment=to_compartment,
            reason=reason,
            request_id=_request_id(request_id),
        )
        return Call(request, read=_command)

    @answering
    def update_firmware(self, bank: str, target: str, sha256: bytes, *, request_id: str | None = None) -> Call[Command]:
        """Have a bank install a bundle that its vendor signed, by its path and digest."""
        request = pb.UpdateFirmwareRequest(bank=bank, target=target, sha256=sha256, request_id=_request_id(request_id))
        return Call(request, read=_command)

    @answering
    def request_logs(self, bank: str, since: timedelta, *, request_id: str | None = None) -> Call[Command]:
        """Have a bank send its technical logs of the last ``since``, up to seven days."""
        request = pb.RequestLogsRequest(bank=bank, since=duration(since), request_id=_request_id(request_id))
        return Call(request, read=_command)


def _command(answer: pb.GetCommandResponse) -> Command:
    return answer.command


def _evacuation(answer: pb.EvacuateResponse) -> Evacuation:
    return answer.evacuation
