# SPDX-License-Identifier: EUPL-1.2
"""What a manual is, told by its bytes."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from usufruit.kernel.refusals import Refusal
from usufruit.premises.papers import DOCX, JPEG, ODT, PDF, read_paper


def pack(**entries: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


WORD = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}


def test_each_kind_is_known_by_its_bytes():
    assert read_paper(b"%PDF-1.7\n", "x.exe") == (b"%PDF-1.7\n", PDF)
    assert read_paper(pack(mimetype=ODT.encode()), "x")[1] == ODT
    assert read_paper(pack(**WORD), "x")[1] == DOCX
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    content, kind = read_paper(out.getvalue(), "x")
    assert kind == JPEG
    assert content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "paper_kind"),
        (b"<html><script>", "paper_kind"),
        (b"MZ\x90", "paper_kind"),
        (b"PK\x03\x04 abime", "paper_kind"),
        (pack(**{"a.txt": b"rien"}), "paper_kind"),
        (pack(mimetype=b"application/epub+zip"), "paper_kind"),
        (pack(**WORD, **{"word/vbaProject.bin": b"x"}), "paper_macros"),
        (pack(mimetype=ODT.encode(), **{"Basic/Standard/x.xml": b"x"}), "paper_macros"),
        (pack(**{str(n): b"" for n in range(5001)}), "paper_kind"),
        (b"\xff\xd8\xff tronquee", "not_a_picture"),
    ],
)
def test_what_is_no_manual_is_refused(content, code):
    with pytest.raises(Refusal) as refused:
        read_paper(content, "manuel.pdf")
    assert refused.value.code == code
