# SPDX-License-Identifier: EUPL-1.2
"""Where an administrator takes away all that the body has here."""

from django.urls import path

from usufruit.exports import views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("<int:pk>/archive.zip", views.export_archive, name="export_archive"),
]
