# SPDX-License-Identifier: EUPL-1.2
"""Where one signs in, says for whom one acts and who acts for a body; some views are allauth's."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from usufruit.organizations.views import account, bodies, invitations, members, presence

FACTOR = "compte/double-authentification/"

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
    # The second factor
    path(FACTOR, mfa.index, name="mfa_index"),
    path(f"{FACTOR}code/", mfa.authenticate, name="mfa_authenticate"),
    path(f"{FACTOR}confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(f"{FACTOR}activer/", totp.activate_totp, name="mfa_activate_totp"),
    path(f"{FACTOR}retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{FACTOR}codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        f"{FACTOR}codes/refaire/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        f"{FACTOR}codes/fichier/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(f"{FACTOR}exigee/", account.second_factor_owed, name="second_factor_owed"),
    path(f"{FACTOR}suite/", account.after_second_factor, name="after_second_factor"),
    # Invitations
    path("compte/invitation/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
    # Bodies
    path("organismes/", bodies.bodies, name="bodies"),
    path("organismes/<slug:slug>/", bodies.body, name="body"),
    path("organisme/", bodies.own_body, name="own_body"),
    path("organisme/reglages/", bodies.settle_body, name="settle_body"),
    path("organisme/responsables/", bodies.name_stewards, name="name_stewards"),
    path("organisme/responsables/confirmer/", bodies.confirm_stewards, name="confirm_stewards"),
    # The people of a body
    path("organisme/personnes/", members.members, name="members"),
    path("organisme/personnes/<int:pk>/roles/", members.set_roles, name="set_roles"),
    path(
        "organisme/personnes/<int:pk>/second-facteur/",
        members.reset_second_factor,
        name="reset_second_factor",
    ),
    path("organisme/personnes/<int:pk>/absence/", presence.absence, name="absence"),
    path("organisme/personnes/<int:pk>/depart/", presence.departure, name="departure"),
    path("organisme/absences/", presence.own_absence, name="own_absence"),
    path("organisme/absences/<int:pk>/lever/", presence.end_absence, name="end_absence"),
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
