# SPDX-License-Identifier: EUPL-1.2
"""Write the icon sprite ``ui/static/ui/icons.svg`` from Tabler's outlines and our own two drawings.

Run ``python scripts/icons.py`` after adding a name below (needs ``node_modules``), and commit it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
SPRITE = ROOT / "src" / "usufruit" / "ui" / "static" / "ui" / "icons.svg"

NAMES = """
accessible adjustments-horizontal alert-circle alert-triangle armchair arrow-left arrow-right
arrows-exchange award ball-basketball bell book books building building-bank building-community
building-hospital building-warehouse bulb bulldozer bus calendar calendar-check calendar-due
calendar-event calendar-off calendar-plus calendar-repeat calendar-search camera car certificate
chart-bar chart-histogram check chevron-down chevron-left chevron-right chevron-up circle-check
circle-dashed circle-dotted circle-half-2 circle-minus circle-x clipboard-check clipboard-list clock
clock-pause coin copy crane crosshair device-desktop device-projector device-speaker download
external-link eye file-certificate file-text file-upload filter flag forklift grid-dots hammer
hand-stop heart-handshake history home hourglass-high ice-skating inbox info-circle key language
layout-grid leaf list list-check lock login logout mail map map-2 map-pin menu-2 message-circle
microphone moon music package palette parking pencil phone photo plant-2 plus printer qrcode refresh
road ruler-2 scale school search settings shield-check shovel snowflake stethoscope sun swimming
table tent tool tools tools-kitchen-2 tractor trash tree truck truck-delivery typography upload user
user-check users users-group video wheelchair x caravan lock-open ban send share tag door
calendar-time player-pause player-play trending-up trending-down file-spreadsheet database archive
world wood bolt droplet gas-station
""".split()  # noqa: SIM905 — ten names a line read better than one

# Drawn by us on Tabler's grid (24 px, stroke 2, round): no package has these two.
OWN = {
    "chasse-neige": (
        '<path d="M9 17a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"/>'
        '<path d="M17 17a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"/><path d="M13 17h4"/>'
        '<path d="M21 17h1v-6h-8v-6h-3.500l-2.500 6v6h1"/><path d="M14 11h-6"/>'
        '<path d="M8 15h-3.500"/><path d="M5.500 8c-2.500 3 -2.500 8 -3.500 11h3.500"/>'
    ),
    "niveleuse": (
        '<path d="M2 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"/>'
        '<path d="M12.500 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"/>'
        '<path d="M18 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"/>'
        '<path d="M4 16v-3.500l9 -1.500"/><path d="M13 15v-10h5l1 6h3v4"/><path d="M13 11h6"/>'
        '<path d="M9 12v2"/><path d="M7.500 14c.500 2.500 1.500 4.500 3 6"/>'
    ),
}
SHAPE = re.compile(r"<(?!/?svg)[^>]+>")
BOUNDING = '<path stroke="none" d="M0 0h24v24H0z" fill="none"'


def shapes_of(name: str) -> str:
    """Return the drawing elements of a Tabler outline, without the empty bounding path.

    Raises:
        SystemExit: Tabler has no such outline.
    """
    path = SOURCE / f"{name}.svg"
    if not path.exists():
        sys.exit(f"Icône inconnue : {name}")
    found = SHAPE.findall(path.read_text("utf-8").split("<svg", 1)[1].split(">", 1)[1])
    kept = [shape for shape in found if not shape.startswith((BOUNDING, "</", "<!--"))]
    return "".join(re.sub(r"\s+/>", "/>", shape) for shape in kept)


def sprite() -> str:
    """Return the whole sprite: one ``<symbol>`` a name, in alphabetical order."""
    drawings = {name: shapes_of(name) for name in NAMES} | OWN
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{drawings[name]}</symbol>'
        for name in sorted(drawings)
    ]
    head = (
        "<!-- SPDX-License-Identifier: MIT AND EUPL-1.2. Tabler Icons (MIT); "
        "chasse-neige and niveleuse are ours. Made by scripts/icons.py -->"
    )
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{head}\n{body}\n</svg>\n'


if __name__ == "__main__":
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(sprite(), "utf-8")
    print(f"{len(NAMES) + len(OWN)} icônes, {SPRITE.stat().st_size} octets.")
