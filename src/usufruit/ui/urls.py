# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the design system: its gallery and the visitor's choices."""

from django.urls import path

from usufruit.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("preferences/", views.choose, name="preferences"),
]
