# SPDX-License-Identifier: EUPL-1.2
"""Opening hours and blocked time, as the owner sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from usufruit.inventory.models import Asset
from usufruit.inventory.queries import managed_asset_for, part_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.timetable import actions, opening_actions
from usufruit.timetable.forms import (
    BlockForm,
    ExceptionForm,
    FollowDaysForm,
    FollowForm,
    SeasonForm,
    SharedDaysForm,
    WeekForm,
    block_initial,
)
from usufruit.timetable.models import (
    Calendar,
    CalendarException,
    CalendarInclusion,
    Hold,
    Season,
)
from usufruit.timetable.opening_actions import BookingsOutside
from usufruit.timetable.queries import (
    calendars_to_follow,
    coming_holds,
    editable_calendar,
    standing_in,
)
from usufruit.timetable.shared_days import (
    days_to_follow,
    offered_to,
    share_days,
    shared_by,
    shared_calendar_for,
    sharing_body_for,
    start_following,
    stop_following,
)
from usufruit.timetable.weeks import (
    named_parts,
    opening_page,
    shared_page,
    usual_windows,
    week_of_holds,
)

HOLDS_PER_PAGE = 25


# Opening hours


@login_required
def opening_hours(request: MemberRequest, pk: int) -> HttpResponse:
    """Show when an asset is open; replace the usual week, or make the first calendar."""
    asset = managed_asset_for(request.user, pk)
    page = opening_page(asset, now())
    form = WeekForm(
        request.POST or None,
        windows=usual_windows(page["calendar"]),
        region=page["region"],
        initial=page["initial"],
    )
    if request.method == "POST" and form.is_valid():
        return _save_week(request, asset, form)
    follow = FollowForm(calendars=calendars_to_follow(asset))
    days_form = FollowDaysForm(offered=days_to_follow(page["calendar"]))
    context = {"asset": asset, "form": form, "follow_form": follow, "days_form": days_form, **page}
    return render(request, "timetable/opening_hours.html", context)


def _save_week(request: MemberRequest, asset: Asset, form: WeekForm) -> HttpResponse:
    typed = {
        "name": form.cleaned_data["name"],
        "windows": form.windows(),
        "holiday_region": form.cleaned_data["holiday_region"],
    }
    if not hasattr(asset, "opening"):
        opening_actions.open_asset(asset=asset, by=request.user, now=now(), **typed)
        messages.success(request, _("Les heures d’ouverture sont enregistrées."))
        return redirect("opening_hours", pk=asset.pk)
    return _change(
        request,
        asset,
        opening_actions.change_week,
        _("Les heures d’ouverture sont enregistrées."),
        calendar=editable_calendar(asset),
        **typed,
    )


def _change(
    request: MemberRequest,
    changed: Asset | Calendar,
    verb: Callable[..., object],
    done: str,
    /,
    **what: Any,  # noqa: ANN401 - the verb's arguments
) -> HttpResponse:
    """Change hours, unless bookings would stand outside and nobody has accepted it yet."""
    accepts = "accepts_outside" in request.POST
    try:
        verb(accepts_outside=accepts, by=request.user, now=now(), **what)
    except BookingsOutside as refusal:
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ]
        is_asset = isinstance(changed, Asset)
        context = {"asset" if is_asset else "calendar": changed, "refusal": refusal, "sent": sent}
        name = "bookings_outside" if is_asset else "shared_bookings_outside"
        return render(request, f"timetable/{name}.html", context, status=409)
    messages.success(request, done)
    target = "opening_hours" if isinstance(changed, Asset) else "shared_calendar"
    return redirect(target, pk=changed.pk)


@login_required
@require_POST
def follow_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    """Let an asset follow one of the body's calendars."""
    asset = managed_asset_for(request.user, pk)
    form = FollowForm(request.POST, calendars=calendars_to_follow(asset))
    if not form.is_valid():
        messages.error(request, _("Choisissez un horaire de la liste."))
        return redirect("opening_hours", pk=pk)
    calendar = form.cleaned_data["calendar"]
    done = _("Ce bien suit maintenant l’horaire «\u00a0%(name)s\u00a0».") % {"name": calendar.name}
    verb = opening_actions.follow_calendar
    return _change(request, asset, verb, done, asset=asset, calendar=calendar)


