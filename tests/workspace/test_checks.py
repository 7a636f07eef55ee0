"""Each check finds what it is there to find: planted in a copy of the tree, one at a time."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = (
    "tools",
    "proto",
    "third_party",
    "docs",
    "buf.yaml",
    "pyproject.toml",
    "requirements.lock",
    *(f"{member}/pyproject.toml" for member in ("sdk", "gateway", "edge", "demo")),
)
FREE = f"CAP-{901}"
"""The number of a clause that there is not; written so that the check does not find it here."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the checks read, under a git of its own."""
    for name in COPIED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def check(tree: Path, name: str) -> tuple[int, str]:
    """Run one check in the copy; return how it ended and what it said."""
    command = [sys.executable, "-m", "tools.check", "--only", name]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "file", "text", "finding"),
    [
        ("modules", "edge/interlock_edge/utils.py", '"""Things."""\n', "does not say what is inside"),
        ("modules", "edge/interlock_edge/long.py", "# a line\n" * 451, "451 lines"),
        ("declared", "edge/interlock_edge/art.py", "import rich.table\n", "rich.table comes from rich, undeclared"),
        ("declared", "demo/interlock_demo/cheat.py", "import interlock_gateway\n", "undeclared"),
        ("locked", "edge/pyproject.toml", '[project]\nname = "x"\ndependencies = ["art>=9"]\n', "art>=9"),
        ("decisions", "docs/decisions/0999-fast.md", "# 999. Fast\n\n## Outcome\n", "needs the headings"),
        ("decisions", "docs/decisions/fast.md", "# Fast\n", "not NNNN-title.md"),
        ("clauses", "docs/protocol/90-x.md", f"**{FREE}** A.\n\n**{FREE}** B.\n", f"{FREE} stands in 90-x.md already"),
        ("clauses", "edge/interlock_edge/x.py", f'"""Holds {FREE}."""\n', f"there is no clause {FREE}"),
        ("links", "docs/x.md", "[gone](nowhere.md)\n", "nowhere.md leads nowhere"),
        ("links", "docs/x.md", "# Top\n\n[down](#bottom)\n", "#bottom: no such heading"),
        ("words", "docs/x.md", "See /root/notes.\n", "a path of one machine"),
        ("words", "edge/interlock_edge/x.py", "# TODO: later\n", "a promise"),
        ("generated", "sdk/interlock/v1/left_pb2.py", "", "./dev generate would change it"),
    ],
)  # fmt: skip
def test_what_is_planted_is_found(tree: Path, name: str, file: str, text: str, finding: str) -> None:
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(text)
    code, said = check(tree, name)
    assert code == 1
    assert finding in said


@pytest.mark.parametrize("name", ["locked", "links", "words", "modules", "proto-lint"])
def test_the_copy_itself_is_clean(tree: Path, name: str) -> None:
    assert check(tree, name)[0] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("string request_id = ", "bytes request_id = ", id="another type"),
        pytest.param("bool validate_only = 5;", "", id="a field less"),
        pytest.param("rpc CancelReservation(CancelReservationRequest) returns (CancelReservationResponse) {",
                     "rpc Cancel(CancelReservationRequest) returns (CancelReservationResponse) {", id="another name"),
    ],
)  # fmt: skip
def test_a_break_of_the_contract_is_found(tree: Path, before: str, after: str) -> None:
    contract = tree / "proto/interlock/v1/reservation_service.proto"
    text = contract.read_text()
    assert before in text
    buf = Path(sys.executable).with_name("buf")
    subprocess.run([buf, "build", "proto", "-o", "proto/released.binpb"], cwd=tree, check=True, timeout=60)
    assert check(tree, "proto-breaking")[0] == 0
    contract.write_text(text.replace(before, after, 1))
    code, said = check(tree, "proto-breaking")
    assert code == 1
    assert "reservation_service.proto" in said


PURE = """
[tool.importlinter]
root_packages = ["core"]
include_external_packages = true
contract_types = ["pure: tools.purity.PureContract"]

[[tool.importlinter.contracts]]
name = "pure"
type = "pure"
packages = ["core.domain"]
inward = ["core"]
allowed = ["dataclasses"]
"""


@pytest.mark.parametrize(
    ("domain", "neighbour", "astray"),
    [
        pytest.param("import dataclasses", "import socket", None, id="the neighbour is not used"),
        pytest.param("import socket", "", "core.domain imports socket", id="directly"),
        pytest.param("import core.neighbour", "import socket", "core.neighbour imports socket", id="by a neighbour"),
        pytest.param("def f():\n    import socket", "", "core.domain imports socket", id="late"),
    ],
)
def test_a_pure_package_reaches_nothing_but_its_list(
    tmp_path: Path, domain: str, neighbour: str, astray: str | None
) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "core").mkdir()
    for name, text in (("__init__", ""), ("domain", domain), ("neighbour", neighbour)):
        (tmp_path / "core" / f"{name}.py").write_text(text + "\n")
    (tmp_path / "pyproject.toml").write_text(PURE)
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode == 0) is (astray is None)
    assert astray is None or astray in done.stdout
