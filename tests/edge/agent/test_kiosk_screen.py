"""The kiosk's page in a real browser: it draws what the bank says, and big enough."""

import asyncio
import shutil
from pathlib import Path

import pytest
from fake_gateway import FakeGateway
from line import Line

from interlock_edge.kiosk.catalogue import Catalogue
from interlock_edge.kiosk.server import Kiosk
from interlock_edge.simulate.table import Table

pytestmark = pytest.mark.server
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WINDOW = "--window-size=1080,1920"
R1 = "abcdefghijklmnop"


async def browse(address: str, *options: str) -> str:
    """Open the page in a browser without a window; return what it says."""
    assert CHROMIUM is not None, "The server suites need Chromium; .ci/run installs it."
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--virtual-time-budget=3000",
        WINDOW,
        *options,
        address,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return said.decode()


@pytest.mark.parametrize("locale", ["en", "de", "pl"])
async def test_the_browser_shows_what_the_bank_says(
    locale: str, gateway: FakeGateway, table: Table, line: Line, tmp_path: Path
) -> None:
    gateway.manifest = gateway.snapshot()
    await line.connect()
    agent = table.running()
    kiosk = Kiosk(table.running, Catalogue.of(locale), "127.0.0.1:0")
    address = await kiosk.start()
    try:
        welcome = await browse(address, "--dump-dom")
        await agent.scan(gateway.token(R1))
        page = await browse(address, "--dump-dom")
        picture = tmp_path / "kiosk.png"
        await browse(address, f"--screenshot={picture}")
    finally:
        await kiosk.stop()
    catalogue = Catalogue.of(locale)
    assert catalogue.messages["welcome"] in welcome
    assert catalogue.page["erase"] in welcome
    assert catalogue.message("put_in", compartment="1", parcels=0) in page
    assert catalogue.choice("does_not_fit") in page
    assert picture.read_bytes().startswith(b"\x89PNG")
