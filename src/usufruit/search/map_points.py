# SPDX-License-Identifier: EUPL-1.2
"""What the map draws beyond the page listed: the same search, the same permissions, compactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from usufruit.organizations.models import Organization
from usufruit.search.forms import SearchForm
from usufruit.search.queries import nearest
from usufruit.ui import typography

MOST_POINTS = 5000
DIGITS = 5  # of a degree: a metre


def map_of(form: SearchForm, asker: Organization | None, now: datetime) -> dict[str, Any]:
    """Return what a search finds as GeoJSON, nearest first; read anew at each question.

    A feature has the number of the asset, its place, its name ``n`` and its distance ``d``.
    ``asset`` is the address of the page of asset 0; ``is_cut`` tells that more was left out.
    """
    question = form.question()
    found = nearest(question, asker, now=now, most=MOST_POINTS + 1) if question else []
    language = get_language() or "fr"
    return {
        "type": "FeatureCollection",
        "asset": reverse("asset", args=[0]),
        "is_cut": len(found) > MOST_POINTS,
        "features": [
            {
                "type": "Feature",
                "id": result.asset_id,
                "geometry": {
                    "type": "Point",
                    "coordinates": [
                        round(result.longitude, DIGITS),
                        round(result.latitude, DIGITS),
                    ],
                },
                "properties": {"n": result.name, "d": typography.km(result.distance_km, language)},
            }
            for result in found[:MOST_POINTS]
        ],
    }
