# SPDX-License-Identifier: EUPL-1.2
"""The file of the settings, the same for systemd (``EnvironmentFile=``) and for every command.

What the environment already says wins. Only what both readers understand alike is accepted: one
``NAME=value`` a line, the value bare or between quotes, ``#`` at the beginning of a comment.
"""

import os
import re
import shlex
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path

from usufruit.config.confinement import inherit_owner, make_folder

DEFAULT = Path("/etc/usufruit/usufruit.env")
_LINE = re.compile(r"([A-Z_][A-Z0-9_]*)=(.*)")
_BARE = re.compile(r"[\w./:@,+=~%\[\]-]*", re.ASCII)


class EnvironmentFileError(RuntimeError):
    """The file of the settings cannot be read or written; the message says why in French."""


def place(environ: Mapping[str, str]) -> Path:
    """Return where the settings stand; ``USUFRUIT_ENV_FILE`` may name another file."""
    return Path(environ.get("USUFRUIT_ENV_FILE") or DEFAULT)


def load(environ: MutableMapping[str, str], *, is_first_setup: bool = False) -> None:
    """Bring into the environment what the file says and it does not.

    The usual file may be absent, and so may any at the first set-up, which writes it.

    Raises:
        EnvironmentFileError: when the file is there and cannot be read, or was named and is not.
    """
    path = place(environ)
    try:
        if not path.exists() and (is_first_setup or not environ.get("USUFRUIT_ENV_FILE")):
            return
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise EnvironmentFileError(
            f"Les réglages de {path} sont illisibles\u00a0: {error}. "
            "Lancez la commande sous le compte de la plateforme."
        ) from None
    for name, value in parse(text, path).items():
        environ.setdefault(name, value)


def parse(text: str, path: Path = DEFAULT) -> dict[str, str]:
    """Return the settings a text holds.

    Raises:
        EnvironmentFileError: for a line that is not one, with its number.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        match = _LINE.fullmatch(line.strip())
        try:
            found[match[1]] = _value(match[2])  # type: ignore[index]
        except (TypeError, ValueError):
            raise EnvironmentFileError(
                f"{path}, ligne {number}\u00a0: «\u00a0NOM=valeur\u00a0» attendu. "
                "Mettez entre guillemets une valeur qui contient une espace."
            ) from None
    return found


def add(path: Path, settings: Mapping[str, str]) -> None:
    """Add settings at the end of the file, which only its owner reads; all of them or none.

    Raises:
        EnvironmentFileError: when the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_folder(path.parent)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if before and not before.endswith("\n"):
            before += "\n"
        lines = "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items())
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(before + lines)
            file.flush()
            os.fsync(file.fileno())
        inherit_owner(draft)
        draft.rename(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise EnvironmentFileError(
            f"Les réglages ne peuvent être écrits dans {path}\u00a0: {error}. Créez ce dossier "
            "pour le compte de la plateforme, ou nommez un autre fichier par USUFRUIT_ENV_FILE."
        ) from None


def _value(text: str) -> str:
    """Read a value, bare or between quotes.

    Raises:
        ValueError: when the quotes do not close, or something follows them.
    """
    if text[:1] not in {'"', "'"}:
        return text.strip()
    (value,) = shlex.split(text)
    return value


def _quoted(value: str) -> str:
    """Write a value as both readers take it."""
    if _BARE.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
