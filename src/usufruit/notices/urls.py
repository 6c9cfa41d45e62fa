# SPDX-License-Identifier: EUPL-1.2
"""One's notices and the choices that go with them."""

from django.urls import path

from usufruit.notices import views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("<int:pk>/lire/", views.read_notice, name="read_notice"),
    path("choix/", views.choices, name="notice_choices"),
    path("arreter/<str:token>/", views.stop_letters, name="stop_letters"),
    path("courriels-en-souffrance/", views.undelivered, name="undelivered"),
]
