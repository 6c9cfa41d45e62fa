# SPDX-License-Identifier: EUPL-1.2
"""An asset's page, the way to book it, what a body booked, and what an owner must decide."""

from django.urls import path, register_converter

from usufruit.bookings import views
from usufruit.bookings.views import answers, closing, desk


class ReferenceConverter:
    """A booking's reference; small letters, as dictated on the telephone, are read as capitals."""

    regex = "[0-9A-Za-z]{3}-[0-9A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        """Return the reference as it is stored."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """Return the reference as it is printed."""
        return value


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    # the asset
    path("biens/<int:pk>/", views.asset, name="asset"),
    path("biens/<int:pk>/reserver/", views.book, name="book"),
    # the borrower
    path("accueil/ce-qui-vous-attend/", views.awaiting, name="awaiting"),
    path("reservations/", views.my_bookings, name="my_bookings"),
    path("reservations/<reference:reference>.ics", views.booking_ics, name="booking_ics"),
    path("reservations/<reference:reference>/code/", views.booking_code, name="booking_code"),
    path("documents/<int:pk>/", views.paper, name="paper"),
    path("photos/<int:pk>/<slug:size>.jpg", views.photo, name="photo"),
    path("reservations/<reference:reference>/", views.booking, name="booking"),
    path(
        "reservations/<reference:reference>/retirer/",
        views.withdraw_booking,
        name="withdraw_booking",
    ),
    path(
        "reservations/<reference:reference>/annuler/", views.cancel_booking, name="cancel_booking"
    ),
    path("reservations/<reference:reference>/deplacer/", views.move_booking, name="move_booking"),
    path(
        "reservations/<reference:reference>/confirmation/",
        desk.booking_paper,
        name="booking_paper",
    ),
    # the desk
    path("guichet/", desk.desk, name="desk"),
    path("guichet/biens/<int:pk>/garder/", desk.keep_slot, name="keep_slot"),
    path("guichet/biens/<int:pk>/reserver/", desk.desk_book, name="desk_book"),
    path("guichet/options/<int:pk>/liberer/", desk.release_slot, name="release_slot"),
    # storm day
    path("mes-biens/fermer/", closing.choose_sites, name="close_sites"),
    path("mes-biens/fermer/reservations/", closing.answer_bookings, name="answer_bookings"),
    path("mes-biens/fermetures/<int:pk>/", closing.closure, name="closure"),
    path("mes-biens/fermetures/<int:pk>/rouvrir/", closing.reopen_closure, name="reopen_closure"),
    path(
        "mes-biens/fermetures/retablir/<reference:reference>/",
        closing.restore_booking,
        name="restore_booking",
    ),
    path(
        "reservations/<reference:reference>/defaire/", answers.undo_decision, name="undo_decision"
    ),
    path(
        "reservations/<reference:reference>/annoncer/", answers.send_decision, name="send_decision"
    ),
    path("reservations/<reference:reference>/ecrire/", answers.send_message, name="send_message"),
    path(
        "reservations/<reference:reference>/messages/<int:pk>/effacer/",
        answers.erase_message,
        name="erase_message",
    ),
    # the owner
    path("mes-biens/lieux/<int:pk>/semaine/", views.site_week, name="site_week"),
    path("demandes/", views.inbox, name="inbox"),
    path("demandes/reponses/", answers.answering_rules, name="answering_rules"),
    path("demandes/reponses/raisons/", answers.add_wording, name="add_wording"),
    path(
        "demandes/reponses/raisons/<int:pk>/retirer/", answers.retire_wording, name="retire_wording"
    ),
    path("demandes/<reference:reference>/accepter/", views.approve_request, name="approve_request"),
    path("demandes/<reference:reference>/refuser/", views.refuse_request, name="refuse_request"),
]
