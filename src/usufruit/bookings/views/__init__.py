# SPDX-License-Identifier: EUPL-1.2
"""An asset's page, booking it, what a body booked, what an owner must decide and how."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from usufruit.bookings import actions, asset_page, booking_page, on_the_spot, undoing
from usufruit.bookings.calendar_file import calendar_file
from usufruit.bookings.desk_forms import channel_sent
from usufruit.bookings.forms import BookingForm, ChoiceForm, RefusalForm
from usufruit.bookings.inbox import requests_of
from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import (
    decided_by,
    history_of,
    inbox_of,
    line_for,
    line_to_decide_for,
    past_of,
    unanswered_by,
    upcoming_of,
    waiting_of,
)
from usufruit.bookings.rows import row_of, rows
from usufruit.bookings.site_week import sheet, site_to_keep
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import part_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.acting import MemberRequest, PageRequest
from usufruit.organizations.actions import note_reading
from usufruit.organizations.models import Role
from usufruit.organizations.queries import DECIDING_ROLES, NAMING_ROLES, has_role
from usufruit.premises.actions import read_secret
from usufruit.premises.papers import SUFFIXES
from usufruit.premises.store import read as read_kept
from usufruit.sharing.queries import preview_for, stand_in
from usufruit.ui.fragments import page_or_fragment, wants_fragment

PAGE_SIZE = 20
PHOTO_SIZES = {"grande": "digest", "vignette": "thumbnail_digest"}
AWAITING_SHOWN = 3
UNANSWERED_SHOWN = 10
MOST_SHOWN = 100  # of what waits or comes; the rest follows as these are decided or pass


@require_safe
def asset(request: PageRequest, pk: int) -> HttpResponse:
    """Show an asset; to htmx, the booking box and the week alone."""
    shown = asset_page.asset_to_show(request.user, request.organization, pk)
    preview = preview_for(request.user, shown.manager, request.GET.get("apercu", ""))
    who = (AnonymousUser(), stand_in(preview)) if preview else (request.user, request.organization)
    reader = (shown, *who, request.GET, now())
    if wants_fragment(request):
        context = {**asset_page.slot_and_week(*reader), "is_update": True}
    else:
        context = asset_page.page(*reader)
    context["preview"] = preview
    is_unseen = preview and not (context["sight"].asset and shown.state != Asset.State.DRAFT)
    whole = "bookings/asset_unseen.html" if is_unseen else "bookings/asset.html"
    return page_or_fragment(request, whole, "bookings/_slot_and_week.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: MemberRequest, pk: int) -> HttpResponse:
    """Check a slot, say who and why, and book it; a refusal is shown here and keeps the form."""
    shown = asset_page.asset_to_show(request.user, request.organization, pk)
    at = now()
    sent = request.POST if request.method == "POST" else request.GET
    choice = ChoiceForm(shown, sent.dict(), now=at)
    use = choice.use if choice.is_valid() else None
    if use is None:
        return redirect(f"{reverse('asset', args=[pk])}?{booking_page.slot_sent(sent)}")
    form = BookingForm(
        request.POST if request.method == "POST" else None,
        person=request.user,
        asset=shown,
        initial=booking_page.typed_before(request.GET, request.organization),
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            line = _request(request, shown, choice, use, form)
        except Refusal as said:
            refusal = said
        else:
            return redirect("booking", line.booking.reference)
    context = booking_page.check(shown, choice, form, refusal, at)
    return render(request, "bookings/book.html", context, status=409 if refusal else 200)


def _request(
    request: MemberRequest, shown: Asset, choice: ChoiceForm, use: Span, form: BookingForm
) -> BookingLine:
    """Send the request the two forms describe."""
    _part, lanes = part_for(shown, choice.part_id)
    return actions.request_booking(
        asset=shown, lanes=lanes, use=use, by=request.user, now=choice.now, **form.cleaned_data
    )


@login_required
@require_safe
def awaiting(request: MemberRequest) -> HttpResponse:
    """Say to htmx, on the home page, what comes next for the person; elsewhere, see the list."""
    if not wants_fragment(request):
        return redirect("my_bookings")
    body, at = request.organization, now()
    decides = has_role(request.user, body, DECIDING_ROLES)
    is_told = has_role(request.user, body, NAMING_ROLES)
    context = {
        "is_told": is_told,
        "rows": rows(upcoming_of(body, at)[:AWAITING_SHOWN], at) if body and is_told else [],
        "waiting_count": waiting_of(body, at).count() if body else 0,
        "to_decide": inbox_of(body, at).count() if body and decides else None,
    }
    return render(request, "bookings/_awaiting.html", context)


@login_required
@require_safe
def my_bookings(request: MemberRequest) -> HttpResponse:
    """List what the body has waiting, coming and past."""
    at = now()
    is_told = has_role(request.user, request.organization, NAMING_ROLES)
    body = request.organization if is_told else None
    past = past_of(body, at) if body else BookingLine.objects.none()
    page = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = rows(waiting_of(body, at)[: MOST_SHOWN + 1], at) if body else []
    upcoming = rows(upcoming_of(body, at)[: MOST_SHOWN + 1], at) if body else []
    context = {
        "body": body,
        "is_analyst": request.organization is not None and not is_told,
        "waiting": waiting[:MOST_SHOWN],
        "upcoming": upcoming[:MOST_SHOWN],
        "most_shown": MOST_SHOWN,
        "is_waiting_cut": len(waiting) > MOST_SHOWN,
        "is_upcoming_cut": len(upcoming) > MOST_SHOWN,
        "past": rows(page, at),
        "page": page,
    }
    return render(request, "bookings/my_bookings.html", context)


@login_required
@require_safe
def booking(request: MemberRequest, reference: str) -> HttpResponse:
    """Show one booking: where it stands, what happens next, what happened."""
    line = line_for(request.user, reference)
    _note_names(request, "booking", [line])
    context = booking_page.detail(line, request.user, now())
    return render(request, "bookings/booking.html", context)


def _note_names(request: MemberRequest, page: str, read: list[BookingLine]) -> None:
    """Write down whose names a page shows to somebody else (Law 25)."""
    note_reading(
        subjects=[line.booking.requester for line in read],
        page=page,
        by=request.user,
        organization=request.organization,
        now=now(),
    )


@login_required
@require_POST
@never_cache
def booking_code(request: MemberRequest, reference: str) -> HttpResponse:
    """Show the code of the door to the people of a booking, for a while; the journal keeps it."""
    line, at = line_for(request.user, reference), now()
    code = read_secret(
        secret=on_the_spot.secret_to_read(line, request.user, at),
        organization=line.booking.organization,
        why=reference,
        by=request.user,
        now=at,
    )
    return render(request, "bookings/code.html", {"row": row_of(line, at), "code": code})


@require_safe
def photo(request: PageRequest, pk: int, size: str) -> HttpResponse:
    """Give a photo to who may see it; a browser keeps it an hour and asks again by its ETag."""
    found = on_the_spot.photo_shown(request.user, request.organization, pk)
    if size not in PHOTO_SIZES:
        raise Http404
    digest: str = getattr(found, PHOTO_SIZES[size])
    response = get_conditional_response(request, etag=f'"{digest}"')
    if response is None:
        response = HttpResponse(_kept(digest), content_type="image/jpeg")
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kept(digest: str) -> bytes:
    try:
        return read_kept(digest)
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
def paper(request: PageRequest, pk: int) -> HttpResponse:
    """Give a manual as a download, under its title and its true kind."""
    found = on_the_spot.paper_for(request.user, pk, now())
    name = f"{slugify(found.title)[:60] or 'document'}{SUFFIXES[found.media_type]}"
    response = HttpResponse(_kept(found.digest), content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_safe
def site_week(request: MemberRequest, pk: int) -> HttpResponse:
    """Show and print the week of a building."""
    site = site_to_keep(request.user, pk)
    context = sheet(site, request.GET.get("semaine", ""), now())
    return render(request, "bookings/site_week.html", context)


@login_required
@require_safe
def booking_ics(request: MemberRequest, reference: str) -> HttpResponse:
    """Give a booking as a calendar file."""
    line = line_for(request.user, reference)
    href = request.build_absolute_uri(reverse("booking", args=[reference]))
    content = calendar_file(row_of(line, now()), history_of(line), href=href)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="reservation-{reference}.ics"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_booking(request: MemberRequest, reference: str) -> HttpResponse:
    """Take a request back, after a page that says what is lost."""
    line = line_for(request.user, reference)
    if request.method == "POST":
        channel = channel_sent(request.POST)
        actions.withdraw_line(line=line, by=request.user, now=now(), channel=channel)
        messages.success(request, _("Demande retirée. Le propriétaire l’apprend dans dix minutes."))
        return redirect("booking", reference)
    context = booking_page.giving_up(line, request.user, now(), is_request=True)
    return render(request, "bookings/give_up.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: MemberRequest, reference: str) -> HttpResponse:
    """Cancel a booking, after a page that says what is lost."""
    line = line_for(request.user, reference)
    if request.method == "POST":
        channel = channel_sent(request.POST)
        actions.cancel_line(line=line, by=request.user, now=now(), channel=channel)
        messages.success(
            request,
            _("Réservation annulée. Le propriétaire l’apprend dans dix minutes."),
        )
        return redirect("booking", reference)
    context = booking_page.giving_up(line, request.user, now(), is_request=False)
    return render(request, "bookings/give_up.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_booking(request: MemberRequest, reference: str) -> HttpResponse:
    """Move a booking; when the new time is refused the old one stands, and the page says so."""
    line, at = line_for(request.user, reference), now()
    row = row_of(line, at)
    form, refusal = booking_page.move_form(row, request, at), None
    if request.method == "POST" and form.is_valid() and form.use is not None:
        try:
            channel = channel_sent(request.POST)
            actions.move_line(line=line, use=form.use, by=request.user, now=at, channel=channel)
        except Refusal as said:
            refusal = said
        else:
            messages.success(request, _("Réservation déplacée."))
            return redirect("booking", reference)
    context = {
        **booking_page.refused(refusal, row.zone),
        "row": row,
        "form": form,
        "channel_form": booking_page.channel_form(line, request.user),
    }
    return render(request, "bookings/move.html", context, status=409 if refusal else 200)


@login_required
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """List what the body must decide, then what it let pass and its answers, the latest first."""
    body, at = request.organization, now()
    context: dict[str, Any] = {
        "body": body,
        "decides": has_role(request.user, body, DECIDING_ROLES),
        "administers": has_role(request.user, body, (Role.BODY_ADMIN,)),
    }
    if body and context["decides"]:
        asked = requests_of(body, at, most=MOST_SHOWN + 1)
        context["requests"] = asked[:MOST_SHOWN]
        _note_names(request, "inbox", [one.row.line for one in context["requests"]])
        context["most_shown"], context["is_cut"] = MOST_SHOWN, len(asked) > MOST_SHOWN
        context["unanswered"] = rows(unanswered_by(body, at)[:UNANSWERED_SHOWN], at)
        context["unanswered_shown"] = UNANSWERED_SHOWN
        page = Paginator(decided_by(body), PAGE_SIZE).get_page(request.GET.get("page"))
        context["page"], context["decided"] = page, rows(page, at)
        context["undoable"] = undoing.undoable(page, request.user, at)
    return render(request, "bookings/inbox.html", context)


@login_required
@require_POST
def approve_request(request: MemberRequest, reference: str) -> HttpResponse:
    """Accept a request in one act; rivals for the same time lose in it."""
    line = line_to_decide_for(request.user, reference)
    actions.approve_line(line=line, by=request.user, now=now())
    name = line.booking.organization
    messages.success(
        request,
        _("Demande acceptée\u00a0: «\u00a0%(name)s\u00a0» en est averti dans dix minutes.")
        % {"name": name},
    )
    return redirect("inbox")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_request(request: MemberRequest, reference: str) -> HttpResponse:
    """Refuse a request with a reason; htmx opens the form inside the row."""
    line, at = line_to_decide_for(request.user, reference), now()
    form = RefusalForm(request.POST if request.method == "POST" else None, line=line, now=at)
    if request.method == "POST" and form.is_valid():
        actions.refuse_line(
            line=line,
            reason=form.chosen,
            explanation=form.cleaned_data["explanation"].strip(),
            by=request.user,
            now=at,
            instead=form.instead,
        )
        messages.success(
            request, _("Demande refusée. Le demandeur reçoit votre raison dans dix minutes.")
        )
        return redirect("inbox")
    context = {"row": row_of(line, at), "form": form}
    return page_or_fragment(request, "bookings/refuse.html", "bookings/_refuse_form.html", context)
