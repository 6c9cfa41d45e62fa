# SPDX-License-Identifier: EUPL-1.2
"""The archive of a platform: one ZIP file that holds its database, its files and a manifest.

Members are stored as they are (the dump is already compressed): any tool opens it, and nothing
grows when it is read. The manifest is written last, with the length and the SHA-256 of each member.
"""

import json
import os
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO

from usufruit.config import database

FORMAT = 1
MANIFEST = "manifeste.json"
DUMP = "base.dump"
FILES = "fichiers/"
CHUNK_BYTES = 1024 * 1024
_MANIFEST_LIMIT_BYTES = 256 * 1024 * 1024


class ArchiveError(RuntimeError):
    """What was asked cannot be saved or restored; the message says in French why and what to do."""


@dataclass(frozen=True)
class Member:
    """What one member must be when it is read again."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the archive holds, as it was in the one snapshot it was taken from.

    Attributes:
        taken_at: just before the snapshot, ISO 8601 in UTC: what was acknowledged by then is in it.
        server, program: major versions of the server saved and of the ``pg_dump`` that did it.
        migrations: those applied, as ``room.name``.
        tables: rows of each table.
        last_booking: number and reference of the last booking, None when there is none.
        missing_files: files that a row names and that were no longer there to be copied.
    """

    taken_at: str
    release: str
    server: int
    program: int
    migrations: list[str]
    tables: dict[str, int]
    last_booking: tuple[int, str] | None
    missing_files: list[str] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """An archive being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a member as its bytes come, and note what it is."""
        digest, size_bytes = sha256(), 0
        with self._archive.open(_entry(name), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size_bytes += len(chunk)
        self.members[name] = Member(size_bytes, digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, last."""
        words = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        self._archive.writestr(_entry(MANIFEST), words)


@contextmanager
def written(target: Path, prove: Callable[[Path], object]) -> Iterator[Writer]:
    """Write an archive beside its place, for this account alone; it takes its name once proven.

    Whatever goes wrong, nothing stays.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        prove(draft)
        draft.rename(target)
        _sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def verify(path: Path) -> Manifest:
    """Return the manifest once every member was read again and is what the manifest says.

    Raises:
        ArchiveError: when the file is no archive of ours, or not whole.
    """
    with opened(path) as archive:
        manifest = _manifest(path, archive)
        names = [entry.filename for entry in archive.infolist()]
        if sorted(names) != sorted([*manifest.members, MANIFEST]) or DUMP not in names:
            raise _damaged(path, "il y manque un élément, ou il y en a un de trop")
        for name, member in manifest.members.items():
            if _read(path, archive, name) != member:
                raise _damaged(path, f"«\u00a0{name}\u00a0» n’est plus ce qui a été écrit")
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive to read it.

    Raises:
        ArchiveError: when it is not there, or is no archive.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveError(f"{path} n’existe pas. Vérifiez le nom de l’archive.") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise _damaged(path, str(error)) from None
    with archive:
        yield archive


def extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Write a member to a new file that only this account reads."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file, archive.open(name) as member:
        for chunk in chunks_of(member):
            file.write(chunk)


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what a stream holds, a bounded part at a time."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def release() -> str:
    """Return the version of the product, as its package or its checkout says."""
    with suppress(metadata.PackageNotFoundError):
        return metadata.version("usufruit")
    project = database.project_directory() / "pyproject.toml"
    with suppress(OSError, KeyError):
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return "inconnue"


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    """Read the manifest, and believe nothing of it that was not checked."""
    try:
        if archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT_BYTES:
            raise _damaged(path, "son manifeste est trop gros")
        words = json.loads(archive.read(MANIFEST))
        if words["format"] != FORMAT:
            raise ArchiveError(
                f"{path} est écrit dans un format plus récent. Mettez Usufruit à jour."
            )
        members = {name: Member(**member) for name, member in words.pop("members").items()}
        manifest = Manifest(**words, members=members)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile):
        raise _damaged(path, "son manifeste est illisible") from None
    if not all(name == DUMP or _is_file_of_ours(name) for name in members):
        raise _damaged(path, "un de ses éléments sortirait de son dossier")
    return manifest


def _is_file_of_ours(name: str) -> bool:
    place = PurePosixPath(name)
    return name.startswith(FILES) and ".." not in place.parts and str(place) == name


def _read(path: Path, archive: zipfile.ZipFile, name: str) -> Member:
    """Return what a member is, whole."""
    digest, size_bytes = sha256(), 0
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise _damaged(path, f"«\u00a0{name}\u00a0» est compressé")
    try:
        with archive.open(name) as member:
            for chunk in chunks_of(member):
                digest.update(chunk)
                size_bytes += len(chunk)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, str(error)) from None
    return Member(size_bytes, digest.hexdigest())


def _damaged(path: Path, why: str) -> ArchiveError:
    return ArchiveError(
        f"{path} n’est pas une archive entière d’Usufruit\u00a0: {why}. Rien n’a été touché; "
        "prenez une autre archive."
    )


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a member's heading without a date: the manifest says when."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o600 << 16
    return entry


def _sync_folder(folder: Path) -> None:
    """Let the name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
