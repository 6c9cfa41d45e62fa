-- The nearest assets of some categories that an asker may book, open and free throughout a span.
--
-- categories: inventory_category.id; latitude, longitude: degrees; radius_km: true kilometres, a
--   hair more may come back since the plane is conformal, not equidistant: the caller measures;
-- wanted: the use, or NULL for « whenever »; audiences: those the asker belongs to; own: the asker's
--   body, whose people may book outside hours and rules; at: now; most: rows at the most.
--
-- How it stays fast: one GiST scan per category streams assets in order of distance and stops at the
-- limit; each candidate costs a handful of index probes. Wall-clock arithmetic is done once per zone
-- (asked). A calendar on a plain day, that is without exception, holiday, dated season or change of
-- offset nearby, is answered by comparing minutes; any other goes to calendar_covers, which is exact.
-- The plan is the generic one: planning would cost more than the search.
CREATE OR REPLACE FUNCTION nearest_free(
    categories bigint[], latitude double precision, longitude double precision,
    radius_km double precision, wanted tstzrange, audiences text[], own bigint,
    at timestamptz, most integer)
RETURNS TABLE (
    asset_id bigint, is_own boolean, mode text, plane_distance double precision)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    origin point := projected_point(latitude, longitude);
    reach double precision := radius_km / cos(radians(least(85, abs(latitude) + radius_km / 110)));
BEGIN
RETURN QUERY
WITH RECURSIVE zones (zone) AS (
    SELECT min(first.time_zone) FROM timetable_calendar AS first
    UNION ALL
    SELECT (SELECT min(later.time_zone) FROM timetable_calendar AS later
             WHERE later.time_zone > zones.zone)
      FROM zones WHERE zones.zone IS NOT NULL
), asked AS MATERIALIZED (
    SELECT zones.zone, local.day - 1 AS eve, local.day,
           extract(isodow FROM local.day - 1)::integer - 1 AS eve_weekday,
           extract(isodow FROM local.day)::integer - 1 AS day_weekday,
           floor(extract(epoch FROM local.starts - local.day) / 60)::integer AS start_min,
           ceil(extract(epoch FROM local.ends - local.day) / 60)::integer AS end_min,
           daterange(local.day - 1, local.day, '[]') AS days,
           local.ends <= local.day + interval '1 day'
           AND local.ends - local.starts = upper(wanted) - lower(wanted)
           AND local_wall(lower(wanted) - interval '48 hours', zones.zone) + interval '2 days'
               = local.starts
           AND local_wall(upper(wanted) + interval '48 hours', zones.zone) - interval '2 days'
               = local.ends AS is_plain
      FROM zones,
           LATERAL (SELECT local_wall(lower(wanted), zones.zone) AS starts,
                           local_wall(upper(wanted), zones.zone) AS ends,
                           local_wall(lower(wanted), zones.zone)::date AS day) AS local
     WHERE zones.zone IS NOT NULL AND wanted IS NOT NULL
), resting AS MATERIALIZED (
    SELECT DISTINCT holiday.region
      FROM timetable_publicholiday AS holiday
     WHERE holiday."on" BETWEEN (SELECT min(eve) FROM asked) AND (SELECT max(day) FROM asked)
)
SELECT found.id, found.is_own,
       CASE WHEN found.is_own THEN 'instant'
            ELSE (SELECT CASE WHEN bool_or(rule.mode = 'instant') THEN 'instant' ELSE 'approval' END
                    FROM sharing_sharingrule AS rule
                   WHERE rule.asset_id = found.id AND rule.audience = ANY (audiences)
                     AND (wanted IS NULL OR calendar_covers(rule.windows_id, wanted))) END,
       found.plane_distance
  FROM unnest(categories) AS searched (category_id)
 CROSS JOIN LATERAL (
    SELECT asset.id, asset.point <-> origin AS plane_distance,
           coalesce(asset.manager_id = own OR asset.owner_id = own, false) AS is_own
      FROM inventory_asset AS asset
      LEFT JOIN timetable_assetcalendar AS follows ON follows.asset_id = asset.id
      LEFT JOIN timetable_calendar AS calendar ON calendar.id = follows.calendar_id
      -- A join would let the planner hash, and hashing reads every asset in reach before the first.
      LEFT JOIN LATERAL (SELECT * FROM asked AS zoned
                          WHERE zoned.zone = calendar.time_zone LIMIT 1) AS asked ON true
     WHERE asset.category_id = searched.category_id AND asset.state = 'published'
       AND asset.point <@ circle(origin, reach)
       AND (asset.manager_id = own OR asset.owner_id = own OR (
            EXISTS (SELECT FROM sharing_sharingrule AS rule
                     WHERE rule.asset_id = asset.id AND rule.audience = ANY (audiences)
                       AND (wanted IS NULL OR rule.windows_id IS NULL
                            OR calendar_covers(rule.windows_id, wanted)))
            AND CASE
                WHEN calendar.id IS NULL THEN false
                WHEN wanted IS NULL THEN true
                WHEN asked.is_plain
                     AND NOT EXISTS (SELECT FROM resting
                                      WHERE resting.region = calendar.holiday_region)
                     AND NOT EXISTS (SELECT FROM timetable_calendarexception AS exception
                                      WHERE exception.calendar_id = calendar.id
                                        AND exception.days && asked.days)
                     AND NOT EXISTS (SELECT FROM timetable_season AS season
                                      WHERE season.calendar_id = calendar.id
                                        AND season.days && asked.days)
                THEN EXISTS (
                        SELECT FROM timetable_season AS usual
                          JOIN timetable_openinghours AS hours ON hours.season_id = usual.id
                         WHERE usual.calendar_id = calendar.id AND usual.days IS NULL
                           AND hours.weekday = asked.day_weekday
                           AND hours.start_min <= asked.start_min
                           AND hours.end_min >= asked.end_min)
                     -- windows of a day never touch, so only the eve's can join today's
                     OR (EXISTS (
                            SELECT FROM timetable_season AS usual
                              JOIN timetable_openinghours AS hours ON hours.season_id = usual.id
                             WHERE usual.calendar_id = calendar.id AND usual.days IS NULL
                               AND hours.weekday = asked.eve_weekday
                               AND hours.end_min - 1440 > asked.start_min)
                         AND calendar_covers(calendar.id, wanted))
                ELSE calendar_covers(calendar.id, wanted) END))
       AND (wanted IS NULL OR CASE asset.lane_count
            WHEN 1 THEN NOT EXISTS (
                SELECT FROM timetable_hold AS hold
                 WHERE hold.asset_id = asset.id
                   AND hold.span && tstzrange(
                        lower(wanted) - make_interval(mins => asset.buffer_before_min),
                        upper(wanted) + make_interval(mins => asset.buffer_after_min))
                   AND (hold.expires_at IS NULL OR hold.expires_at > at))
            ELSE EXISTS (
                SELECT FROM inventory_part AS part
                 WHERE part.asset_id = asset.id AND NOT EXISTS (
                    SELECT FROM timetable_hold AS hold
                     WHERE hold.asset_id = asset.id AND hold.lanes && part.lanes
                       AND hold.span && tstzrange(
                            lower(wanted) - make_interval(mins => asset.buffer_before_min),
                            upper(wanted) + make_interval(mins => asset.buffer_after_min))
                       AND (hold.expires_at IS NULL OR hold.expires_at > at))) END)
     ORDER BY asset.point <-> origin
     LIMIT most) AS found
 ORDER BY found.plane_distance, found.id
 LIMIT most;
END $$;
