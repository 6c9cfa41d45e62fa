# SPDX-License-Identifier: EUPL-1.2
"""Where an owner says when an asset is open, and takes time on it."""

from django.urls import path

from usufruit.timetable import views

urlpatterns = [
    path("<int:pk>/horaires/", views.opening_hours, name="opening_hours"),
    path("<int:pk>/bloquer/", views.block_time, name="block_time"),
    path("<int:pk>/bloquer/<int:hold_id>/liberer/", views.unblock_time, name="unblock_time"),
]
