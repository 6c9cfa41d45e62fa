# SPDX-License-Identifier: EUPL-1.2
"""Tell what a manual is by its bytes, never by its name."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from usufruit.kernel.refusals import Refusal
from usufruit.premises.pictures import read_picture

PDF = "application/pdf"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"
SUFFIXES = {PDF: ".pdf", ODT: ".odt", DOCX: ".docx", JPEG: ".jpg"}
MOST_ENTRIES = 5000
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


def read_paper(content: bytes, name: str) -> tuple[bytes, str]:
    """Return the bytes to keep and their media type; a picture is drawn anew.

    Raises:
        Refusal: ``paper_kind``, ``paper_macros`` or the codes of ``read_picture``.
    """
    if content.startswith(b"%PDF-"):
        return content, PDF
    if content.startswith(PICTURE_STARTS):
        return read_picture(content, name).full.content, JPEG
    if content.startswith(b"PK\x03\x04"):
        return content, _office_kind(content, name)
    raise _unknown(name)


def _office_kind(content: bytes, name: str) -> str:
    """Read the list of what an office file holds; nothing of it is unpacked but its own name."""
    try:
        with ZipFile(BytesIO(content)) as pack:
            entries = pack.namelist()
            declared = b""
            if "mimetype" in entries and pack.getinfo("mimetype").file_size < 200:
                declared = pack.read("mimetype")
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise _unknown(name) from error
    if len(entries) > MOST_ENTRIES:
        raise _unknown(name)
    if any("vbaproject" in one.lower() or one.startswith("Basic/") for one in entries):
        raise Refusal(
            "paper_macros",
            _("«\u00a0%(name)s\u00a0» contient des macros. Enregistrez-le en PDF, puis déposez-le.")
            % {"name": name},
        )
    if declared.strip() == ODT.encode():
        return ODT
    if {"[Content_Types].xml", "word/document.xml"} <= set(entries):
        return DOCX
    raise _unknown(name)


def _unknown(name: str) -> Refusal:
    return Refusal(
        "paper_kind",
        _("«\u00a0%(name)s\u00a0» n’est ni un PDF, ni un texte ODT ou DOCX, ni une photo.")
        % {"name": name},
    )
