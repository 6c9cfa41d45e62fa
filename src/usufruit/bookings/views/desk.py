# SPDX-License-Identifier: EUPL-1.2
"""The desk: answers while somebody is on the line, a slot kept, a booking written, a paper."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from usufruit.bookings import booking_page, desk_actions, desk_page
from usufruit.bookings.asset_page import asset_to_show
from usufruit.bookings.desk_forms import DeskBookingForm
from usufruit.bookings.desk_queries import desk_for, option_alive_of, option_for
from usufruit.bookings.forms import ChoiceForm
from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import line_for
from usufruit.bookings.rules import spelled_aloud
from usufruit.inventory.queries import part_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization

PAST = gettext_lazy("Cette plage ne peut plus se prendre. Choisissez une heure à venir.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: MemberRequest) -> HttpResponse:
    """Show the desk: the search and its answers, the slots kept, the bookings found again.

    Names and telephones are looked up by POST: they belong in no address and no log.
    """
    body = desk_for(request.user, request.organization)
    words = request.POST.get("chercher", "").strip()[:80]
    context = desk_page.desk(request.user, body, request.GET, words, now())
    return render(request, "bookings/desk.html", context)


@login_required
@require_POST
def keep_slot(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a slot while the caller decides, and go on to for whom and why."""
    body = desk_for(request.user, request.organization)
    choice = ChoiceForm(
        asset_to_show(request.user, request.organization, pk), request.POST.dict(), now=now()
    )
    slot = booking_page.slot_sent(request.POST)
    try:
        option = _keep(request, body, choice)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect(f"{reverse('desk')}?{slot}")
    return redirect(f"{reverse('desk_book', args=[pk])}?{slot}&option={option}")


def _keep(request: MemberRequest, body: Organization, choice: ChoiceForm) -> int:
    """Take the option a button asks for.

    Raises:
        Refusal: ``starts_in_past`` for a slot the form cannot read, and those of ``take_option``.
    """
    if not choice.is_valid() or choice.use is None:
        raise Refusal("starts_in_past", str(PAST))
    _part, lanes = part_for(choice.asset, choice.part_id)
    return desk_actions.take_option(
        asset=choice.asset,
        lanes=lanes,
        use=choice.use,
        desk=body,
        by=request.user,
        now=choice.now,
    )


@login_required
@require_POST
def release_slot(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a kept slot back."""
    body = desk_for(request.user, request.organization)
    option = option_for(request.user, pk)
    desk_actions.release_option(option=option, desk=body, by=request.user, now=now())
    messages.success(request, _("Plage libérée. Elle est de nouveau offerte."))
    return redirect("desk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk_book(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down for whom and why; a refusal is shown here and keeps what was written."""
    body, at = desk_for(request.user, request.organization), now()
    sent = request.POST if request.method == "POST" else request.GET
    choice = ChoiceForm(asset_to_show(request.user, request.organization, pk), sent.dict(), now=at)
    if not choice.is_valid() or choice.use is None:
        messages.warning(request, PAST)
        return redirect("desk")
    form, refusal = desk_page.form_of(request, body), None
    if form.is_bound and form.is_valid():
        try:
            line = _book(request, body, choice, choice.use, form)
        except Refusal as said:
            refusal = said
        else:
            return redirect("booking_paper", line.booking.reference)
    option = option_alive_of(request.user, sent.get("option", ""), at)
    context = desk_page.booking(choice.asset, choice, form, body, option, refusal, at)
    return render(request, "bookings/desk_book.html", context, status=409 if refusal else 200)


def _book(
    request: MemberRequest,
    body: Organization,
    choice: ChoiceForm,
    use: Span,
    form: DeskBookingForm,
) -> BookingLine:
    """Send what the clerk wrote, under the option the page kept."""
    _part, lanes = part_for(choice.asset, choice.part_id)
    option = request.POST.get("option", "")
    return desk_actions.book_at_desk(
        asset=choice.asset,
        lanes=lanes,
        use=use,
        desk=body,
        wish=form.wish(int(option) if option.isdecimal() and len(option) < 18 else None),
        by=request.user,
        now=choice.now,
    )


@login_required
@require_safe
def booking_paper(request: MemberRequest, reference: str) -> HttpResponse:
    """Show a booking as the paper one hands over or posts, with the sentence to read aloud."""
    line = line_for(request.user, reference)
    address = request.build_absolute_uri(reverse("booking", args=[reference]))
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=2, light="#fff")
    context = {
        **booking_page.detail(line, request.user, now()),
        "spelled": spelled_aloud(reference),
        "qr": mark_safe(drawn),  # noqa: S308 - drawn by us, of an address of ours
    }
    return render(request, "bookings/paper.html", context)
