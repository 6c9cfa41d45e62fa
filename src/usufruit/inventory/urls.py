# SPDX-License-Identifier: EUPL-1.2
"""Where assets and sites are entered and corrected; all under ``/mes-biens/``."""

from django.urls import path

from usufruit.inventory import views

urlpatterns = [
    path("ajouter/", views.add_asset, name="add_asset"),
    path("<int:pk>/", views.edit_asset, name="edit_asset"),
    path("lieux/", views.sites, name="sites"),
    path("lieux/<int:pk>/", views.edit_site, name="edit_site"),
    path("lieux/ajouter/", views.add_site, name="add_site"),
]
