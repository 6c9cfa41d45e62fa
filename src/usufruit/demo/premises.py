# SPDX-License-Identifier: EUPL-1.2
"""What the territory says of its places, and pictures drawn here: no photograph is of anywhere."""

from __future__ import annotations

from datetime import datetime

from PIL import Image, ImageDraw

from usufruit.demo.building import World
from usufruit.demo.dataset import Dataset
from usufruit.inventory.models import Asset, Site
from usufruit.premises.actions import add_paper, add_photos, seal_secret, state_facts
from usufruit.premises.facts import Reader
from usufruit.premises.papers import PDF
from usufruit.premises.pictures import in_two_sizes

WIDTH, HEIGHT = 1200, 800
FLOOR_Y = 470
WALL, FLOOR, LINE, DARK, CLOTH = "#DCE9E7", "#D9B27C", "#FFFFFF", "#2E5B58", "#4E8F8A"
PLAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def tell_places(data: Dataset, world: World, at: datetime) -> None:
    """State the facts of places, seal a few codes and hang the drawings."""
    for row in data.places:
        place = _place(row, world)
        state_facts(place=place, values=row["facts"], by=None, now=at)
        if "code" in row:
            seal_secret(place=place, text=row["code"], hours_before=24, by=None, now=at)
    for row in data.drawings:
        picture = in_two_sizes(draw(row["scene"]))
        add_photos(place=_place(row, world), pictures=[picture], alt=row["alt"], by=None, now=at)
    for title, reader in (
        ("Plan d’évacuation", Reader.ALL),
        ("Mode d’emploi du rideau séparateur", Reader.BOOKED),
    ):
        add_paper(
            asset=world.assets["GH-GYM-01"],
            title=title,
            content=PLAN,
            media_type=PDF,
            reader=reader,
            by=None,
            now=at,
        )


def _place(row: dict[str, str], world: World) -> Site | Asset:
    return world.assets[row["asset"]] if "asset" in row else world.sites[row["site"]]


def draw(scene: str) -> Image.Image:
    """Draw a room of the territory: ``gymnase``, ``rideau`` or ``salle``."""
    image = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, FLOOR_Y, WIDTH, HEIGHT), fill=FLOOR)
    for left in (120, 480, 840):
        pen.rectangle((left, 90, left + 240, 280), fill="#F5FAFA", outline=DARK, width=8)
        pen.line((left + 120, 90, left + 120, 280), fill=DARK, width=6)
    if scene == "salle":
        for left in (120, 450, 780):
            pen.ellipse((left, 540, left + 300, 640), fill="#F5FAFA", outline=DARK, width=8)
    else:
        pen.polygon(
            [(260, FLOOR_Y + 40), (940, FLOOR_Y + 40), (1130, 760), (70, 760)], outline=LINE
        )
        pen.line((260, FLOOR_Y + 40, 70, 760), fill=LINE, width=10)
        pen.line((940, FLOOR_Y + 40, 1130, 760), fill=LINE, width=10)
        pen.line((600, FLOOR_Y + 40, 600, 760), fill=LINE, width=10)
        pen.line((170, 330, 170, 620), fill=DARK, width=14)
        pen.line((1030, 330, 1030, 620), fill=DARK, width=14)
        pen.rectangle((170, 350, 1030, 420), fill=None, outline=DARK, width=6)
    if scene == "rideau":
        for left in range(560, 1200, 40):
            pen.rectangle((left, 40, left + 36, 700), fill=CLOTH)
    return image
