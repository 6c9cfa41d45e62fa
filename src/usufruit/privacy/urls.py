# SPDX-License-Identifier: EUPL-1.2
"""What everybody may read, what is one's own, and the register of incidents of a body."""

from django.urls import path

from usufruit.privacy import views

urlpatterns = [
    # what everybody may read
    path("confidentialite/", views.policy, name="privacy_policy"),
    path("accessibilite/", views.accessibility, name="accessibility_statement"),
    path("conditions/", views.terms, name="terms_of_use"),
    # one's own
    path("vie-privee/", views.my_data, name="my_data"),
    path("vie-privee/copie.zip", views.my_copy, name="my_copy"),
    path("vie-privee/effacer/", views.erase_me, name="erase_me"),
    # the register of a body
    path("vie-privee/incidents/", views.incidents, name="incidents"),
    path("vie-privee/incidents.csv", views.incidents_csv, name="incidents_csv"),
    path("vie-privee/incidents/ajouter/", views.add_incident, name="add_incident"),
    path("vie-privee/incidents/<int:pk>/", views.incident, name="incident"),
]
