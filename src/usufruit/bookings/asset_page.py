# SPDX-License-Identifier: EUPL-1.2
"""The page of an asset: may I, when, on which terms, and what it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse
from psycopg.types.multirange import Multirange

from usufruit.bookings import on_the_spot
from usufruit.bookings.forms import ChoiceForm
from usufruit.bookings.public_week import public_week
from usufruit.bookings.terms import Answer, alternatives, answer
from usufruit.bookings.week import Week, week_timeline
from usufruit.bookings.words import characteristics, opening_in_words, terms_in_words
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import all_lanes, illustration_of
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.refusals import Alternative, Refusal
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import (
    MANAGING_ROLES,
    NAMING_ROLES,
    REQUESTING_ROLES,
    has_role,
)
from usufruit.search.rules import Slot
from usufruit.search.slots import USUAL_MIN
from usufruit.sharing.queries import PREVIEWS, is_stand_in, sees_live, sight_of
from usufruit.sharing.rules import Sight
from usufruit.timetable.closures import closures_to_come


def asset_to_show(person: Person | AnonymousUser, reader: Organization | None, pk: int) -> Asset:
    """Return an asset with all its page needs: published, withdrawn, or a draft of one's own.

    A withdrawn asset keeps its address, so that a link sent last month says what became of it.

    Raises:
        Http404: when it does not exist, is another body's draft, or its body does not show it to
            the reader; which of these stays unsaid.
    """
    seen = Q(state__in=[Asset.State.PUBLISHED, Asset.State.WITHDRAWN])
    if isinstance(person, Person):
        bodies = Organization.objects.of_person(person)
        seen |= Q(owner__in=bodies) | Q(manager__in=bodies)
    found = Asset.objects.filter(seen, pk=pk).select_related(
        "owner__nature", "manager__nature", "custodian", "category__parent", "site", "opening"
    )
    asset = found.prefetch_related("parts").first()
    if asset is None or not (sight_of(asset, reader).asset or _is_of_body(person, asset)):
        raise Http404
    return asset


def _is_of_body(person: Person | AnonymousUser, asset: Asset) -> bool:
    """Tell whether a person acts for the asset's own body, be it not now."""
    bodies = Organization.objects.of_person(person if isinstance(person, Person) else None)
    return bodies.filter(pk__in=[asset.owner_id, asset.manager_id]).exists()


def page(
    asset: Asset,
    person: Person | AnonymousUser,
    reader: Organization | None,
    sent: QueryDict,
    now: datetime,
) -> dict[str, Any]:
    """Return the whole page: the slot and the week, then what does not move with them."""
    zone = asset.site.time_zone
    moving = slot_and_week(asset, person, reader, sent, now)
    return {
        **moving,
        "closures": closures_to_come(asset.site_id, now),
        "terms": terms_in_words(asset, reader),
        "opening": opening_in_words(asset, local_wall(now, zone).date()),
        "characteristics": characteristics(asset),
        "illustration": illustration_of(asset.category),
        **on_the_spot.of_asset(asset, person, moving["sight"], now),
        "is_manager": has_role(person, asset.manager, MANAGING_ROLES),
        "pins": _pins(asset, moving["sight"]),
    }


def slot_and_week(
    asset: Asset,
    person: Person | AnonymousUser,
    reader: Organization | None,
    sent: QueryDict,
    now: datetime,
) -> dict[str, Any]:
    """Return the booking box and the week: all that a choice of slot or of week changes."""
    form = ChoiceForm(asset, sent.dict(), now=now)
    form.full_clean()
    part, lanes = _part(asset, form.part_id)
    slot = form.slot
    week = Week.around(asset, _week_asked(sent) or _week_of(slot, form), now)
    address = _address(asset, form.part_id, sent.get("apercu", ""))
    is_live, seen = sees_live(asset, reader), sight_of(asset, reader)
    if is_live:
        is_named = is_stand_in(reader) or has_role(person, reader, NAMING_ROLES)
        named = reader if is_named else None
        timeline = week_timeline(
            asset, lanes, named, week, part=part, wanted=slot, address=address, now=now
        )
    else:
        timeline = public_week(asset, lanes, reader, week, wanted=slot, address=address, now=now)
    asked = _answer(asset, lanes, person, reader, form, now)
    return {
        "asset": asset,
        "form": form,
        "part": part,
        "timeline": timeline,
        "is_live": is_live,
        "sight": seen,
        "answer": asked,
        "nearest": _links(asked.refusal.nearest if asked and asked.refusal else (), form, asset),
        "suggestions": _links(_suggestions(asset, lanes, reader, form, now), form, asset),
        "slot_query": _slot_query(form),
        "similar_href": _similar(asset, form, seen),
        "sign_in_next": f"{reverse('book', args=[asset.pk])}?{_slot_query(form)}",
        "week_on": week.first_on if _week_asked(sent) else None,
    }


