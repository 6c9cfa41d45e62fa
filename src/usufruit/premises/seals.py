# SPDX-License-Identifier: EUPL-1.2
"""Seal what opens a door, so that a copy of the database opens none.

The key comes from the platform's secret key: another secret key no longer reads the seals, and the
owner writes the code again.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """Return a text that only this platform reads again."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Return what was sealed, or None when the secret key is no longer the same."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"usufruit access codes")
    return Fernet(urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
