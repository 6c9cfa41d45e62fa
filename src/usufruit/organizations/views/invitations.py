# SPDX-License-Identifier: EUPL-1.2
"""What the person invited sees when they follow the link."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations import invitations
from usufruit.organizations.acting import PageRequest
from usufruit.organizations.member_forms import NewAccountForm
from usufruit.organizations.models import Invitation, Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
def accept_invitation(request: PageRequest, token: str) -> HttpResponse:
    """Let the person invited open their account, or join with the one they have."""
    invitation = invitations.invitation_of(token)
    if invitation is None or invitation.state_at(now()) != "pending":
        return render(request, "organizations/invitation_over.html")
    if invitation.person.invited_only:
        return _open_account(request, invitation)
    return _join(request, invitation)


def _open_account(request: PageRequest, invitation: Invitation) -> HttpResponse:
    """Ask for a name and a password, then open the account and a session."""
    form = NewAccountForm(request.POST or None, person=invitation.person)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.accept_invitation(
                invitation=invitation,
                full_name=form.cleaned_data["full_name"],
                password=form.cleaned_data["password1"],
                by=invitation.person,
                now=now(),
            )
        except Refusal:
            return render(request, "organizations/invitation_over.html")
        login(request, person, backend=BACKEND)
        return _welcome(request, invitation)
    context = {"invitation": invitation, "form": form}
    return render(request, "organizations/open_account.html", context)


def _join(request: PageRequest, invitation: Invitation) -> HttpResponse:
    """Let the account of the address join; another is told that the place is not theirs."""
    person = request.user if isinstance(request.user, Person) else None
    is_theirs = person is not None and person.pk == invitation.person_id
    if request.method == "POST" and person is not None and is_theirs:
        try:
            invitations.accept_invitation(
                invitation=invitation, full_name="", password=None, by=person, now=now()
            )
        except Refusal:
            return render(request, "organizations/invitation_over.html")
        return _welcome(request, invitation)
    context = {"invitation": invitation, "is_theirs": is_theirs, "is_signed_in": person is not None}
    return render(request, "organizations/join.html", context)


def _welcome(request: PageRequest, invitation: Invitation) -> HttpResponse:
    request.session["organization_id"] = invitation.organization_id
    text = _("Vous agissez maintenant pour «\u00a0%(body)s\u00a0».") % {
        "body": invitation.organization
    }
    messages.success(request, text)
    return redirect("home")
