"""The clients against the contract: each method once, each main call with an example that runs."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import interlock
from interlock import AsyncClient, Bank, Client, Collector, Compartment, Dimensions, PrivateKey, errors
from interlock import client as clients
from interlock import v1 as contract
from interlock.client.methods import Methods
from interlock.client.words import word
from interlock.v1.bank_pb2 import BankState
from interlock.v1.discrepancy_pb2 import DiscrepancyKind
from interlock.v1.reservation_pb2 import Effect, ReservationState
from tests.sdk.client.conftest import AT_ONCE
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.world import ALTONA

MAIN = frozenset(
    {
        "bank",
        "banks",
        "cancel",
        "confirm",
        "create_bank",
        "create_compartments",
        "discrepancies",
        "events",
        "get",
        "get_proof",
        "issue_access",
        "issue_courier_session",
        "key_set",
        "list",
        "list_receipts",
        "network",
        "open_bank",
        "parties",
        "party",
        "register_key",
        "reserve",
        "reserve_many",
        "revoke",
        "search_banks",
        "submit_receipt",
        "track",
        "verify_receipt",
        "verify_token",
        "watch",
    }
)
"""What must have an example."""


def services() -> Iterator[str]:
    """The methods of every service that parties call, by name."""
    for module in pkgutil.iter_modules(contract.__path__):
        if module.name.endswith("_service_pb2"):
            described = importlib.import_module(f"interlock.v1.{module.name}").DESCRIPTOR
            for service in described.services_by_name.values():
                yield from (method.name for method in service.methods)


def descriptions() -> dict[str, Callable[..., Any]]:
    """The clients' methods, as they are described."""
    found = inspect.getmembers(Methods, inspect.isfunction)
    return {name: each for name, each in found if not name.startswith("_")}


@pytest.mark.parametrize("method", sorted(services()))
def test_each_method_of_the_contract_has_its_place_in_the_clients(method: str) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in Path(clients.__file__).parent.rglob("*.py"))
    assert len(re.findall(rf"\b{method}Request\(", source)) >= 1


def test_both_clients_have_the_same_methods() -> None:
    assert {*descriptions(), "close", "of", "from_profile", "item"} == {
        name for name in dir(Client) if not name.startswith("_")
    }
    assert [name for name in dir(Client) if not name.startswith("_")] == [
        name for name in dir(AsyncClient) if not name.startswith("_")
    ]


@pytest.mark.parametrize("name", sorted(descriptions()))
def test_each_method_says_what_it_does(name: str) -> None:
    first, *_ = (inspect.getdoc(descriptions()[name]) or "").splitlines() or [""]
    assert first.endswith((".", ":")), name


def test_help_shows_a_method_with_its_arguments() -> None:
    assert str(inspect.signature(Client.confirm)).startswith("(self, name: 'str', *, etag: 'str' = ''")


@pytest.fixture
def names(gateway: FakeGateway) -> Iterator[dict[str, Any]]:
    """What an example may use without saying where it is from."""
    with (
        Client(gateway.address, party="acme", key=gateway.world.key, network="demo", retry=AT_ONCE) as client,
        Client(gateway.address, party="city", key=gateway.world.operator_key, network="demo") as operator,
    ):
        cancelled = client.reserve(ALTONA, ["A0"], size="S")
        client.cancel(cancelled.name)
        yield {
            "AsyncClient": AsyncClient,
            "Bank": Bank,
            "BankState": BankState,
            "Client": Client,
            "Collector": Collector,
            "Compartment": Compartment,
            "Dimensions": Dimensions,
            "DiscrepancyKind": DiscrepancyKind,
            "Effect": Effect,
            "PrivateKey": PrivateKey,
            "ReservationState": ReservationState,
            "asyncio": asyncio,
            "cancelled": cancelled,
            "client": client,
            "gateway": gateway.address,
            "json": json,
            "key": gateway.world.key,
            "operator": operator,
            "receipt": next(client.list_receipts()),
            "receipt_text": gateway.world.receipts[0],
            "reserved": client.reserve(ALTONA, ["JD014600003SE"], size="M"),
            "timedelta": timedelta,
            "word": word,
        }


EXAMPLES = {name: each.__doc__ for name, each in descriptions().items()} | {
    "AsyncClient": AsyncClient.__doc__,
    "Client": Client.__doc__,
    "errors": errors.__doc__,
    "interlock": interlock.__doc__,
}


@pytest.mark.parametrize("name", [name for name, text in EXAMPLES.items() if ">>>" in (text or "")])
def test_an_example_does_what_it_says(name: str, names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    example = doctest.DocTestParser().get_doctest(EXAMPLES[name] or "", names, name, None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(example)
    assert runner.summarize(verbose=False).failed == 0, capsys.readouterr().out


def test_each_main_call_has_an_example() -> None:
    assert [name for name in sorted(MAIN) if ">>>" not in (EXAMPLES[name] or "")] == []


def test_names_are_loaded_when_they_are_first_used() -> None:
    script = (
        "import sys, interlock, interlock.v1.need_pb2, interlock.keys\n"
        "assert 'grpc' not in sys.modules and 'interlock.client' not in sys.modules\n"
        "from interlock import Client\n"
        "assert 'grpc' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("name", interlock.__all__)
def test_every_name_promised_is_there(name: str) -> None:
    assert getattr(interlock, name).__name__ == name
    assert name in dir(interlock)


def test_a_name_that_is_not_there_is_missing() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Customer'"):
        interlock.Customer  # noqa: B018  the look-up is the test
