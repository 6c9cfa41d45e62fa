# SPDX-License-Identifier: EUPL-1.2
"""The pages of the design system."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from usufruit.ui import preferences, samples

YEAR_S = 365 * 24 * 3600


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every token, component and chart in each of its states."""
    return render(request, "ui/gallery/page.html", samples.context())


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the theme, font or language sent, and come back to the page it was chosen on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    allowed = {
        "theme": (preferences.THEME_COOKIE, preferences.THEMES),
        "font": (preferences.FONT_COOKIE, preferences.FONTS),
        "language": (settings.LANGUAGE_COOKIE_NAME, [code for code, _name in settings.LANGUAGES]),
    }
    for field, (cookie, values) in allowed.items():
        value = request.POST.get(field)
        if value and value in values:
            response.set_cookie(
                cookie, value, max_age=YEAR_S, samesite="Lax", secure=request.is_secure()
            )
    return response
