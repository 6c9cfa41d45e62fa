# SPDX-License-Identifier: EUPL-1.2
"""A page, or only the part of it that htmx asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

ASKED = "HX-Request"
GOING_BACK = "HX-History-Restore-Request"


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part; when the reader goes back it needs the whole page."""
    return bool(request.headers.get(ASKED)) and not request.headers.get(GOING_BACK)


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render the page, or the fragment of it that htmx asked for; caches keep them apart.

    Args:
        page: template of the whole, which includes the fragment's own.
    """
    template = fragment if wants_fragment(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, [ASKED, GOING_BACK])
    return response
