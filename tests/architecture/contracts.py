# SPDX-License-Identifier: EUPL-1.2
"""A contract import-linter has no words for: a room's faces are its own."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacesContract(Contract):
    """No room imports another's faces: what meets a person or a machine is reached by address.

    Options:
        root: the package whose folders are the rooms.
        faces: names of the modules of a room that no other room may import.
    """

    type_name = "faces"

    root = fields.StringField()
    faces = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at each import of a face from outside its room, one hop."""
        found = []
        for module in sorted(graph.modules):
            root, _, rest = module.partition(".")
            room, _, face = rest.partition(".")
            if root != self.root or face.partition(".")[0] not in self.faces:
                continue
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if not f"{importer}.".startswith(f"{root}.{room}."):
                    details = graph.get_import_details(importer=importer, imported=module)
                    found.append((importer, module, [each["line_number"] for each in details]))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import with its line."""
        for importer, module, lines in check.metadata["found"]:
            where = ", ".join(f"l.{line}" for line in lines)
            output.print_error(f"{importer} imports {module} ({where})")
