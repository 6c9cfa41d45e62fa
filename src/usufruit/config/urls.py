# SPDX-License-Identifier: EUPL-1.2
"""The site map: each room under its French address."""

from django.urls import include, path

urlpatterns: list = [
    path("compte/", include("usufruit.organizations.urls")),
]
