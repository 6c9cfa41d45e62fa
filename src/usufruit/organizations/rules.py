# SPDX-License-Identifier: EUPL-1.2
"""How a pasted list of persons is read, whatever the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from usufruit.kernel.text import sort_key

MOST_LINES = 200
MOST_LENGTH = 254


@dataclass(frozen=True)
class InvitedLine:
    """One line well read.

    Attributes:
        number: of the line in what was pasted, from 1.
        roles: codes of roles, each once, in the order written.
    """

    number: int
    full_name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class LineFault:
    """A line that says no, and the French sentence that says why."""

    number: int
    message: str


def read_lines(
    text: str, role_names: Mapping[str, str]
) -> tuple[list[InvitedLine], list[LineFault]]:
    """Read lines « name, address, role[, role…] », cut by tab, semicolon or comma.

    Args:
        role_names: code of each role by its French name.
    """
    known = {sort_key(name): code for name, code in role_names.items()}
    lines: list[InvitedLine] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        read = _read_line(number, raw, known)
        if isinstance(read, InvitedLine) and read.email in seen:
            read = LineFault(number, f"{read.email} est déjà à la ligne {seen[read.email]}.")
        if isinstance(read, LineFault):
            faults.append(read)
            continue
        seen[read.email] = number
        lines.append(read)
    if len(lines) + len(faults) > MOST_LINES:
        faults = [LineFault(MOST_LINES + 1, f"Collez au plus {MOST_LINES} lignes à la fois.")]
    return lines, faults


def _read_line(number: int, raw: str, known: Mapping[str, str]) -> InvitedLine | LineFault:
    mark = next((mark for mark in "\t;" if mark in raw), ",")
    cells = [cell.strip() for cell in raw.split(mark)]
    at = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    if at is None:
        return LineFault(
            number, f"Il manque l’adresse courriel dans «\u00a0{raw.strip()[:80]}\u00a0»."
        )
    email = cells[at].lower()
    if len(email) > MOST_LENGTH or not _looks_like_address(email):
        return LineFault(number, f"«\u00a0{email[:80]}\u00a0» n’est pas une adresse courriel.")
    wanted = [cell for cell in cells[at + 1 :] if cell]
    if not wanted:
        return LineFault(number, f"Il manque le rôle de {email}.")
    unknown = [cell for cell in wanted if sort_key(cell) not in known]
    if unknown:
        names = f"«\u00a0{unknown[0][:80]}\u00a0»"
        return LineFault(number, f"{names} n’est pas un rôle de la liste ci-dessous.")
    roles = tuple(dict.fromkeys(known[sort_key(cell)] for cell in wanted))
    full_name = ", ".join(cell for cell in cells[:at] if cell)
    return InvitedLine(number, full_name[:200], email, roles)


def _looks_like_address(email: str) -> bool:
    name, _, domain = email.partition("@")
    is_whole = bool(name) and "." in domain.strip(".") and not domain.startswith(".")
    return is_whole and email.count("@") == 1 and not any(char.isspace() for char in email)
