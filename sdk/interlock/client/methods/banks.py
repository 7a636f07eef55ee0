"""An operator's banks: made, changed, opened, closed; how they stand and are used: ``OperatorService``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.client.values import optional_instant
from interlock.client.values import request_id as _request_id
from interlock.client.words import number
from interlock.v1 import operator_service_pb2 as pb
from interlock.v1.bank_pb2 import Bank
from interlock.v1.need_pb2 import SizeClass
from interlock.v1.operator_pb2 import BankStatus, DayUtilization, Headroom, Tenancy


class Banks(Core):
    """What an operator does with a bank as a whole."""

    @answering
    def create_bank(self, bank_id: str, bank: Bank, *, request_id: str | None = None) -> Call[Bank]:
        """Make a bank known. It is PLANNED, bookable by nobody, without compartments.

        Args:
            bank_id: The last part of its name; never used again.
            bank: All about it; what is output only is passed over.
            request_id: To repeat a call of an earlier process; None: a new one.

        Raises:
            interlock.errors.BankExists: the id is taken, now or in the past.

        >>> bank = Bank(display_name="Harbour", time_zone="Europe/Berlin")
        >>> operator.create_bank("harbour", bank).name
        'parties/city/banks/harbour'
        """
        request = pb.CreateBankRequest(
            parent=self._identity.party, bank_id=bank_id, bank=bank, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer.bank)

    @answering
    def update_bank(
        self, bank: Bank, fields: Iterable[str], *, etag: str = "", request_id: str | None = None
    ) -> Call[Bank]:
        """Change the named fields of a bank, for example ``["bookable_by", "terms.recall_time_hours"]``.

        Args:
            bank: As read, with the changes in it.
            fields: Which of them to take.
            etag: The one last seen, to change only what was seen; empty: whatever it is now.
            request_id: As in ``create_bank``.
        """
        request = pb.UpdateBankRequest(
            bank=bank, update_mask=FieldMask(paths=fields), etag=etag, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer.bank)

    @answering
    def open_bank(self, name: str, *, etag: str = "", request_id: str | None = None) -> Call[Bank]:
        """Have a bank take reservations.

        >>> word(BankState.DESCRIPTOR, operator.open_bank("parties/city/banks/dammtor").state)
        'OPEN'
        """
        request = pb.OpenBankRequest(name=name, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer.bank)

    @answering
    def close_bank(
        self,
        name: str,
        reason: str,
        *,
        end: datetime | None = None,
        break_promises: bool = False,
        etag: str = "",
        request_id: str | None = None,
    ) -> Call[pb.CloseBankResponse]:
        """Close a bank: no commitment reaches beyond ``end``. ``break_promises`` gives up those that do.

        Raises:
            interlock.errors.BankNotEmpty: custody or promises stand in the way.
        """
        request = pb.CloseBankRequest(
            name=name,
            reason=reason,
            end_time=optional_instant(end),
            break_promises=break_promises,
            etag=etag,
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer)

    @answering
    def write_off_bank(
        self, name: str, reason: str, *, etag: str = "", request_id: str | None = None
    ) -> Call[pb.WriteOffBankResponse]:
        """Give a bank up for lost with all that is in it: its promises break, its parcels become LOST."""
        request = pb.WriteOffBankRequest(name=name, reason=reason, etag=etag, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer)

    @answering
    def create_enrolment_code(
        self, bank: str, *, request_id: str | None = None
    ) -> Call[pb.CreateEnrolmentCodeResponse]:
        """Make the one-time code with which a bank's controller enrols. A secret; codes made before lapse."""
        request = pb.CreateEnrolmentCodeRequest(bank=bank, request_id=_request_id(request_id))
        return Call(request, read=lambda answer: answer)

    @answering
    def set_headroom(
        self,
        bank: str,
        size: str | int,
        count: int,
        *,
        end: datetime | None = None,
        request_id: str | None = None,
    ) -> Call[Headroom]:
        """Lend a bank ``count`` compartments of a class that it may spend without asking, until ``end``."""
        request = pb.SetHeadroomRequest(
            bank=bank,
            size_class=number(SizeClass, size),
            compartment_count=count,
            end_time=optional_instant(end),
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.headroom)

    @answering
    def bank_status(self, bank: str) -> Call[BankStatus]:
        """Read how a bank is at this moment, as the gateway was last told (``last_heard_time``)."""
        return Call(pb.GetBankStatusRequest(bank=bank), read=lambda answer: answer.status)

    @iterating
    def tenancies(self, bank: str, *, page_size: int = 0) -> Pages[Tenancy]:
        """List who is in which compartment of a bank."""
        request = pb.ListTenanciesRequest(parent=bank, page_size=page_size)
        return Pages(request, items=lambda page: page.tenancies)

    @answering
    def utilization(self, bank: str, start: date, end: date) -> Call[Sequence[DayUtilization]]:
        """List the use of a bank by its own calendar days, from ``start`` up to, not including, ``end``."""
        request = pb.ListUtilizationRequest(parent=bank, start_date=_date(start), end_date=_date(end))
        return Call(request, read=lambda answer: tuple(answer.days))


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
