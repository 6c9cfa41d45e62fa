# SPDX-License-Identifier: EUPL-1.2
"""What is made from the sources before the first page: served files, compiled translations.

Made again only when a source changed, so a second start costs a glance.
"""

import io
from hashlib import sha256
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_FINGERPRINT = ".fingerprint"


def collect_static() -> bool:
    """Gather the served files under hashed names; return whether there was anything new."""
    root = Path(settings.STATIC_ROOT)
    mark = root / _FINGERPRINT
    present = _fingerprint()
    if mark.is_file() and mark.read_text(encoding="ascii") == present:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(present, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Return a digest of the name, size and date of every source of a served file."""
    digest = sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def compile_translations(locale: Path) -> list[Path]:
    """Compile each translation that is newer than its compiled form; return what was written.

    Done here rather than by ``msgfmt``, which few machines have.
    """
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            with source.open("rb") as text:
                catalog = read_po(text)
            buffer = io.BytesIO()
            write_mo(buffer, catalog)
            # Two test workers may compile at once: each moves a whole file into place.
            draft = compiled.with_name(f"{compiled.name}.{id(buffer)}")
            draft.write_bytes(buffer.getvalue())
            draft.replace(compiled)
            written.append(compiled)
    return written