@login_required
@require_POST
def give_own_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    """Copy the calendar an asset shares, so that it changes alone."""
    asset = managed_asset_for(request.user, pk)
    get_object_or_404(Asset.objects.filter(opening__isnull=False), pk=pk)
    opening_actions.give_own_calendar(asset=asset, name=asset.name, by=request.user, now=now())
    messages.success(request, _("Ce bien a maintenant son propre horaire. Changez-le ici."))
    return redirect("opening_hours", pk=pk)


@login_required
def add_season(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a run of days hours of their own."""
    asset = managed_asset_for(request.user, pk)
    calendar = editable_calendar(asset)
    form = SeasonForm(request.POST or None, windows=usual_windows(calendar))
    if request.method == "POST" and form.is_valid():
        what = {"calendar": calendar, "name": form.cleaned_data["name"], "season": form.season()}
        try:
            done = _("La saison est ajoutée.")
            return _change(request, asset, opening_actions.plan_season, done, **what)
        except Refusal as refusal:
            form.add_error("first_on", refusal.message)
    context = {"asset": asset, "calendar": calendar, "form": form}
    return render(request, "timetable/add_season.html", context)


@login_required
@require_POST
def remove_season(request: MemberRequest, pk: int, season_id: int) -> HttpResponse:
    """Let the usual week hold again on the days of a season."""
    asset = managed_asset_for(request.user, pk)
    dated = Season.objects.filter(calendar=editable_calendar(asset), days__isnull=False)
    season = get_object_or_404(dated.select_related("calendar"), pk=season_id)
    done = _("La saison est retirée\u00a0: la semaine habituelle reprend.")
    return _change(request, asset, opening_actions.remove_season, done, season=season)


@login_required
def add_exception(request: MemberRequest, pk: int) -> HttpResponse:
    """Close, or open otherwise, on given days."""
    asset = managed_asset_for(request.user, pk)
    calendar = editable_calendar(asset)
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = {"calendar": calendar, "exception": form.exception()}
        try:
            done = _("Les jours d’exception sont ajoutés.")
            return _change(request, asset, opening_actions.plan_exception, done, **what)
        except Refusal as refusal:
            form.add_error("first_on", refusal.message)
    context = {"asset": asset, "calendar": calendar, "form": form}
    return render(request, "timetable/add_exception.html", context)


@login_required
@require_POST
def remove_exception(request: MemberRequest, pk: int, exception_id: int) -> HttpResponse:
    """Let the weekly hours hold again on the days of an exception."""
    asset = managed_asset_for(request.user, pk)
    listed = CalendarException.objects.filter(calendar=editable_calendar(asset))
    exception = get_object_or_404(listed.select_related("calendar"), pk=exception_id)
    done = _("L’exception est retirée.")
    return _change(request, asset, opening_actions.remove_exception, done, exception=exception)


# Days typed once for a territory


@login_required
def shared_days(request: MemberRequest) -> HttpResponse:
    """List the days a body offers to its territory and those it is offered; begin a list."""
    body = sharing_body_for(request.user, request.organization)
    form = SharedDaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        made = share_days(organization=body, name=name, by=request.user, now=now())
        return redirect("shared_calendar", pk=made.pk)
    offered = offered_to(body).exclude(organization=body)
    context = {"body": body, "form": form, "mine": shared_by(body), "offered": offered}
    return render(request, "timetable/shared_days.html", context)


@login_required
def shared_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the days of a list; add some, once the bookings inside have been named."""
    calendar = shared_calendar_for(request.user, request.organization, pk)
    page = shared_page(calendar, request.GET.get("proposition", ""), now())
    form = ExceptionForm(request.POST or None, initial=page["initial"])
    if request.method == "POST" and form.is_valid():
        try:
            done = _("Ces jours sont ajoutés pour tous ceux qui les suivent.")
            verb, exception = opening_actions.plan_exception, form.exception()
            return _change(request, calendar, verb, done, calendar=calendar, exception=exception)
        except Refusal as refusal:
            form.add_error("first_on", refusal.message)
    context = {"calendar": calendar, "form": form, **page}
    return render(request, "timetable/shared_calendar.html", context)


@login_required
@require_POST
def remove_shared_days(request: MemberRequest, pk: int, exception_id: int) -> HttpResponse:
    """Take days out of a list, for all who follow it."""
    calendar = shared_calendar_for(request.user, request.organization, pk)
    exception = get_object_or_404(calendar.exceptions.select_related("calendar"), pk=exception_id)
    done = _("Ces jours sont retirés pour tous ceux qui les suivent.")
    return _change(request, calendar, opening_actions.remove_exception, done, exception=exception)


@login_required
@require_POST
def follow_days(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the hours of an asset follow shared days."""
    asset = managed_asset_for(request.user, pk)
    calendar = editable_calendar(asset)
    form = FollowDaysForm(request.POST, offered=offered_to(calendar.organization))
    if not form.is_valid():
        messages.error(request, _("Choisissez des jours communs de la liste."))
        return redirect("opening_hours", pk=pk)
    shared = form.cleaned_data["shared"]
    done = _("L’horaire suit maintenant «\u00a0%(name)s\u00a0».") % {"name": shared.name}
    return _change(request, asset, start_following, done, calendar=calendar, shared=shared)


@login_required
@require_POST
def leave_days(request: MemberRequest, pk: int, inclusion_id: int) -> HttpResponse:
    """Let the hours of an asset follow shared days no more."""
    asset = managed_asset_for(request.user, pk)
    followed = CalendarInclusion.objects.filter(calendar=editable_calendar(asset))
    inclusion = get_object_or_404(followed.select_related("calendar"), pk=inclusion_id)
    done = _("L’horaire ne suit plus ces jours communs.")
    return _change(request, asset, stop_following, done, inclusion=inclusion)


# Blocked time


@login_required
def block_time(request: MemberRequest, pk: int) -> HttpResponse:
    """Take time for oneself or for a repair; list what is already taken."""
    asset = managed_asset_for(request.user, pk)
    at = now()
    days = {"demain": 1}.get(request.GET.get("quand", ""), 0)
    form = BlockForm(
        request.POST or None, asset=asset, now=at, initial=block_initial(asset, at, days)
    )
    standing: list[Hold] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _block(request, asset, form)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            lanes = part_for(asset, form.part_id)[1]
            standing = standing_in(asset, lanes, form.cleaned_data["use"], at)
    holds = Paginator(coming_holds(asset, at), HOLDS_PER_PAGE).get_page(request.GET.get("page"))
    named = named_parts(asset, holds)
    context = {"asset": asset, "form": form, "standing": standing, "holds": named, "page": holds}
    context["week"] = week_of_holds(asset, at) if named else None
    return render(request, "timetable/block_time.html", context)


def _block(request: MemberRequest, asset: Asset, form: BlockForm) -> HttpResponse:
    _name, lanes = part_for(asset, form.part_id)
    data = form.cleaned_data
    actions.block_time(
        asset=asset,
        lanes=lanes,
        use=data["use"],
        reason=Hold.Reason(data["reason"]),
        note=data["note"],
        by=request.user,
        now=now(),
    )
    messages.success(request, _("La plage est bloquée."))
    return redirect("block_time", pk=asset.pk)


@login_required
@require_POST
def unblock_time(request: MemberRequest, pk: int, hold_id: int) -> HttpResponse:
    """Give back time the owner had taken."""
    asset = managed_asset_for(request.user, pk)
    hold = get_object_or_404(Hold.objects.filter(asset=asset), pk=hold_id)
    actions.unblock_time(hold=hold, by=request.user, now=now())
    messages.success(request, _("La plage est libérée."))
    return redirect("block_time", pk=pk)
