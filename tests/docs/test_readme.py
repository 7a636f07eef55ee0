"""The program in the README runs as it stands there."""

import re
from pathlib import Path

import pytest

from interlock import key_file
from interlock.profile import Profile
from tests.sdk.fake.gateway import FakeGateway

ROOT = Path(__file__).parents[2]
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
