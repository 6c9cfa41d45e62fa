-- The nearest assets of some categories that an asker may book, open and free throughout a span.

-- What a calendar answers at once, without turning its windows into instants: true, false, or NULL
-- when only calendar_covers can tell. It is written to be unfolded into the query that calls it.
-- calendar, region: of timetable_calendar; day: local day the use begins on; days: from its eve to
-- the day it ends on; weekday: of day, 0 Monday; start_min, end_min: of the use, from midnight of
-- day; is_plain: neither end lies in a doubled hour or at the end of a missing one; is_even: no
-- change of offset between them; eve_rest, day_rest, morrow_rest: regions on holiday on those days.
-- A window then holds a use by the clock on the wall exactly when it holds it by instants, and two
-- that meet at midnight still meet. Windows of one day never touch, so a use that no single window
-- holds needs one that passes midnight or ends there; unless an hour is missing between the two.
CREATE OR REPLACE FUNCTION calendar_answer(
    calendar bigint, region text, day date, days daterange, weekday integer, start_min integer,
    end_min integer, is_plain boolean, is_even boolean, eve_rest text[], day_rest text[],
    morrow_rest text[])
RETURNS TABLE (is_open boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN NOT is_plain OR exception.opens THEN NULL
        WHEN NOT day_closed AND EXISTS (
            SELECT FROM timetable_openinghours AS hours
             WHERE hours.season_id = season.id AND hours.weekday = $5
               AND hours.start_min <= $6 AND hours.end_min >= $7)
        THEN true
        WHEN NOT is_even OR NOT season.days @> $4 OR season.days IS NULL AND EXISTS (
            SELECT FROM timetable_season AS other
             WHERE other.calendar_id = calendar AND other.days && $4)
        THEN NULL
        WHEN NOT eve_closed AND EXISTS (
            SELECT FROM timetable_openinghours AS hours
             WHERE hours.season_id = season.id AND hours.weekday = ($5 + 6) % 7
               AND hours.end_min > 1440 + $6)
        THEN (
            SELECT CASE
                WHEN max(hours.end_min) >= 1440 + $7 THEN true
                WHEN day_closed OR NOT EXISTS (
                    SELECT FROM timetable_openinghours AS following
                     WHERE following.season_id = season.id AND following.weekday = $5
                       AND following.start_min <= max(hours.end_min) - 1440)
                THEN false END
              FROM timetable_openinghours AS hours
             WHERE hours.season_id = season.id AND hours.weekday = ($5 + 6) % 7)
        WHEN $7 <= 1440 OR day_closed OR NOT EXISTS (
            SELECT FROM timetable_openinghours AS hours
             WHERE hours.season_id = season.id AND hours.weekday = $5
               AND hours.start_min <= $6 AND hours.end_min >= 1440)
        THEN false
        WHEN NOT morrow_closed AND EXISTS (
            SELECT FROM timetable_openinghours AS hours
             WHERE hours.season_id = season.id AND hours.weekday = ($5 + 1) % 7
               AND hours.start_min = 0 AND hours.end_min >= $7 - 1440)
        THEN true
        END
      FROM (SELECT bool_or(other.start_min IS NOT NULL) AS opens,
                   coalesce(bool_or(other.days @> $3), false) OR region = ANY (day_rest)
                       AS day_closed,
                   coalesce(bool_or(other.days @> $3 - 1), false) OR region = ANY (eve_rest)
                       AS eve_closed,
                   coalesce(bool_or(other.days @> $3 + 1), false) OR region = ANY (morrow_rest)
                       AS morrow_closed
              FROM timetable_calendarexception AS other
             WHERE other.calendar_id = calendar AND other.days && $4
            OFFSET 0) AS exception
     CROSS JOIN LATERAL (
            SELECT coalesce(dated.id, (
                       SELECT usual.id FROM timetable_season AS usual
                        WHERE usual.calendar_id = calendar AND usual.days IS NULL)) AS id,
                   dated.days
              FROM (VALUES (true)) AS once (here)
              LEFT JOIN timetable_season AS dated
                ON dated.calendar_id = calendar AND dated.days @> $3
            OFFSET 0) AS season
$$;

-- categories: inventory_category.id; latitude, longitude: degrees; radius_km: true kilometres, a
--   hair more may come back since the plane is conformal, not equidistant: the caller measures;
-- wanted: the use, or NULL for « whenever »; audiences: those the asker belongs to; own: the asker's
--   body, whose people may book outside hours and rules; at: now; most: rows at the most.
-- Returns what a card shows, nearest first by the plane.
--
-- How it stays fast: one GiST scan per category streams assets in order of distance and stops at the
-- limit; each candidate costs a handful of index probes, the cheap ones first. Wall-clock arithmetic
-- is done once per zone (asked). The plan is the generic one: planning would cost more than the
-- search.
CREATE OR REPLACE FUNCTION nearest_free(
    categories bigint[], latitude double precision, longitude double precision,
    radius_km double precision, wanted tstzrange, audiences text[], own bigint,
    at timestamptz, most integer)
RETURNS TABLE (
    asset_id bigint, is_own boolean, mode text, plane_distance double precision, name text,
    asset_latitude double precision, asset_longitude double precision, capacity integer,
    lane_count integer, category_name text, icon text, site_name text, address text,
    manager_name text)
LANGUAGE plpgsql STABLE ROWS 20 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
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
    SELECT local.zone, local.day, local.start_min, local.end_min,
           daterange(local.day - 1, local.day + (local.end_min - 1) / 1440, '[]') AS days,
           extract(isodow FROM local.day)::integer - 1 AS weekday,
           local.end_min <= 2880
           AND local_instant(local.starts, local.zone, 'start') = lower(wanted)
           AND local_instant(local.starts, local.zone, 'end') = lower(wanted)
           AND local_instant(local.ends, local.zone, 'start') = upper(wanted)
           AND local_instant(local.ends, local.zone, 'end') = upper(wanted)
           -- the instant after the missing hour also reads as its beginning
           AND local_wall(upper(wanted) - interval '1 second', local.zone) + interval '1 second'
               = local.ends AS is_plain,
           local.ends - local.starts = upper(wanted) - lower(wanted) AS is_even,
           resting.eve, resting.same_day, resting.morrow
      FROM (SELECT read.*, read.starts::date AS day,
                   floor(extract(epoch FROM read.starts - read.starts::date) / 60)::integer
                       AS start_min,
                   ceil(extract(epoch FROM read.ends - read.starts::date) / 60)::integer AS end_min
              FROM (SELECT zones.zone, local_wall(lower(wanted), zones.zone) AS starts,
                           local_wall(upper(wanted), zones.zone) AS ends
                      FROM zones WHERE zones.zone IS NOT NULL AND wanted IS NOT NULL
                    OFFSET 0) AS read
            OFFSET 0) AS local
     CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(region) FILTER (WHERE "on" = local.day - 1), '{}') AS eve,
                   coalesce(array_agg(region) FILTER (WHERE "on" = local.day), '{}') AS same_day,
                   coalesce(array_agg(region) FILTER (WHERE "on" = local.day + 1), '{}') AS morrow
              FROM timetable_publicholiday
             WHERE "on" BETWEEN local.day - 1 AND local.day + 1) AS resting
), found AS MATERIALIZED (
    SELECT near.*
      FROM unnest(categories) AS searched (category_id)
     CROSS JOIN LATERAL (
        SELECT asset.id, asset.is_own, asset.mode, asset.plane_distance
          FROM (SELECT candidate.id, candidate.lane_count, whose.is_own, terms.mode,
                       candidate.buffer_before_min, candidate.buffer_after_min,
                       candidate.point <-> origin AS plane_distance
                  FROM inventory_asset AS candidate
                 CROSS JOIN LATERAL (
                        SELECT coalesce(candidate.manager_id = own OR candidate.owner_id = own,
                                        false) AS is_own) AS whose
                 CROSS JOIN LATERAL (
                        -- of the rules that speak to the asker and apply then, the readiest
                        SELECT CASE WHEN whose.is_own THEN 'instant' ELSE (
                            SELECT max(rule.mode)
                              FROM sharing_sharingrule AS rule
                             WHERE rule.asset_id = candidate.id
                               AND rule.audience = ANY (audiences)
                               AND (wanted IS NULL OR rule.windows_id IS NULL OR coalesce((
                                    SELECT answer.is_open
                                      FROM timetable_calendar AS windows
                                     CROSS JOIN LATERAL (
                                            SELECT * FROM asked AS zoned
                                             WHERE zoned.zone = windows.time_zone LIMIT 1) AS asked
                                     CROSS JOIN LATERAL calendar_answer(
                                            windows.id, windows.holiday_region, asked.day,
                                            asked.days, asked.weekday, asked.start_min,
                                            asked.end_min, asked.is_plain, asked.is_even,
                                            asked.eve, asked.same_day, asked.morrow) AS answer
                                     WHERE windows.id = rule.windows_id),
                                    calendar_covers(rule.windows_id, wanted)))) END AS mode
                        OFFSET 0) AS terms
                 WHERE candidate.category_id = searched.category_id
                   AND candidate.state = 'published'
                   AND candidate.point <@ circle(origin, reach)
                   AND terms.mode IS NOT NULL
                 ORDER BY candidate.point <-> origin) AS asset
          LEFT JOIN timetable_assetcalendar AS follows ON follows.asset_id = asset.id
          LEFT JOIN timetable_calendar AS calendar ON calendar.id = follows.calendar_id
          -- A join would let the planner hash, and hashing reads all in reach before the first.
          LEFT JOIN LATERAL (SELECT * FROM asked AS zoned
                              WHERE zoned.zone = calendar.time_zone LIMIT 1) AS asked ON true
         -- One CASE keeps the order: hours first, the sheet of holds last.
         WHERE CASE
               WHEN NOT asset.is_own AND calendar.id IS NULL THEN false
               WHEN wanted IS NULL THEN true
               WHEN NOT (asset.is_own OR coalesce(
                        (SELECT answer.is_open FROM calendar_answer(
                                calendar.id, calendar.holiday_region, asked.day, asked.days,
                                asked.weekday, asked.start_min, asked.end_min, asked.is_plain,
                                asked.is_even, asked.eve, asked.same_day, asked.morrow) AS answer),
                        calendar_covers(calendar.id, wanted)))
               THEN false
               WHEN NOT EXISTS (
                    SELECT FROM timetable_hold AS hold
                     WHERE hold.asset_id = asset.id
                       AND hold.span && tstzrange(
                            lower(wanted) - make_interval(mins => asset.buffer_before_min),
                            upper(wanted) + make_interval(mins => asset.buffer_after_min))
                       AND (hold.expires_at IS NULL OR hold.expires_at > at))
               THEN true
               ELSE asset.lane_count > 1 AND EXISTS (
                    SELECT FROM inventory_part AS part
                     WHERE part.asset_id = asset.id AND NOT EXISTS (
                        SELECT FROM timetable_hold AS hold
                         WHERE hold.asset_id = asset.id AND hold.lanes && part.lanes
                           AND hold.span && tstzrange(
                                lower(wanted) - make_interval(mins => asset.buffer_before_min),
                                upper(wanted) + make_interval(mins => asset.buffer_after_min))
                           AND (hold.expires_at IS NULL OR hold.expires_at > at))) END
         ORDER BY asset.plane_distance
         LIMIT most) AS near
     ORDER BY near.plane_distance, near.id
     LIMIT most
)
SELECT found.id, found.is_own, found.mode, found.plane_distance, asset.name, asset.latitude,
       asset.longitude, asset.capacity, asset.lane_count, category.name, category.icon::text,
       site.name, site.address, manager.name
  FROM found
  JOIN inventory_asset AS asset ON asset.id = found.id
  JOIN inventory_category AS category ON category.id = asset.category_id
  JOIN inventory_site AS site ON site.id = asset.site_id
  JOIN organizations_organization AS manager ON manager.id = asset.manager_id
 ORDER BY found.plane_distance, found.id;
END $$;
