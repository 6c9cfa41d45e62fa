# SPDX-License-Identifier: EUPL-1.2
"""The map that mirrors a list: its frame, its addresses, and what it says before it is loaded."""

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString

BASEMAP_PARTS = ("shores", "rivers", "borders", "places")


def map_panel(
    items_id: str,
    *,
    label: str = "",
    tiles: str = "",
    territory_id: str = "",
    on_demand: bool = True,
) -> SafeString:
    """Return the frame of a map of the items listed in a ``json_script`` of the page.

    ``items_id`` is its identifier; each item is {"id", "name", "lat", "lon", "label", "href"}, in
    the order of the list; ``label`` is what the pin prints (a price, a rank). Cards of the list
    carry ``data-map-item="ID"``. ``territory_id`` names a second ``json_script`` with a GeoJSON
    outline. ``tiles`` is an operator's raster address with {z}, {x}, {y}; it replaces ours.
    ``on_demand`` waits for « Voir la carte » on narrow screens.
    """
    context = {
        "items_id": items_id,
        "label": label,
        "tiles": tiles,
        "territory_id": territory_id,
        "on_demand": on_demand,
        "library": static("ui/vendor/maplibre-gl.mjs"),
        "worker": static("ui/vendor/maplibre-gl-worker.mjs"),
        "library_css": static("ui/vendor/maplibre-gl.css"),
        "module": static("ui/map.js"),
        "parts": [
            {"name": name, "href": static(f"ui/basemap/{name}.json")} for name in BASEMAP_PARTS
        ],
    }
    return render_to_string("ui/components/map_panel.html", context)
