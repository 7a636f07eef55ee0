"""Compartments as messages, and as their operator describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from google.protobuf.field_mask_pb2 import FieldMask

from interlock.v1 import compartment_pb2, need_pb2
from interlock_gateway.domain.capacity import Climate, Feature, SizeClass
from interlock_gateway.domain.compartment import Compartment, Outage, OutageReason
from interlock_gateway.domain.errors import InvalidField
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.services.mapping.reservation import dimensions_message, dimensions_of
from interlock_gateway.services.mapping.values import instant, named, number, stamp

CHANGEABLE: Final = frozenset({"clear", "max_mass_g", "climate", "features", "out_of_service"})
BY_OPERATOR: Final = frozenset({OutageReason.MAINTENANCE, OutageReason.WITHHELD})


def compartment_message(bank: BankName, compartment: Compartment) -> compartment_pb2.Compartment:
    """Write a compartment."""
    return compartment_pb2.Compartment(
        name=str(CompartmentName(bank.party, bank.bank, compartment.label)),
        clear=dimensions_message(compartment.clear),
        max_mass_g=compartment.max_mass_g,
        climate=need_pb2.Climate.ValueType(compartment.climate),
        features=[need_pb2.Feature.ValueType(each) for each in sorted(compartment.features)],
        size_class=need_pb2.SizeClass.ValueType(compartment.size_class),
        out_of_service=_outage_message(compartment.outage),
        senses_door=compartment.senses_door,
        senses_occupancy=compartment.senses_occupancy,
        opening_count=compartment.opening_count,
        create_time=stamp(compartment.create_time),
        update_time=stamp(compartment.update_time),
        etag=compartment.etag,
    )


def _outage_message(outage: Outage | None) -> compartment_pb2.Outage | None:
    if outage is None:
        return None
    return compartment_pb2.Outage(
        reason=number(compartment_pb2.OutageReason, outage.reason),
        start_time=stamp(outage.start_time),
        end_time=stamp(outage.end_time),
        note=outage.note,
        by_bank=outage.by_bank,
    )


def described_compartment(said: compartment_pb2.Compartment, *, field: str, now: datetime) -> Compartment:
    """Read a compartment as its operator describes it; its class is found when it is made.

    Args:
        said: The message, whose shape has been checked.
        field: Its path in the request.
        now: When.

    Raises:
        InvalidName: Its name is none.
        InvalidField: An outage that only the bank itself can report.
    """
    return Compartment(
        label=CompartmentName.parse(said.name, field=f"{field}.name").compartment,
        clear=dimensions_of(said.clear),
        max_mass_g=said.max_mass_g,
        climate=Climate(said.climate) if said.climate else Climate.AMBIENT,
        features=frozenset(Feature(each) for each in said.features),
        size_class=SizeClass.XS,
        outage=_outage(said, field, now),
        create_time=now,
        update_time=now,
    )


def _outage(said: compartment_pb2.Compartment, field: str, now: datetime) -> Outage | None:
    if not said.HasField("out_of_service"):
        return None
    outage = said.out_of_service
    reason = named(compartment_pb2.OutageReason, outage.reason, OutageReason)
    if reason not in BY_OPERATOR:
        raise InvalidField(field=f"{field}.out_of_service.reason", rule="an operator says MAINTENANCE or WITHHELD.")
    end = instant(outage.end_time) if outage.HasField("end_time") else None
    return Outage(reason=reason, start_time=now, end_time=end, note=outage.note)


def amending_compartment(
    said: compartment_pb2.Compartment, mask: FieldMask, *, now: datetime
) -> Callable[[Compartment], Compartment]:
    """Read what is to change of a compartment.

    Raises:
        InvalidField: The mask names a field that may not be changed, or what it holds may not be said.
    """
    tops = masked(mask.paths, CHANGEABLE)
    name = CompartmentName.parse(said.name, field="compartment.name")
    if "out_of_service" in tops:
        _outage(said, "compartment", now)

    def amend(before: Compartment) -> Compartment:
        merged = compartment_message(name.bank_name, before)
        if "out_of_service" not in tops:
            merged.ClearField("out_of_service")
        mask.MergeMessage(said, merged, True, True)  # noqa: FBT003 - replaces messages, replaces repeated fields
        after = described_compartment(merged, field="compartment", now=now)
        return replace(
            before,
            clear=after.clear,
            max_mass_g=after.max_mass_g,
            climate=after.climate,
            features=after.features,
            outage=after.outage if "out_of_service" in tops else before.outage,
        )

    return amend


def masked(paths: Iterable[str], changeable: frozenset[str]) -> frozenset[str]:
    """Name the fields of a resource that a mask touches, wholly or in part.

    Raises:
        InvalidField: One of them may not be changed.
    """
    tops = {path.partition(".")[0] for path in paths}
    for top in sorted(tops - changeable):
        raise InvalidField(field="update_mask", rule=f"{top} may not be changed here.")
    return frozenset(tops)
