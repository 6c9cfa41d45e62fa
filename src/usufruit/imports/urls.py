# SPDX-License-Identifier: EUPL-1.2
"""Where files of assets are brought in; all under ``/mes-biens/importer/``."""

from django.urls import path

from usufruit.imports import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:pk>/", views.batch, name="import"),
    path("<int:pk>/colonnes/", views.columns, name="import_columns"),
    path("<int:pk>/lire/", views.read_again, name="import_read_again"),
    path("<int:pk>/mots/", views.words, name="import_words"),
    path("<int:pk>/lignes/<int:line_pk>/", views.twin, name="import_twin"),
    path("<int:pk>/appliquer/", views.apply, name="import_apply"),
    path("<int:pk>/annuler/", views.undo, name="import_undo"),
    path("<int:pk>/refus.csv", views.refused_csv, name="import_refused"),
]
