# SPDX-License-Identifier: EUPL-1.2
"""The choices a visitor makes without an account, kept in cookies: theme, font, language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

THEME_COOKIE = "usufruit_theme"
FONT_COOKIE = "usufruit_font"
THEMES = ("system", "light", "dark")
FONTS = ("standard", "readable")


@dataclass(frozen=True)
class Chosen:
    """What a visitor chose; an empty string means « as the device says » or « the usual font »."""

    theme: str = ""
    font: str = ""


def chosen(request: HttpRequest | None) -> Chosen:
    """Return the choices a request carries; none without a request."""
    if request is None:
        return Chosen()
    theme = request.COOKIES.get(THEME_COOKIE, "")
    font = request.COOKIES.get(FONT_COOKIE, "")
    return Chosen(
        theme=theme if theme in THEMES[1:] else "",
        font=font if font in FONTS[1:] else "",
    )


def address() -> str:
    """Return where the choices are sent, or "" when the site map does not include this room."""
    try:
        return reverse("ui:preferences")
    except NoReverseMatch:
        return ""


def groups(request: HttpRequest, language: str) -> list[dict[str, Any]]:
    """Return the choices to print, each group with its options and the one that is on."""
    now = chosen(request)
    found: list[dict[str, Any]] = [
        {
            "name": "theme",
            "label": _("Apparence"),
            "choices": [
                _choice("system", _("Appareil"), now.theme or "system", "device-desktop"),
                _choice("light", _("Claire"), now.theme, "sun"),
                _choice("dark", _("Sombre"), now.theme, "moon"),
            ],
        },
        {
            "name": "font",
            "label": _("Police"),
            "choices": [
                _choice("standard", _("Courante"), now.font or "standard"),
                _choice("readable", _("Très lisible"), now.font),
            ],
        },
    ]
    if len(settings.LANGUAGES) > 1:
        found.append(
            {
                "name": "language",
                "label": _("Langue"),
                "choices": [
                    {"value": code, "label": name, "is_on": code == language, "lang": code}
                    for code, name in settings.LANGUAGES
                ],
            }
        )
    return found


def _choice(value: str, label: str, current: str, icon: str = "") -> dict[str, Any]:
    return {"value": value, "label": label, "is_on": value == current, "icon": icon}
