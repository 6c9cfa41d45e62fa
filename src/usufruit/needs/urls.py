# SPDX-License-Identifier: EUPL-1.2
"""Where a body tells what it lacks, and where neighbours see it; all under ``/besoins/``."""

from django.urls import path

from usufruit.needs import views

urlpatterns = [
    path("", views.my_needs, name="my_needs"),
    path("signaler/", views.report_need, name="report_need"),
    path("pres-de-chez-vous/", views.nearby_needs, name="nearby_needs"),
    path("<int:pk>/combler/", views.meet_need, name="meet_need"),
    path("<int:pk>/retirer/", views.withdraw_need, name="withdraw_need"),
    path("<int:pk>/rouvrir/", views.reopen_need, name="reopen_need"),
]
