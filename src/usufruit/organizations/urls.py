# SPDX-License-Identifier: EUPL-1.2
"""Where one signs in and says for whom one acts; allauth's own views at French addresses."""

from allauth.account import views as account
from django.urls import path

from usufruit.organizations import views

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("mot-de-passe/changer/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "mot-de-passe/nouveau/<uidb36>-<key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("reauthentification/", account.reauthenticate, name="account_reauthenticate"),
    path("courriels/", account.email, name="account_email"),
    path("agir-pour/", views.act_for, name="act_for"),
]
