# SPDX-License-Identifier: EUPL-1.2
"""Where the bytes of photos and papers stand: under the name of what they hold, read by views."""

from __future__ import annotations

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def keep(content: bytes) -> str:
    """Store bytes once and return their digest."""
    digest = sha256(content).hexdigest()
    if not default_storage.exists(_path(digest)):
        default_storage.save(_path(digest), ContentFile(content))
    return digest


def read(digest: str) -> bytes:
    """Return the bytes of a digest.

    Raises:
        FileNotFoundError: when the folder of files lost them.
    """
    with default_storage.open(_path(digest)) as kept:
        return bytes(kept.read())


def forget(digest: str) -> None:
    """Delete the bytes of a digest that no row names any more."""
    default_storage.delete(_path(digest))


def _path(digest: str) -> str:
    return f"premises/{digest[:2]}/{digest}"
