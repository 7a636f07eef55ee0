"""What an operator deals with at a bank as messages: commands, tenancies, the live state, use by day."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from interlock.edge.v1 import command_pb2
from interlock.v1 import bank_pb2, compartment_pb2, operator_pb2, reservation_pb2
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.names import BankName, CommandName, CompartmentName, PartyName, ReservationName
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.utilization import DayUse
from interlock_gateway.services.mapping.bank import date_message
from interlock_gateway.services.mapping.values import number, stamp
from interlock_gateway.store.sqlite.live_banks import LiveBank
from interlock_gateway.use_cases.bank_link import StoredCommand
from interlock_gateway.use_cases.doors import Lent
from interlock_gateway.use_cases.network import Reach

_KINDS: Final = {
    "open_for_right": operator_pb2.COMMAND_KIND_OPEN_DOOR,
    "open_compartment": operator_pb2.COMMAND_KIND_OPEN_COMPARTMENT,
    "set_compartment_service": operator_pb2.COMMAND_KIND_SET_COMPARTMENT_SERVICE,
    "reboot": operator_pb2.COMMAND_KIND_REBOOT,
    "evacuate": operator_pb2.COMMAND_KIND_EVACUATE,
    "resend_facts": operator_pb2.COMMAND_KIND_RESEND_FACTS,
    "move_parcel": operator_pb2.COMMAND_KIND_MOVE_PARCEL,
    "install_firmware": operator_pb2.COMMAND_KIND_UPDATE_FIRMWARE,
    "upload_logs": operator_pb2.COMMAND_KIND_UPLOAD_LOGS,
}
"""The kind of a command by the body that the bank was sent."""


def command_message(stored: StoredCommand) -> operator_pb2.Command:
    """Write a command and what the bank made of it."""
    bank = BankName.parse(stored.bank)
    body = command_pb2.Command.FromString(stored.body)
    result = command_pb2.CommandResult.FromString(stored.result)
    kind = body.WhichOneof("body") or ""
    right = body.open_for_right if kind == "open_for_right" and stored.requested_by else None
    label = result.compartment or (body.open_compartment.compartment if kind == "open_compartment" else "")
    return operator_pb2.Command(
        name=str(CommandName(bank.party, bank.bank, stored.id)),
        kind=_KINDS.get(kind, operator_pb2.COMMAND_KIND_UNSPECIFIED),
        state=number(operator_pb2.CommandState, stored.state),
        requested_by=str(PartyName(stored.requested_by)) if stored.requested_by else "",
        compartment=_compartment(bank, label),
        reservation=str(ReservationName(stored.requested_by, right.reservation)) if right is not None else "",
        presence=number(operator_pb2.PresenceKind, right.presence or None) if right is not None else 0,  # type: ignore[arg-type]
        reason=body.open_compartment.reason,
        access_refusal=result.access_refusal,
        detail=result.detail,
        create_time=stamp(stored.create_time),
        send_time=stamp(stored.create_time),
        deadline_time=stamp(stored.deadline),
        end_time=stamp(stored.result_time),
    )


def tenancy_message(reservation: Reservation) -> operator_pb2.Tenancy:
    """Write who is in a compartment."""
    return operator_pb2.Tenancy(
        compartment=_compartment(reservation.bank, reservation.compartment or ""),
        reservation=str(reservation.name),
        state=number(reservation_pb2.ReservationState, reservation.state),
        parcel_numbers=[parcel.number for parcel in reservation.inside],
        start_time=stamp(reservation.deposit_time),
        collect_end_time=stamp(reservation.collect_end),
        commitment_end_time=stamp(reservation.commitment_end),
        evidence=number(reservation_pb2.Evidence, reservation.evidence),
    )


def status_message(bank: Bank, live: LiveBank, reach: Reach, *, now: datetime) -> operator_pb2.BankStatus:
    """Write a bank as the gateway was last told."""
    link = live.link
    return operator_pb2.BankStatus(
        bank=str(bank.name),
        state=number(bank_pb2.BankState, bank.state),
        enrolled=link.kid is not None,
        connected=reach.connected,
        last_heard_time=stamp(reach.last_heard_time or link.last_heard_time),
        suspended=link.suspended,
        firmware=link.firmware,
        unacknowledged_change_count=max(live.manifest_number - link.held_number, 0),
        pending_command_count=live.pending_commands,
        journal_id=link.journal_id or "",
        custody_number=live.custody_number,
        compartments=[
            operator_pb2.CompartmentStatus(
                compartment=_compartment(bank.name, each.label),
                outage_reason=number(compartment_pb2.OutageReason, each.outage.reason)
                if each.outage is not None and each.door.out_until > now.timestamp()
                else compartment_pb2.OUTAGE_REASON_UNSPECIFIED,
            )
            for each in live.doors.compartments
        ],
        headroom=[headroom_message(each) for each in live.doors.lent],
        allocation_version=live.allocation_version,
    )


def headroom_message(lent: Lent) -> operator_pb2.Headroom:
    """Write what a bank may spend of one class."""
    return operator_pb2.Headroom(
        size_class=lent.size_class,  # type: ignore[arg-type] # the contract's numbers
        compartment_count=lent.count,
        spent_count=lent.spent,
        fence=lent.fence,
        acknowledged_fence=lent.acknowledged_fence,
        end_time=stamp(lent.end_time),
    )


def day_message(use: DayUse) -> operator_pb2.DayUtilization:
    """Write the use of a day."""
    return operator_pb2.DayUtilization(
        date=date_message(use.day),
        deposit_count=use.deposits,
        collect_count=use.collects,
        recall_count=use.recalls,
        occupied_hours=use.occupied_hours,
        committed_hours=use.committed_hours,
        available_hours=use.available_hours,
        broken_count=use.broken,
    )


def _compartment(bank: BankName, label: str) -> str:
    return str(CompartmentName(bank.party, bank.bank, label)) if label else ""
