"""The kiosk's page: what it shows, what it takes, and what it keeps out."""

import string
from collections.abc import AsyncIterator

import httpx
import pytest
from fake_gateway import FakeGateway
from line import Line

from interlock_edge.access.refusal import Told
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.inputs import Choice
from interlock_edge.custody.fact import RefusedItem
from interlock_edge.kiosk.catalogue import LOCALES, Catalogue
from interlock_edge.kiosk.page import page
from interlock_edge.simulate.table import Table

R1 = "abcdefghijklmnop"


@pytest.fixture
async def browser(gateway: FakeGateway, table: Table, line: Line) -> AsyncIterator[httpx.AsyncClient]:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    transport = httpx.ASGITransport(page(table.running, Catalogue.of("de")))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_the_page_runs_no_script_but_its_own(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert '<html lang="de">' in answer.text
    assert "{{" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert "<script>" not in answer.text


async def test_a_deposit_at_the_screen(browser: httpx.AsyncClient, table: Table, gateway: FakeGateway) -> None:
    seen = (await browser.get("/screen")).json()
    assert (seen["key"], seen["pin_wanted"], seen["scan_wanted"]) == ("welcome", True, True)
    await browser.post("/enter", json={"text": gateway.token(R1)})
    seen = (await browser.get("/screen")).json()
    assert seen["key"] == "put_in"
    assert seen["text"] == "Legen Sie das Paket in Fach 1 und schließen Sie die Tür."
    assert ["does_not_fit", "Es passt nicht"] in seen["choices"]
    table.doors.bank.put("1", "parcel")
    table.doors.close("1")
    await table.running().rest()
    seen = (await browser.get("/screen")).json()
    assert (seen["key"], seen["receipt"]) == ("deposited", True)
    drawn = await browser.get("/receipt.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "<svg" in drawn.text


async def test_digits_are_a_pin_and_wrong_ones_lock_the_keypad(browser: httpx.AsyncClient, table: Table) -> None:
    for _ in range(5):
        await browser.post("/enter", json={"text": "00000000"})
    seen = (await browser.get("/screen")).json()
    assert seen["pin_wanted"] is False
    assert seen["scan_wanted"] is True
    await table.pull_plug()
    await table.plug_in()
    assert (await browser.get("/screen")).json()["pin_wanted"] is False


async def test_a_choice_that_is_not_shown_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/choose", json={"choice": "have_it_all"})
    assert answer.status_code == 409


@pytest.mark.parametrize("body", [b"", b"[]", b'{"text": 1}', b'{"text": "' + b"a" * 5_000 + b'"}', b"\xff"])
async def test_nonsense_is_refused(body: bytes, browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/enter", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_another_sites_form_opens_nothing(browser: httpx.AsyncClient, gateway: FakeGateway) -> None:
    answer = await browser.post("/enter", data={"text": gateway.token(R1)})
    assert answer.status_code == 415
    assert (await browser.get("/screen")).json()["key"] == "welcome"


async def test_a_foreign_name_for_this_machine_gets_nothing(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/screen", headers={"host": "rebound.example"})
    assert answer.status_code == 400


async def test_the_welcome_follows_a_refusal_by_itself(browser: httpx.AsyncClient, table: Table) -> None:
    await browser.post("/enter", json={"text": "nonsense"})
    assert (await browser.get("/screen")).json()["key"] == "not_accepted"
    await table.advance(21_000)
    assert (await browser.get("/screen")).json()["key"] == "welcome"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_a_text_for_everything(locale: str) -> None:
    catalogue = Catalogue.of(locale)
    assert set(catalogue.messages) == {each.value.lower() for each in (*Screen, *Told)}
    offered = {*(choice.value.lower() for choice in Choice), "have_it_all", "take"} - {"have_all", "leave_it"}
    assert set(catalogue.choices) == offered | {f"leave_it.{item.value.lower()}" for item in RefusedItem}
    assert set(catalogue.page) == set(Catalogue.of("en").page)
    for key, text in catalogue.messages.items():
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= {"compartment", "parcels"}, key
