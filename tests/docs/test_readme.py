"""The program in the README runs as it stands there."""

import re
from pathlib import Path

import pytest

from interlock import key_file
from interlock.profile import Profile
from tests.sdk.fake.gateway import FakeGateway

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "end_to_end" / "golden" / "demo.txt"
PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_program_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = PROGRAM.findall((ROOT / "README.md").read_text())
    monkeypatch.setenv("INTERLOCK_CONFIG_DIR", str(tmp_path))
    with FakeGateway() as gateway:
        key = tmp_path / "acme.pem"
        key_file.save(gateway.world.key, key)
        Profile(gateway.address, party="parties/acme", network="demo", key=str(key)).save("default")
        exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - it is our own page
    said = capsys.readouterr().out
    assert "Altona station\n" in said
    assert re.search(r"^PIN for the collector: \d{8}$", said, re.MULTILINE)
    assert "interlock.reservation.confirmed.v1 parties/acme/reservations/" in said


def test_the_output_of_the_demo_is_what_the_demo_prints() -> None:
    """The golden file is held against the demo itself, where it runs; here the README is held against the file."""
    (told,) = re.findall(r"^```text\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    golden = unnumbered(GOLDEN.read_text()).splitlines()
    lines = [line for line in unnumbered(told).splitlines() if line not in {"", "..."}]
    assert len(lines) > 20
    assert [line for line in lines if line not in golden] == []


def unnumbered(text: str) -> str:
    """Leave out every number, and the width that it takes."""
    return re.sub(r" *[\d#]+(\.[\d#]+)?", " #", text)
