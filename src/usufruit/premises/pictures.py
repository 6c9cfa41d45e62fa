# SPDX-License-Identifier: EUPL-1.2
"""Read a picture nobody vouches for and draw it anew: pixels alone, no metadata, two sizes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from usufruit.kernel.refusals import Refusal

LONGEST_PX = 1600
THUMBNAIL_PX = 480
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


@dataclass(frozen=True)
class Drawn:
    """A picture as a JPEG, with its size in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew in its two sizes."""

    full: Drawn
    thumbnail: Drawn


def read_picture(content: bytes, name: str) -> Picture:
    """Decode a picture, turn it upright and draw it anew on white.

    Raises:
        Refusal: ``not_a_picture``, ``animated_picture``, ``picture_too_large`` or
            ``broken_picture``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a size that Pillow warns of is measured below
        image = _open(content, name)
        try:
            upright = _plain(ImageOps.exif_transpose(image))
        except MemoryError as error:
            raise _too_large(name) from error
        except Exception as error:  # a decoder fed by strangers raises whatever it likes
            raise Refusal(
                "broken_picture",
                _(
                    "«\u00a0%(name)s\u00a0» est incomplète ou abîmée. "
                    "Prenez ou exportez-la de nouveau."
                )
                % {"name": name},
            ) from error
    return in_two_sizes(upright)


def in_two_sizes(image: Image.Image) -> Picture:
    """Draw a picture of eight bits in the two sizes that pages show."""
    return Picture(_drawn(image, LONGEST_PX), _drawn(image, THUMBNAIL_PX))


def _open(content: bytes, name: str) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    except Exception as error:  # as above
        raise Refusal(
            "not_a_picture",
            _("«\u00a0%(name)s\u00a0» n’est pas une photo. Déposez un fichier JPEG, PNG ou WebP.")
            % {"name": name},
        ) from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(name)
    if getattr(image, "n_frames", 1) > 1:
        raise Refusal(
            "animated_picture",
            _("«\u00a0%(name)s\u00a0» est animée. Déposez une image fixe.") % {"name": name},
        )
    image.draft("RGB", (LONGEST_PX, LONGEST_PX))  # a JPEG is decoded no larger than is needed
    return image


def _too_large(name: str) -> Refusal:
    return Refusal(
        "picture_too_large",
        _("«\u00a0%(name)s\u00a0» compte trop de points. Réduisez-la à 50 millions de pixels.")
        % {"name": name},
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return eight bits of red, green and blue; what is see-through stands on white."""
    if image.mode.startswith("I"):  # sixteen bits of grey, which a bare conversion would clip
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L").convert("RGB")
    if "transparency" in image.info or image.mode in {"RGBA", "LA", "PA", "RGBa", "La"}:
        drawn = image.convert("RGBA")
        paper = Image.new("RGB", drawn.size, "white")
        paper.paste(drawn, mask=drawn.getchannel("A"))
        return paper
    return image.convert("RGB")


def _drawn(image: Image.Image, longest: int) -> Drawn:
    """Draw the pixels on a new sheet, which carries nothing of what the file said of itself."""
    sheet = Image.new("RGB", image.size)
    sheet.paste(image)
    sheet.thumbnail((longest, longest))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return Drawn(out.getvalue(), sheet.width, sheet.height)
