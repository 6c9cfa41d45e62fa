# SPDX-License-Identifier: EUPL-1.2
"""The signing key: from the environment, or made once and kept in a file only the owner reads."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def secret_key(environ: Mapping[str, str], state: Path) -> str:
    """Return ``USUFRUIT_SECRET_KEY``, else the key kept beside the platform's files."""
    if environ.get("USUFRUIT_SECRET_KEY"):
        return environ["USUFRUIT_SECRET_KEY"]
    kept = state / "secret-key"
    if not kept.exists():
        state.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(fresh, kept)  # whoever links first wins; the other reads the winner's key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text(encoding="ascii")
