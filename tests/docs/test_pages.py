"""What the pages show is what their commands print."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^```sh\n(?P<command>[^`]+?)\n```\n\n```text\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)
"""A command, and right below it what it prints."""
TIMEOUT_S = 60


def shown() -> list[object]:
    """Each command with its output, of the pages for those who use Interlock."""
    return [
        pytest.param(found["command"], found["output"], id=f"{page.name}: {found['command'][:40]}")
        for page in sorted((ROOT / "docs").glob("*.md"))
        for found in SHOWN.finditer(page.read_text())
    ]


@pytest.mark.parametrize(("command", "output"), shown())
def test_a_command_prints_what_the_page_shows(command: str, output: str, tmp_path: Path) -> None:
    surroundings = os.environ | {"TZ": "UTC", "COLUMNS": "100", "INTERLOCK_CONFIG_DIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert done.stdout == output


@pytest.mark.parametrize("name", ["carriers.md", "operators.md", "vendors.md"])
def test_each_page_ends_in_a_command_and_its_output(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    assert [found.end() for found in SHOWN.finditer(text)][-1:] == [len(text.rstrip())]


def test_the_list_of_pages_names_every_page_of_the_protocol() -> None:
    named = set(re.findall(r"\(protocol/([^)]+)\)", (ROOT / "docs" / "README.md").read_text()))
    assert named == {page.name for page in (ROOT / "docs" / "protocol").glob("*.md")}
