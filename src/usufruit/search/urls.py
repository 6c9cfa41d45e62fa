# SPDX-License-Identifier: EUPL-1.2
"""Where one asks, and where the answers are: the address of a page of results is the search."""

from django.urls import path

from usufruit.search import views

urlpatterns = [
    path("", views.home, name="home"),
    path("biens/filtres/", views.features, name="search_features"),
    path("biens/", views.results, name="results"),
    path("biens/carte.geojson", views.map_points, name="map_points"),
    path("inviter/", views.invite, name="invite"),
]
