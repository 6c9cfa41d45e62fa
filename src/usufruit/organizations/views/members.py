# SPDX-License-Identifier: EUPL-1.2
"""The people of a body: who is here, with which roles, and who is awaited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations import actions, bodies, invitations
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.invitations import LinesRefusedError
from usufruit.organizations.mails import send_factor_lifted, send_invitations
from usufruit.organizations.member_forms import InviteForm, InviteLinesForm, RolesForm
from usufruit.organizations.members import departures_of, members_of
from usufruit.organizations.queries import (
    administered_body_for,
    grantable_roles,
    invitation_for,
    member_for,
    unanswered_invitations,
)


@login_required
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    """List the people of a body and the invitations nobody answered."""
    body, at = administered_body_for(request.user, request.organization), now()
    awaited = [
        {"invitation": one, "state": one.state_at(at), "roles": one.role_names}
        for one in unanswered_invitations(body)
    ]
    people = members_of(body, at)
    subjects = [one.person for one in people]
    actions.note_reading(
        subjects=subjects, page="members", by=request.user, organization=body, now=at
    )
    gone = departures_of(body, at)
    context = {"gone": gone, "body": body, "members": people, "awaited": awaited}
    return render(request, "organizations/members.html", context)


@login_required
def set_roles(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose the roles of a person."""
    person = member_for(request.user, request.organization, pk)
    body = administered_body_for(request.user, request.organization)
    form = RolesForm(request.POST or None, organization=body, person=person)
    if request.method == "POST" and form.is_valid() and _saved(request, form, person):
        messages.success(request, _("Les rôles sont enregistrés."))
        return redirect("members")
    context = {"body": body, "person": person, "form": form}
    return render(request, "organizations/set_roles.html", context)


def _saved(request: MemberRequest, form: RolesForm, person: actions.Person) -> bool:
    try:
        actions.set_roles(
            person=person,
            organization=form.organization,
            roles=form.cleaned_data["roles"],
            ceiling_h=form.cleaned_data["ceiling_h"],
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error("roles", refusal.message)
    return not form.errors


@login_required
def invite(request: MemberRequest) -> HttpResponse:
    """Invite one person."""
    body = administered_body_for(request.user, request.organization)
    form = InviteForm(request.POST or None, organization=body)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invitations.invite(
                organization=body, by=request.user, now=now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("email", refusal.message)
        else:
            return _sent(request, [sent])
    return render(request, "organizations/invite.html", {"body": body, "form": form})


@login_required
def invite_lines(request: MemberRequest) -> HttpResponse:
    """Invite the persons of a pasted list, or say line by line what stops it."""
    body = administered_body_for(request.user, request.organization)
    form = InviteLinesForm(request.POST or None, organization=body)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invitations.invite_all(
                organization=body, lines=form.lines, by=request.user, now=now()
            )
        except LinesRefusedError as refused:
            form.add_faults(refused.faults)
        else:
            return _sent(request, sent)
    context = {"body": body, "form": form, "roles": grantable_roles(body)}
    return render(request, "organizations/invite_lines.html", context)


@login_required
@require_POST
def resend_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    """Send an invitation again."""
    invitation = invitation_for(request.user, request.organization, pk)
    try:
        sent = invitations.resend_invitation(invitation=invitation, by=request.user, now=now())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("members")
    return _sent(request, [sent])


@login_required
def revoke_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what is lost, then take an invitation back."""
    invitation = invitation_for(request.user, request.organization, pk)
    if request.method == "POST":
        invitations.revoke_invitation(invitation=invitation, by=request.user, now=now())
        messages.success(request, _("L’invitation est retirée. Son lien ne sert plus."))
        return redirect("members")
    return render(request, "organizations/revoke_invitation.html", {"invitation": invitation})


@login_required
def reset_second_factor(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what it does, then lift the second factor a person lost, and tell them by mail."""
    person = member_for(request.user, request.organization, pk)
    body = administered_body_for(request.user, request.organization)
    if request.method == "POST":
        bodies.reset_second_factor(person=person, organization=body, by=request.user, now=now())
        send_factor_lifted(request, person, body)
        messages.success(request, _("Le second facteur est levé. La personne en est avertie."))
        return redirect("members")
    return render(request, "organizations/reset_second_factor.html", {"person": person})


def _sent(request: MemberRequest, sent: list[invitations.Invitation]) -> HttpResponse:
    """Send the mails and say so; an invitation stands even when its mail did not leave."""
    try:
        send_invitations(request, sent)
    except OSError:
        messages.warning(
            request,
            _("Invitation enregistrée, mais le courriel n’est pas parti. Renvoyez-le plus tard."),
        )
    else:
        text = _("Invitation envoyée à %(email)s.") % {"email": sent[0].person.email}
        if len(sent) > 1:
            text = _("%(n)s invitations envoyées.") % {"n": len(sent)}
        messages.success(request, text)
    return redirect("members")
