# SPDX-License-Identifier: EUPL-1.2
"""The site map: each room under its French addresses."""

from django.urls import include, path

urlpatterns: list = [
    path("", include("usufruit.search.urls")),  # /, /biens/
    path("", include("usufruit.bookings.urls")),  # /biens/12/, /reservations/, /demandes/
    path("", include("usufruit.privacy.urls")),  # /confidentialite/, /vie-privee/
    path("mes-biens/importer/", include("usufruit.imports.urls")),
    path("", include("usufruit.premises.urls")),  # /photos/, /mes-biens/lieu/12/acces/
    path("mes-biens/", include("usufruit.inventory.urls")),
    path("mes-biens/", include("usufruit.timetable.urls")),  # /mes-biens/12/horaires/
    path("mes-biens/", include("usufruit.agendas.urls")),  # /mes-biens/agendas/
    path("mes-biens/", include("usufruit.sharing.urls")),  # /mes-biens/12/partage/
    path("exports/", include("usufruit.exports.urls")),
    path("besoins/", include("usufruit.needs.urls")),
    path("audits/", include("usufruit.audits.urls")),
    path("", include("usufruit.organizations.urls")),  # /compte/, /organisme/, /organismes/
    path("avis/", include("usufruit.notices.urls")),
    path("ui/", include("usufruit.ui.urls")),
]
