"""Finding banks: ``DirectoryService``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from google.type.money_pb2 import Money

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.following import WatchedBanks
from interlock.client.method import answering, iterating
from interlock.client.values import collecting, interval, need, optional_instant, point
from interlock.client.words import number, numbers
from interlock.v1 import directory_service_pb2 as pb
from interlock.v1.bank_pb2 import Bank, BankState
from interlock.v1.collector_pb2 import CollectorField, CollectorNeeds
from interlock.v1.need_pb2 import Input
from interlock.v1.parcel_pb2 import Restriction
from interlock.v1.reservation_pb2 import CollectFor, HandOver


class Directory(Core):
    """What there is."""

    @iterating
    def search_banks(
        self,
        near: tuple[float, float],
        *,
        radius_m: int = 0,
        size: str | int | None = None,
        size_mm: tuple[int, int, int] | None = None,
        climate: str | int | None = None,
        features: Iterable[str | int] = (),
        mass_g: int = 0,
        declared_value: Money | None = None,
        restrictions: Iterable[Restriction] = (),
        collector_needs: CollectorNeeds | None = None,
        collector_fields: Iterable[str | int] = (),
        inputs: Iterable[str | int] = (),
        window: tuple[datetime, datetime] | None = None,
        collect_for: CollectFor | timedelta | None = None,
        hand_over: str | int | None = None,
        open_at: datetime | None = None,
        include_full: bool = False,
        page_size: int = 0,
        on_unreachable: Callable[[str], object] | None = None,
    ) -> Pages[pb.FoundBank]:
        """Find banks that would take these parcels in this window, nearest first.

        Args:
            near: Latitude and longitude in degrees, WGS 84.
            radius_m: As the crow flies, up to 100000; 0: 5000.
            size: The smallest class that serves; without it and ``size_mm``: any.
            size_mm: Width, height and depth in millimetres, in place of ``size``.
            climate: As in ``reserve``.
            features: As in ``reserve``.
            mass_g: Of the heaviest parcel; 0: not asked.
            declared_value: Of the most valuable parcel.
            restrictions: What any of the parcels bears.
            collector_needs: What the collector needs of the bank.
            collector_fields: Particulars of the collector that can be given, as ``["PHONE"]``; none: not asked.
            inputs: Ways to prove a right, of which the bank must have one, for example ``["KEYPAD"]``.
            window: When the depositor may come; None: from now, eight hours.
            collect_for: How long the parcels may wait; None: each bank's own.
            hand_over: ``"AT_BANK"`` (None) or ``"INTO_NETWORK"``.
            open_at: People can reach the bank at this moment.
            include_full: Those without room too.
            page_size: So many a page, up to 100.
            on_unreachable: Told the name of each bank or network that did not answer in time; it may have room.

        >>> for found in client.search_banks(near=(53.55, 9.93), size="M"):
        ...     print(found.bank.name, found.distance_m)
        parties/city/banks/altona 399
        parties/city/banks/dammtor 1161
        """
        latitude_longitude = point(near)
        request = pb.SearchBanksRequest(
            position=latitude_longitude,
            radius_m=radius_m,
            need=need(size, size_mm, climate, features),
            mass_g=mass_g,
            declared_value=declared_value,
            restrictions=restrictions,
            collector_needs=collector_needs,
            collector_fields=numbers(CollectorField, collector_fields),
            inputs=numbers(Input, inputs),
            deposit_window=interval(window),
            collect_for=collecting(collect_for),
            hand_over=number(HandOver, hand_over),
            open_at_time=optional_instant(open_at),
            include_full=include_full,
            page_size=page_size,
        )

        def results(page: pb.SearchBanksResponse) -> Iterable[pb.FoundBank]:
            if on_unreachable is not None:
                for name in page.unreachable:
                    on_unreachable(name)
            return page.results

        return Pages(request, items=results)

    @answering
    def bank(self, name: str) -> Call[Bank]:
        """Read one bank, with the public keys that its receipts verify with.

        Raises:
            interlock.errors.BankUnknown: there is none for this caller.

        >>> client.bank("parties/city/banks/altona").display_name
        'Altona station'
        """
        return Call(pb.GetBankRequest(name=name), read=lambda answer: answer.bank)

    @iterating
    def banks(
        self, operator: str = "parties/-", *, states: Iterable[str | int] = (), page_size: int = 0
    ) -> Pages[Bank]:
        """List the banks that the caller may see, by name.

        Args:
            operator: Whose, ``parties/{operator}``; without it everybody's.
            states: Only those in one of these; none: all but CLOSED.
            page_size: So many a page, up to 500.

        >>> [bank.name for bank in client.banks()]
        ['parties/city/banks/altona', 'parties/city/banks/dammtor']
        """
        request = pb.ListBanksRequest(parent=operator, states=numbers(BankState, states), page_size=page_size)
        return Pages(request, items=lambda page: page.banks)

    @iterating
    def watch_banks(self, operator: str = "parties/-", *, names: Iterable[str] = (), cursor: str = "") -> WatchedBanks:
        """Follow banks as they change: first each as it is, then each again after a change. Does not end.

        Args:
            operator: Whose, ``parties/{operator}``; without it everybody's.
            names: Only these.
            cursor: ``cursor`` of the last answer seen, to continue behind it.

        Raises:
            interlock.errors.CursorTooOld: begin again without a cursor.
        """
        return WatchedBanks(operator, names, cursor)

    @iterating
    def drop_off_points(
        self, network: str, near: tuple[float, float], *, radius_m: int = 0, page_size: int = 0
    ) -> Pages[pb.DropOffPoint]:
        """List where a parcel for a carried network is handed in, nearest first.

        Raises:
            interlock.errors.NotServedYet: this gateway has no carried networks.
        """
        request = pb.ListDropOffPointsRequest(
            parent=network, position=point(near), radius_m=radius_m, page_size=page_size
        )
        return Pages(request, items=lambda page: page.drop_off_points)

    @answering
    def network(self) -> Call[pb.Network]:
        """Read what holds in the whole network: its id, its size classes, its bounds and defaults, its time.

        >>> client.network().network_id
        'demo'
        """
        return Call(pb.GetNetworkRequest(), read=lambda answer: answer.network)
