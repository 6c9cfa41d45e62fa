# SPDX-License-Identifier: EUPL-1.2
"""Where an owner says when an asset is open, and takes time on it; all under ``/mes-biens/``."""

from django.urls import path

from usufruit.timetable import views

urlpatterns = [
    # When it is open
    path("<int:pk>/horaires/", views.opening_hours, name="opening_hours"),
    path("<int:pk>/horaires/suivre/", views.follow_calendar, name="follow_calendar"),
    path("<int:pk>/horaires/detacher/", views.give_own_calendar, name="give_own_calendar"),
    path("<int:pk>/horaires/saisons/ajouter/", views.add_season, name="add_season"),
    path(
        "<int:pk>/horaires/saisons/<int:season_id>/retirer/",
        views.remove_season,
        name="remove_season",
    ),
    path("<int:pk>/horaires/exceptions/ajouter/", views.add_exception, name="add_exception"),
    path(
        "<int:pk>/horaires/exceptions/<int:exception_id>/retirer/",
        views.remove_exception,
        name="remove_exception",
    ),
    path("<int:pk>/horaires/jours-communs/suivre/", views.follow_days, name="follow_days"),
    path(
        "<int:pk>/horaires/jours-communs/<int:inclusion_id>/quitter/",
        views.leave_days,
        name="leave_days",
    ),
    # Days typed once for a territory
    path("jours-communs/", views.shared_days, name="shared_days"),
    path("jours-communs/<int:pk>/", views.shared_calendar, name="shared_calendar"),
    path(
        "jours-communs/<int:pk>/<int:exception_id>/retirer/",
        views.remove_shared_days,
        name="remove_shared_days",
    ),
    # What the owner takes for itself
    path("<int:pk>/bloquer/", views.block_time, name="block_time"),
    path("<int:pk>/bloquer/<int:hold_id>/liberer/", views.unblock_time, name="unblock_time"),
]
