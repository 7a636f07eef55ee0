"""Checks on what the members ask for: declared where it is imported, and pinned in the lock."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.tree import ROOT, written

LOCK = ROOT / "requirements.lock"
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)


def _asked() -> dict[Path, tuple[str, list[Requirement]]]:
    """Return what each member asks for, extras included, by its folder; below the root, what the workspace adds."""
    workspace = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = {}
    for folder in workspace["tool"]["uv"]["workspace"]["members"]:
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
        lists = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
        found[ROOT / folder] = (project["name"], [Requirement(text) for asked in lists for text in asked])
    groups = workspace["dependency-groups"].values()
    found[ROOT] = ("the workspace", [Requirement(text) for group in groups for text in group])
    return found


def _imports(file: Path) -> set[str]:
    """Return the full names of the modules that ``file`` imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def _providers() -> dict[str, set[str]]:
    """Return the distributions that bring each module, by its dotted name; `google` alone has several."""
    found: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        for file in distribution.files or ():
            if file.suffix in {".py", ".so", ".pyi"}:
                module = ".".join((*file.parts[:-1], file.name.partition(".")[0])).removesuffix(".__init__")
                found.setdefault(module, set()).add(canonicalize_name(distribution.metadata["Name"]))
    return found


def declared() -> list[str]:
    """What is imported is declared: by the member that does it, so that it works alone, or by the workspace."""
    providers = _providers()
    asked = _asked()
    members = {name for folder, (name, _) in asked.items() if folder != ROOT}
    may = {
        folder: {canonicalize_name(requirement.name) for requirement in wanted} | {name}
        for folder, (name, wanted) in asked.items()
    }
    may[ROOT] = members.union(*may.values())  # tests and tools may use all that the members use
    found = []
    for file in written("*.py"):
        allowed = may[next(folder for folder in asked if file.is_relative_to(folder))]
        for module in sorted(_imports(file)):
            top = module.partition(".")[0]
            makers = providers.get(module, set()) | ({top.replace("_", "-")} & members)
            if top not in sys.stdlib_module_names and makers and not makers & allowed:
                found.append(f"{file.relative_to(ROOT)}: {module} comes from {', '.join(sorted(makers))}, undeclared")
    return found


def locked() -> list[str]:
    """The lock pins all that is asked for, and names no index."""
    text = LOCK.read_text()
    pins: dict[str, list[Version]] = {}
    for name, version in PIN.findall(text):
        pins.setdefault(name, []).append(Version(version))
    asked = _asked()
    ours = {name for name, _ in asked.values()}
    found = [
        f"requirements.lock: {requirement}, asked for by {name}, is not pinned; ./dev lock pins it"
        for name, wanted in asked.values()
        for requirement in wanted
        if requirement.name not in ours
        and not any(version in requirement.specifier for version in pins.get(canonicalize_name(requirement.name), ()))
    ]
    return found + [f"requirements.lock: {line}" for line in text.splitlines() if "://" in line or "--index" in line]
