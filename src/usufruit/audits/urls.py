# SPDX-License-Identifier: EUPL-1.2
"""Where evidence goes in, and where findings come out."""

from django.urls import path

from usufruit.audits import views

urlpatterns = [
    path("", views.audits, name="audits"),
    path("nouveau/", views.new_audit, name="new_audit"),
    path("<int:pk>/", views.audit, name="audit"),
    path("<int:pk>/relancer/", views.restart, name="restart_audit"),
    path("<int:pk>/fichiers/<str:name>", views.download, name="audit_file"),
    path("constats/<int:pk>/", views.finding, name="finding"),
    path("constats/<int:pk>/plages/", views.publish, name="publish_window"),
    path("biens/<int:pk>/usage/", views.asset_use, name="asset_use"),
]
