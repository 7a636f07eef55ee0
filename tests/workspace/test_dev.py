"""The command that a newcomer types first: it makes the environment once, and says plainly what it lacks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MEMBERS = ("sdk", "gateway", "edge", "demo")

UV = r"""#!/bin/sh
# Stands for uv: writes down what it is asked for, and makes an environment whose python only names its arguments.
echo "$1 $2" >> "$(dirname "$0")/calls"
for last in "$@"; do :; done
if [ "$1" = venv ]; then
  mkdir -p "$last/bin"
  printf '#!/bin/sh\necho python "$@"\n' > "$last/bin/python"
  chmod +x "$last/bin/python"
fi
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what `./dev` reads, with a uv that only writes down how it was called."""
    for name in ("dev", "pyproject.toml", "requirements.lock", *(f"{it}/pyproject.toml" for it in MEMBERS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    stand_in = tmp_path / "path" / "uv"
    stand_in.parent.mkdir()
    stand_in.write_text(UV)
    stand_in.chmod(0o755)
    return tmp_path


def dev(tree: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the copy's `./dev`; by default its stand-in for uv is found first."""
    path = f"{tree / 'path'}{os.pathsep}{os.defpath}" if path is None else path
    command = [sys.executable, str(tree / "dev"), *arguments]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=60)


def calls(tree: Path) -> list[str]:
    """What uv was asked for since the last look."""
    log = tree / "path" / "calls"
    found = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return found


def test_the_environment_is_made_once(tree: Path) -> None:
    assert dev(tree, "run", "true").returncode == 0
    assert calls(tree) == ["venv --quiet", "pip install", "pip install"]
    assert dev(tree, "run", "true").returncode == 0
    assert calls(tree) == []


@pytest.mark.parametrize("changed", ["requirements.lock", "edge/pyproject.toml"])
def test_the_environment_follows_the_lock_and_the_members(tree: Path, changed: str) -> None:
    dev(tree, "run", "true")
    calls(tree)
    with (tree / changed).open("a") as file:
        file.write("# another line\n")
    dev(tree, "run", "true")
    assert calls(tree) == ["pip install", "pip install"]


def test_a_script_is_run_by_the_environments_python(tree: Path) -> None:
    assert dev(tree, "run", "benchmarks/verify.py", "--json").stdout == "python benchmarks/verify.py --json\n"


def test_an_unknown_command_is_named(tree: Path) -> None:
    done = dev(tree, "run", "no-such-command")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "dev: no command no-such-command in .venv or on the path.",
    )


def test_without_uv_and_without_pip_one_sentence_names_the_package(tree: Path) -> None:
    # The environment's own Python, which runs this test, has no pip: that is how uv makes it.
    done = dev(tree, "test", path="/nowhere")
    assert done.returncode == 1
    assert "install the package python3-pip" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_command_it_lists_what_there_is(tree: Path) -> None:
    done = dev(tree)
    assert done.returncode == 1
    assert "./dev test" in done.stderr
    assert calls(tree) == []
