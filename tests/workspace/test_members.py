"""Each member is a package that its own users install alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
MEMBERS = {"sdk": "interlock", "gateway": "interlock_gateway", "edge": "interlock_edge", "demo": "interlock_demo"}

NOT_ALONE = ("interlock.cli", "interlock.qr", "interlock_gateway.store.migrations.")
"""Modules that are not for importing: the first two need extras, and Alembic alone runs migrations."""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every member's wheel."""
    folder = tmp_path_factory.mktemp("wheels")
    for member in MEMBERS:
        command = [TOOLS / "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(command, cwd=ROOT / member, check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize("package", MEMBERS.values())
def test_a_wheel_carries_its_package_its_types_and_its_licence(wheels: Path, package: str) -> None:
    (wheel,) = wheels.glob(f"{package}-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"{package}/__init__.py", f"{package}/py.typed"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {package}


def test_the_sdk_carries_all_that_git_knows_of_it(wheels: Path) -> None:
    (wheel,) = wheels.glob("interlock-*.whl")
    listing = ["git", "ls-files", "-z", "interlock"]
    known = subprocess.run(listing, cwd=ROOT / "sdk", check=True, capture_output=True, text=True, timeout=60).stdout
    assert {name for name in known.split("\0") if name} <= set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.server
@pytest.mark.parametrize(
    ("package", "extra", "left_out"),
    [
        *((package, "", NOT_ALONE) for package in MEMBERS.values()),
        pytest.param("interlock", "[cli,qr]", (), id="interlock with its command"),
    ],
)
def test_a_member_works_where_it_is_installed_alone(
    wheels: Path, tmp_path: Path, package: str, extra: str, left_out: tuple[str, ...]
) -> None:
    (wheel,) = wheels.glob(f"{package}-*.whl")
    uv, python = TOOLS / "uv", tmp_path / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, tmp_path], check=True, timeout=60)
    install = [uv, "pip", "install", "--quiet", "--python", python, "--find-links", wheels]
    constraints = ["--constraint", ROOT / "requirements.lock"]
    subprocess.run([*install, *constraints, f"{wheel}{extra}"], check=True, timeout=300)
    done = subprocess.run(
        [python, "-c", WALK, package, *left_out], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""
    assert int(done.stdout) >= 1


WALK = """
import importlib, pkgutil, sys
package, left_out = sys.argv[1], tuple(sys.argv[2:])
root = importlib.import_module(package)
names = [module.name for module in pkgutil.walk_packages(root.__path__, f"{package}.")]
wanted = [package, *(name for name in names if not (left_out and name.startswith(left_out)))]
print(len([importlib.import_module(name) for name in wanted]))
"""
