# SPDX-License-Identifier: EUPL-1.2
"""A week of an asset as the public may see it: by half-days, a day late, and only to come.

The states come from ``timetable.rules.half_day_state``; opening hours and rules are public as they
stand. Nothing here tells when a use begins or ends, nor whether one lasts an hour or a morning.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from psycopg.types.multirange import Multirange

from usufruit.bookings.queries import usable_spans
from usufruit.bookings.week import Week, free_blocks, hours_drawn
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.spans import Span, intersect, subtract
from usufruit.organizations.models import Organization
from usufruit.search.rules import Slot
from usufruit.timetable.queries import (
    half_days_shown,
    known_to_public,
    open_between,
    opening_calendar,
)
from usufruit.timetable.rules import HalfDayState, half_day_state
from usufruit.ui.charts import TimelineBlock, TimelineRow, WeekTimeline

DAY = timedelta(days=1)


def public_week(
    asset: Asset,
    lanes: Multirange[int],
    reader: Organization | None,
    week: Week,
    *,
    wanted: Slot | None,
    address: str,
    now: datetime,
) -> WeekTimeline:
    """Return the week of some lanes of an asset, by half-days.

    Args:
        wanted: the slot being considered, whose length free half-days then propose.
        address: the page's own address up to where a slot or a week is added.
    """
    zone, last_on = asset.site.time_zone, week.first_on + 6 * DAY
    opening = intersect(open_between(opening_calendar(asset), week.first_on, last_on), [week.span])
    usable = usable_spans(asset, reader, week.span.start, week.span.end)
    shown = half_days_shown(week.first_on, last_on, zone, now)
    known = known_to_public([asset.pk], week.span, now)[asset.pk]
    taken = [span for held, span in known if lanes_meet(held, lanes)]
    states = [(each, half_day_state(each, opening, usable, taken)) for each in shown]
    busy = [each.span for each, state in states if state == HalfDayState.TAKEN]
    free = [each.span for each, state in states if state == HalfDayState.FREE]
    to_come = [each.span for each in shown]
    reserved = intersect(subtract(opening, [*usable, *busy]), to_come)
    blocks = [
        *_each(intersect(opening, busy), _("Pris"), "busy", _("en tout ou en partie")),
        *_each(subtract([week.span], opening), _("Fermé"), "closed"),
        *_each(reserved, _("Réservé à d’autres"), "reserved", _("selon les règles")),
        *free_blocks(intersect(usable, free), zone, wanted, address),
    ]
    first_hour, last_hour = hours_drawn(opening, zone)
    return WeekTimeline(
        _("Libre et pris, par demi-journée"),
        [TimelineRow(asset.name, blocks)],
        week.first_on,
        zone,
        first_hour=first_hour,
        last_hour=last_hour,
        key="calendrier",
        finding=_finding(opening, usable, to_come, free),
        previous_href=f"{address}semaine={week.first_on - 7 * DAY}",
        next_href=f"{address}semaine={week.first_on + 7 * DAY}",
    )


def _each(spans: list[Span], label: str, kind: str, detail: str = "") -> list[TimelineBlock]:
    return [TimelineBlock(span.start, span.end, label, kind, detail) for span in spans]  # type: ignore[arg-type]


def _finding(opening: list[Span], usable: list[Span], to_come: list[Span], free: list[Span]) -> str:
    """Return the sentence above the week: what is shown of it, and who decides."""
    if not opening:
        return _("Fermé toute la semaine.")
    if not usable:
        return _("Aucune heure de cette semaine n’est partagée avec vous.")
    if not to_come:
        return _("Sans session, cette semaine n’est pas montrée.")
    if not free:
        return _("Aucune demi-journée libre n’est connue cette semaine.")
    return _(
        "Vue par demi-journée, avec un jour de retard. Ouvrez votre session pour voir les heures; "
        "la réservation décide."
    )
