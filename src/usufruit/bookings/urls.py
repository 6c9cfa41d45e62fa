# SPDX-License-Identifier: EUPL-1.2
"""An asset's page, the way to book it, what a body booked, and what an owner must decide."""

from django.urls import path

from usufruit.bookings import views

urlpatterns = [
    # the asset
    path("biens/<int:pk>/", views.asset, name="asset"),
    path("biens/<int:pk>/reserver/", views.book, name="book"),
    # the borrower
    path("accueil/ce-qui-vous-attend/", views.awaiting, name="awaiting"),
    path("reservations/", views.my_bookings, name="my_bookings"),
    path("reservations/<str:reference>.ics", views.booking_ics, name="booking_ics"),
    path("reservations/<str:reference>/", views.booking, name="booking"),
    path("reservations/<str:reference>/retirer/", views.withdraw_booking, name="withdraw_booking"),
    path("reservations/<str:reference>/annuler/", views.cancel_booking, name="cancel_booking"),
    path("reservations/<str:reference>/deplacer/", views.move_booking, name="move_booking"),
    # the owner
    path("demandes/", views.inbox, name="inbox"),
    path("demandes/<str:reference>/accepter/", views.approve_request, name="approve_request"),
    path("demandes/<str:reference>/refuser/", views.refuse_request, name="refuse_request"),
]
