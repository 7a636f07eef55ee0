"""Make what follows from `proto/`: stubs, their types, and the descriptor of the validation rules.

The generated folders of the SDK hold nothing else, so that making them anew also takes away what is no longer wanted.
Only files that differ are written: whoever imports the stubs at that moment sees one state or the other.
"""

import re
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from tools.tree import PROTO, ROOT, SDK, THIRD_PARTY

PACKAGES = ("interlock/v1", "interlock/edge", "interlock/testing")
"""Folders of the SDK that are generated as a whole."""
RULES = "buf/validate/validate.proto"
RULES_DESCRIPTOR = "interlock/_buf_validate.binpb"
RULES_IMPORT = "from buf.validate import validate_pb2 as "
RULES_LOADER = "from interlock import _buf_validate as "
"""protoc imports a module that no package of ours may ship; ours stands in (docs/decisions/0003)."""
SERVICE = re.compile(r"^service ", re.MULTILINE)
GOOGLE_IMPORT = re.compile(r'^import "(google/(?!protobuf/)[\w/]+\.proto)";', re.MULTILINE)


def vendor_google() -> dict[Path, bytes]:
    """Return the Google files that ours import, as `googleapis-common-protos` ships them, by their place here."""
    distribution = metadata.distribution("googleapis-common-protos")
    wanted = {name for file in PROTO.rglob("*.proto") for name in GOOGLE_IMPORT.findall(file.read_text())}
    found: dict[Path, bytes] = {}
    while wanted - {str(file.relative_to(THIRD_PARTY)) for file in found}:
        for name in tuple(wanted):
            content = Path(str(distribution.locate_file(name))).read_bytes()
            found[THIRD_PARTY / name] = content
            wanted |= set(GOOGLE_IMPORT.findall(content.decode()))
    return found


def _protoc(*arguments: str | Path) -> None:
    """Run the protoc that grpcio-tools carries.

    Raises:
        SystemExit: it refused a file; its own message has named it.
    """
    well_known = Path(protoc.__file__).parent / "_proto"
    command = ["protoc", f"-I{PROTO}", f"-I{THIRD_PARTY}", f"-I{well_known}", *map(str, arguments)]
    if protoc.main(command):
        sys.exit("generate: protoc refused; its message stands above.")


def _write_inits(folder: Path) -> None:
    """Make each generated folder a package, and say in it where it comes from."""
    for package in (folder / "interlock").rglob("*/"):
        text = f'"""Generated from proto/{package.relative_to(folder)} by `./dev generate`. Not edited by hand."""\n'
        (package / "__init__.py").write_text(text)


def generate(folder: Path) -> None:
    """Write all generated files of the SDK below ``folder``, an empty folder that stands for `sdk/`."""
    files = sorted(PROTO.rglob("*.proto"))
    services = [file for file in files if SERVICE.search(file.read_text())]
    for wanted, python, types in ((files, "python", "mypy"), (services, "grpc_python", "mypy_grpc")):
        plugin = Path(sys.executable).with_name(f"protoc-gen-{types}")
        _protoc(f"--plugin={plugin}", f"--{python}_out={folder}", f"--{types}_out=quiet:{folder}", *wanted)
    for module in folder.rglob("*_pb2.py"):
        module.write_text(module.read_text().replace(RULES_IMPORT, RULES_LOADER))
    _write_inits(folder)
    _describe_rules(folder / RULES_DESCRIPTOR)


def _describe_rules(file: Path) -> None:
    """Write the FileDescriptorProto of the validation rules, for processes that have no other copy."""
    with tempfile.NamedTemporaryFile() as image:
        _protoc(f"--descriptor_set_out={image.name}", RULES)
        (descriptor,) = FileDescriptorSet.FromString(Path(image.name).read_bytes()).file
    file.write_bytes(descriptor.SerializeToString(deterministic=True))


def generated() -> dict[Path, bytes]:
    """Return every file that follows from `proto/` with what it must hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder)
        ours = {SDK / file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return vendor_google() | ours


def stale() -> set[Path]:
    """Return the files in generated folders that nothing in `proto/` asks for any more."""
    folders = [SDK / name for name in PACKAGES] + [THIRD_PARTY / "google"]
    present = {file for folder in folders for file in folder.rglob("*") if file.is_file()}
    return {file for file in present - set(generated()) if "__pycache__" not in file.parts}


def main() -> None:
    """Bring the committed files up to date, and name those that changed."""
    # The Google files come first: protoc reads them where they are vendored.
    for files in (vendor_google, generated):
        for file, content in files().items():
            if not file.exists() or file.read_bytes() != content:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                print(f"written  {file.relative_to(ROOT)}")
    for file in stale():
        file.unlink()
        print(f"removed  {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
