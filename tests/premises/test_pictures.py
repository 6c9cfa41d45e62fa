# SPDX-License-Identifier: EUPL-1.2
"""Pictures nobody vouches for: nothing of what the file says of itself passes, nothing breaks."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, TiffImagePlugin

from usufruit.kernel.refusals import Refusal
from usufruit.premises import pictures
from usufruit.premises.pictures import read_picture

MARK = b"ZYXOMAR-46.8123"


def written(image: Image.Image, kind: str = "JPEG", **how) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def plain(size=(64, 48), mode="RGB", colour=(10, 120, 200)) -> Image.Image:
    return Image.new(mode, size, colour)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def located(size=(64, 48)) -> bytes:
    """Return a photo that says where it was taken, upside down, with a comment and a thumbnail."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010E] = MARK.decode()
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (46.0, 48.0, TiffImagePlugin.IFDRational(123, 10)), 3: "W"})
    return written(plain(size), exif=exif, comment=MARK, icc_profile=MARK * 4)


def test_the_place_of_a_photo_is_gone_and_it_stands_upright():
    content = located()
    assert opened(content).getexif().get_ifd(0x8825)
    assert MARK in content
    picture = read_picture(content, "photo.jpg")
    for drawn in (picture.full, picture.thumbnail):
        image = opened(drawn.content)
        assert image.format == "JPEG"
        assert image.size == (drawn.width, drawn.height) == (48, 64)
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(0x8825) == {}
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        assert MARK not in drawn.content
        assert b"Exif" not in drawn.content


def test_text_of_a_png_and_bytes_after_the_end_do_not_pass():
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", MARK.decode())
    content = written(plain(), "PNG", pnginfo=notes) + b"<script>" + MARK
    drawn = read_picture(content, "photo.png").full.content
    assert MARK not in drawn
    assert b"<script>" not in drawn


def test_a_photo_is_shrunk_and_never_grown():
    large = read_picture(written(plain((3200, 1000))), "grande.jpg")
    assert (large.full.width, large.full.height) == (1600, 500)
    assert (large.thumbnail.width, large.thumbnail.height) == (480, 150)
    small = read_picture(written(plain((30, 20))), "petite.jpg")
    assert (small.full.width, small.thumbnail.width) == (30, 30)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (written(plain(mode="CMYK", colour=(0, 0, 0, 0))), "cmyk.jpg"),
        (written(plain(mode="L", colour=128)), "gris.jpg"),
        (written(Image.new("I;16", (32, 32), 40_000), "PNG"), "seize-bits.png"),
        (written(plain(mode="RGBA", colour=(255, 0, 0, 0)), "PNG"), "transparente.png"),
        (written(plain(mode="LA", colour=(0, 0)), "PNG"), "gris-transparent.png"),
        (written(plain().quantize(8), "PNG", transparency=0), "palette.png"),
        (written(plain(mode="1", colour=1), "PNG"), "un-bit.png"),
        (written(plain(), "WEBP"), "fausse.jpg"),
        (written(plain(), "PNG"), "fausse.pdf"),
        (written(plain((1, 1))), "point.jpg"),
        (written(plain((5000, 1))), "ligne.jpg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_strange_but_honest_pictures_are_drawn_in_eight_bits(content, name):
    picture = read_picture(content, name)
    image = opened(picture.full.content)
    image.load()
    assert image.mode == "RGB"
    assert max(image.size) <= 1600


def test_sixteen_bits_are_scaled_and_what_is_see_through_is_white():
    grey = opened(
        read_picture(written(Image.new("I;16", (16, 16), 32_768), "PNG"), "g.png").full.content
    )
    assert 120 <= grey.getpixel((8, 8))[0] <= 136
    clear = written(plain(mode="RGBA", colour=(255, 0, 0, 0)), "PNG")
    assert opened(read_picture(clear, "c.png").full.content).getpixel((8, 8)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that announces more points than a memory holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 100_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    frames = [plain(colour=(n * 40, 0, 0)) for n in range(3)]
    return written(frames[0], kind, save_all=True, append_images=frames[1:])


JPEG = written(Image.effect_noise((200, 200), 60).convert("RGB"))
PNG = written(Image.effect_noise((200, 200), 60).convert("RGB"), "PNG")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb(60_000, 60_000), "picture_too_large"),
        (bomb(9_000, 6_000), "picture_too_large"),
        (bomb(2**31 - 1, 2**31 - 1), "picture_too_large"),
        (bomb(0, 10), "not_a_picture"),
        (bomb(3_000, 3_000), "broken_picture"),
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", "not_a_picture"),
        (b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", "not_a_picture"),
        (b"GIF89a/*<script>*/=1;", "not_a_picture"),
        (moving("GIF"), "not_a_picture"),
        (moving("PNG"), "animated_picture"),
        (moving("WEBP"), "animated_picture"),
        (JPEG[: len(JPEG) // 2], "broken_picture"),
        (PNG[: len(PNG) // 2], "broken_picture"),
        (PNG[:100] + b"\0" * 400 + PNG[500:], "broken_picture"),
        (b"\xff\xd8\xff", "not_a_picture"),
        (b"", "not_a_picture"),
        (b"%PDF-1.7 pas une photo", "not_a_picture"),
        (written(plain(), "TIFF"), "not_a_picture"),
        (written(plain(), "BMP"), "not_a_picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_picture"),
    ],
)
def test_hostile_pictures_are_refused_in_french(content, code):
    with pytest.raises(Refusal) as refused:
        read_picture(content, "photo.jpg")
    assert refused.value.code == code
    assert "«\u00a0photo.jpg\u00a0»" in refused.value.message


def test_a_page_hidden_behind_a_photo_does_not_pass():
    polyglot = JPEG[:-2] + b"<html><script>alert(1)</script></html>" + JPEG[-2:]
    drawn = read_picture(polyglot, "photo.html").full.content
    assert b"<script>" not in drawn


def test_a_picture_no_memory_holds_is_refused(monkeypatch):
    def lack(_image):
        raise MemoryError

    monkeypatch.setattr(pictures, "_plain", lack)
    with pytest.raises(Refusal, match="picture_too_large"):
        read_picture(JPEG, "photo.jpg")
