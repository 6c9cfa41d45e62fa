# SPDX-License-Identifier: EUPL-1.2
"""Where one signs in, says for whom one acts and who acts for a body; some views are allauth's."""

from allauth.account import views as allauth
from django.urls import path, re_path

from usufruit.organizations.views import account, invitations, members

urlpatterns = [
    path("compte/", account.account, name="account"),
    path("compte/agir-pour/", account.act_for, name="act_for"),
    path("compte/connexion/", allauth.login, name="account_login"),
    path("compte/deconnexion/", allauth.logout, name="account_logout"),
    path(
        "compte/inscription/", allauth.signup, name="account_signup"
    ),  # says how to get an account
    path("compte/inactif/", allauth.account_inactive, name="account_inactive"),
    path("compte/confirmer/", allauth.reauthenticate, name="account_reauthenticate"),
    # Passwords
    path("compte/mot-de-passe/changer/", allauth.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", allauth.password_set, name="account_set_password"),
    path("compte/mot-de-passe/oublie/", allauth.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(  # the key holds hyphens, the number before it none
        r"^compte/mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[\w-]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # Invitations
    path("compte/invitation/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
    # The people of a body
    path("organisme/personnes/", members.members, name="members"),
    path("organisme/personnes/<int:pk>/roles/", members.set_roles, name="set_roles"),
    path("organisme/personnes/inviter/", members.invite, name="invite_person"),
    path("organisme/personnes/inviter/liste/", members.invite_lines, name="invite_people"),
    path(
        "organisme/invitations/<int:pk>/renvoyer/",
        members.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "organisme/invitations/<int:pk>/retirer/",
        members.revoke_invitation,
        name="revoke_invitation",
    ),
]
