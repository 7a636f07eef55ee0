"""Stubs import alone, live beside another's copy of the validation rules, and carry rules that are enforced."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import protovalidate
import pytest
from google.protobuf import descriptor_pb2
from grpc_tools import protoc
from packaging.requirements import Requirement
from protovalidate._gen.buf.validate import validate_pb

from interlock import _buf_validate
from interlock.v1 import reservation_service_pb2

ROOT = Path(__file__).parents[2]
SDK = ROOT / "sdk"
STUBS = sorted(SDK.glob("interlock/**/v1/*_pb2*.py"))


def module(file: Path) -> str:
    """The dotted name of a file of the SDK."""
    return ".".join(file.relative_to(SDK).with_suffix("").parts)


def python(program: str, *path: Path) -> str:
    """Run ``program`` in a process of its own, whose path begins with ``path``; return what it prints."""
    start = f"import sys; sys.path[:0] = {[str(folder) for folder in path]!r}\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", start + program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with somebody else's generated `buf.validate`, from a version of the file that differs from ours."""
    folder = tmp_path_factory.mktemp("foreign")
    source = folder / "buf" / "validate" / "validate.proto"
    source.parent.mkdir(parents=True)
    shutil.copy(ROOT / "third_party/proto/buf/validate/validate.proto", source)
    with source.open("a") as file:
        file.write("\nmessage OnlyInTheirs {}\n")
    well_known = Path(protoc.__file__).parent / "_proto"
    assert protoc.main(["protoc", f"-I{folder}", f"-I{well_known}", f"--python_out={folder}", str(source)]) == 0
    return folder


def test_every_stub_imports_without_protovalidate_and_without_a_client() -> None:
    imports = "".join(f"import {module(file)}\n" for file in STUBS)
    unavailable = "sys.modules |= dict.fromkeys(['protovalidate', 'protobuf', 'buf'])\n"
    loaded = python(f"{unavailable}{imports}print(*(name for name in sys.modules if name.startswith('interlock')))")
    assert {name.split(".")[1] for name in loaded.split() if "." in name} == {"_buf_validate", "edge", "testing", "v1"}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("import buf.validate.validate_pb2", id="theirs was there first"),
        pytest.param("", id="theirs is only on the path"),
    ],
)
def test_another_copy_of_the_rules_is_used_and_not_doubled(foreign: Path, first: str) -> None:
    program = f"""
{first}
from interlock.v1 import reservation_service_pb2
import buf.validate.validate_pb2 as theirs
file = theirs.DESCRIPTOR
assert file.pool.FindFileByName(file.name).message_types_by_name["OnlyInTheirs"]
assert file in reservation_service_pb2.DESCRIPTOR.dependencies
"""
    python(program, foreign)


def test_the_rules_are_those_that_protovalidate_carries() -> None:
    ours = descriptor_pb2.FileDescriptorProto()
    _buf_validate.DESCRIPTOR.CopyToProto(ours)
    theirs = descriptor_pb2.FileDescriptorProto.FromString(validate_pb._DESC.proto.to_binary())  # noqa: SLF001 - no other way
    # The file's options name packages of other languages, which the wheel's build sets.
    for file in (ours, theirs):
        file.ClearField("options")
    assert ours == theirs


def test_a_rule_of_the_contract_is_enforced_and_names_its_field() -> None:
    request = reservation_service_pb2.CreateReservationRequest(parent="parties/acme", request_id="none")
    request.reservation.SetInParent()
    found = {
        (violation.proto.field.elements[0].field_name, violation.proto.rule_id)
        for violation in protovalidate.collect_violations(request)
        if violation.proto.field is not None and len(violation.proto.field.elements) == 1
    }
    assert ("request_id", "string.uuid") in found
    assert not any(field == "parent" for field, _ in found)


def test_the_sdk_asks_for_the_runtimes_that_its_stubs_demand() -> None:
    project = tomllib.loads((SDK / "pyproject.toml").read_text())["project"]
    asked = {(wanted := Requirement(text)).name: wanted.specifier for text in project["dependencies"]}
    made_with = re.search(r"^# Protobuf Python Version: (.*)$", STUBS[0].read_text(), re.MULTILINE)
    service = next(file for file in STUBS if file.stem.endswith("_grpc"))
    made_for = re.search(r"^GRPC_GENERATED_VERSION = '(.*)'$", service.read_text(), re.MULTILINE)
    assert made_with is not None
    assert made_for is not None
    assert f">={made_with[1]}" in str(asked["protobuf"])
    assert f">={made_for[1]}" in str(asked["grpcio"])
