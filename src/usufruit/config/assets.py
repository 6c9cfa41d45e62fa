# SPDX-License-Identifier: EUPL-1.2
"""The served files, gathered under hashed names before the first page.

Gathered again only when a source changed, so a second start costs a glance.
"""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_FINGERPRINT = ".fingerprint"


def collect_static() -> bool:
    """Gather the served files under hashed names; return whether there was anything new."""
    if is_fresh():
        return False
    _mark().unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    _mark().write_text(_fingerprint(), encoding="ascii")
    return True


def is_fresh() -> bool:
    """Tell whether the files gathered are those of this version."""
    return _mark().is_file() and _mark().read_text(encoding="ascii") == _fingerprint()


def _mark() -> Path:
    return Path(settings.STATIC_ROOT) / _FINGERPRINT


def _fingerprint() -> str:
    """Return a digest of the name, size and date of every source of a served file."""
    digest = sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
