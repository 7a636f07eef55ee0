"""A contract for import-linter: these packages decide, and can do nothing else.

A pure package may reach modules of the workspace, however far, and from there only the modules that the contract
lists. So it is enough to read the list to know that no clock, socket, file or database is within reach.
"""

from typing import Any

import grimp
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck


class PureContract(Contract):
    """Hold ``packages`` to the ``allowed`` modules, and every module of the workspace that they use as well.

    Fields of the contract:
        packages: What must be pure, each with all that lies in it.
        allowed: Modules from outside the workspace, by the name of their top package.
        inward: Packages of the workspace that may be used besides; without it, only ``packages`` themselves.
    """

    packages = fields.ListField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())
    inward = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - the base's form
        """Walk from the packages to whatever they use, and keep each step that leads outside."""
        ours = set(graph.modules) - {module for module in graph.modules if graph.is_module_squashed(module)}
        reach = [*_list(self.packages), *_list(self.inward)]
        todo = {module for module in ours for package in _list(self.packages) if _within(module, package)}
        seen: set[str] = set()
        astray: list[tuple[str, str]] = []
        while todo:
            importer = todo.pop()
            seen.add(importer)
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported in ours and any(_within(imported, package) for package in reach):
                    todo |= {imported} - seen
                elif imported.partition(".")[0] not in _list(self.allowed):
                    astray.append((importer, imported))
        return ContractCheck(kept=not astray, metadata={"astray": sorted(astray)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that leads outside."""
        for importer, imported in check.metadata["astray"]:
            output.print_error(f"{importer} imports {imported}, which is not on the list of {self.name!r}.", bold=False)


def _list(field: Any) -> list[str]:  # noqa: ANN401 - import-linter's fields are declared as one type and hold another
    """Return what a field of the contract holds; an optional one may be absent."""
    return list(field or ())


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