def _part(asset: Asset, part_id: int | None) -> tuple[str, Multirange[int]]:
    part = next((part for part in asset.parts.all() if part.pk == part_id), None)
    return (part.name, part.lanes) if part else ("", all_lanes(asset))


def _week_asked(sent: QueryDict) -> date | None:
    try:
        return date.fromisoformat(sent.get("semaine", ""))
    except ValueError:
        return None


def _week_of(slot: Slot | None, form: ChoiceForm) -> date | None:
    """Return the first of the seven days that show a slot: its Monday, never before today."""
    if slot is None:
        return None
    today = local_wall(form.now, form.zone).date()
    return max(today, slot.on - timedelta(days=slot.on.weekday()))


def _address(asset: Asset, part_id: int | None, preview: str = "") -> str:
    part = f"partie={part_id}&" if part_id else ""
    seen_as = f"apercu={preview}&" if preview in PREVIEWS else ""
    return f"{reverse('asset', args=[asset.pk])}?{seen_as}{part}"


def _slot_query(form: ChoiceForm) -> str:
    """Return the slot and the part chosen, as the end of an address."""
    if form.slot is None:
        return ""
    part = {"partie": str(form.part_id)} if form.part_id else {}
    return urlencode({**form.slot.fields, **part})


def _similar(asset: Asset, form: ChoiceForm, seen: Sight) -> str:
    """Return the search of the same kind of asset at that moment, around this one."""
    if form.slot is None:
        return ""
    around = {"ou": asset.manager.name}
    if seen.address:
        around = {"ici": f"{asset.latitude:.4f},{asset.longitude:.4f}", "ou": asset.site.name}
    wanted = {"quoi": asset.category.name, **form.slot.fields, **around}
    return f"{reverse('results')}?{urlencode(wanted)}"


def _answer(
    asset: Asset,
    lanes: Multirange[int],
    person: Person | AnonymousUser,
    reader: Organization | None,
    form: ChoiceForm,
    now: datetime,
) -> Answer | None:
    """Return whether the reader may book the slot chosen; None as long as none is."""
    use = form.use
    if use is None:
        return None
    if isinstance(person, Person) and not has_role(person, reader, REQUESTING_ROLES):
        return Answer(
            None,
            Refusal(
                "not_a_requester",
                "Votre rôle ne permet pas de réserver. Demandez le rôle de demandeur à "
                "l’administrateur de votre organisme.",
                rule="Rôles de l’organisme",
            ),
        )
    return answer(asset, lanes, reader, use, now)


def _suggestions(
    asset: Asset,
    lanes: Multirange[int],
    reader: Organization | None,
    form: ChoiceForm,
    now: datetime,
) -> tuple[Alternative, ...]:
    """Return the next free uses of the usual length, as long as no slot is typed."""
    if form.is_bound or asset.state == Asset.State.WITHDRAWN:
        return ()
    zone = asset.site.time_zone
    tomorrow = Slot(local_wall(now, zone).date(), form.usual_start, USUAL_MIN).later(1)
    return alternatives(asset, lanes, reader, tomorrow.use(zone), now)


def _links(
    nearest: tuple[Alternative, ...], form: ChoiceForm, asset: Asset
) -> list[dict[str, str]]:
    """Return alternatives as links to this page, with their slot chosen."""
    address = _address(asset, form.part_id)
    return [
        {
            "label": each.label,
            "href": f"{address}{Slot.of(each.span, form.zone).address}#reserver",
        }
        for each in nearest
        if each.span is not None
    ]


def _pins(asset: Asset, seen: Sight) -> list[dict[str, Any]]:
    """Return the place of an asset on the map, or that of its body for who is not told more."""
    where = asset if seen.address else asset.manager
    if where.latitude is None:
        return []
    name = asset.site.name if seen.address else asset.manager.name
    return [
        {
            "id": str(asset.pk),
            "name": name,
            "lat": where.latitude,
            "lon": where.longitude,
            "label": name,
            "href": "#lieu",
        }
    ]
