# SPDX-License-Identifier: EUPL-1.2
"""Where a body sees all it could share, publishes it and says who may book it."""

from django.urls import path

from usufruit.sharing import views

urlpatterns = [
    path("", views.managed_assets, name="managed_assets"),
    path("liste.csv", views.export_assets, name="export_assets"),
    path("publication/", views.publication, name="publication"),
    path("<int:pk>/etat/", views.set_asset_state, name="set_asset_state"),
    path("<int:pk>/partage/", views.sharing_rules, name="sharing_rules"),
    path("<int:pk>/partage/<int:rule_id>/fermer/", views.close_rule, name="close_rule"),
]
