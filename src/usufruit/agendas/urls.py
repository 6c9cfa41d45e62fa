# SPDX-License-Identifier: EUPL-1.2
"""Where an owner brings the calendars it already keeps; all under ``/mes-biens/``."""

from django.urls import path

from usufruit.agendas import views

urlpatterns = [
    # What the body has to settle
    path("agendas/", views.agendas, name="agendas"),
    path(
        "agendas/conflits/<int:event_id>/<int:hold_id>/garder/",
        views.keep_what_stands,
        name="keep_what_stands",
    ),
    path("agendas/cedees/<int:pk>/reprendre/", views.take_back_hours, name="take_back_hours"),
    # One agenda
    path("<int:pk>/agendas/", views.asset_agendas, name="asset_agendas"),
    path("agendas/<int:pk>/relire/", views.read_agenda_again, name="read_agenda_again"),
    path("agendas/<int:pk>/accepter/", views.accept_loss, name="accept_agenda_loss"),
    path("agendas/<int:pk>/oublier/", views.forget_agenda, name="forget_agenda"),
    # Files
    path("<int:pk>/agendas/importer/", views.import_agenda, name="import_agenda"),
    path("agendas/importer/", views.import_agendas, name="import_agendas"),
    path("agendas/imports/<int:pk>/", views.agenda_import, name="agenda_import"),
    path("agendas/imports/<int:pk>/appliquer/", views.apply_import, name="apply_agenda_import"),
    path("agendas/imports/<int:pk>/annuler/", views.undo_import, name="undo_agenda_import"),
]
