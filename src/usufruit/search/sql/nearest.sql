-- The nearest assets of some categories that an asker may book, open and free throughout a span.
--
-- categories: inventory_category.id; latitude, longitude: degrees; radius_km: true kilometres, a
--   hair more may come back since the plane is conformal, not equidistant: the caller measures;
-- wanted: the use, or NULL for « whenever »; audiences: those the asker belongs to; own: the body
--   of the asker, whose people may book outside hours and rules; at: now; most: rows at the most.
-- Returns what a card shows, nearest first by the plane.
--
-- How it stays fast: one GiST scan per category streams assets in order of distance and stops at
-- the limit; each candidate costs a handful of index probes, the cheap ones first. Hours are read
-- from the months spelled out, and by calendar_covers where a month lacks. The plan is the generic
-- one: planning would cost more than the search. The planner believes a circle holds one asset in a
-- thousand, and would rather gather all and sort: without bitmaps, the index in order always wins.
CREATE OR REPLACE FUNCTION nearest_free(
    categories bigint[], latitude double precision, longitude double precision,
    radius_km double precision, wanted tstzrange, audiences text[], own bigint,
    at timestamptz, most integer)
RETURNS TABLE (
    asset_id bigint, is_own boolean, mode text, plane_distance double precision, name text,
    asset_latitude double precision, asset_longitude double precision, capacity integer,
    lane_count integer, category_name text, icon text, site_name text, address text,
    manager_name text)
LANGUAGE plpgsql STABLE ROWS 20
SET plan_cache_mode = force_generic_plan SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
    origin point := projected_point(latitude, longitude);
    reach double precision := radius_km / cos(radians(least(85, abs(latitude) + radius_km / 110)));
    spelled timestamptz := open_month_of(wanted);
    shut bigint[] := sites_shut(wanted);
BEGIN
RETURN QUERY
WITH found AS MATERIALIZED (
    SELECT near.*
      FROM unnest(categories) AS searched (category_id)
     CROSS JOIN LATERAL (
        SELECT asset.id, asset.is_own, asset.mode, asset.plane_distance, asset.name,
               asset.latitude, asset.longitude, asset.capacity, asset.lane_count,
               searched.category_id, asset.site_id, asset.manager_id
          FROM (SELECT candidate.*,
                       coalesce(own IN (candidate.manager_id, candidate.owner_id), false) AS is_own,
                       -- of the rules that speak to the asker and apply then, the readiest
                       CASE WHEN own IN (candidate.manager_id, candidate.owner_id) THEN 'instant'
                            ELSE (
                            SELECT max(rule.mode)
                              FROM sharing_sharingrule AS rule
                             WHERE rule.asset_id = candidate.id
                               AND rule.audience = ANY (audiences)
                               AND (wanted IS NULL OR rule.windows_id IS NULL OR coalesce((
                                    SELECT month.spans @> wanted
                                      FROM timetable_openmonth AS month
                                     WHERE month.calendar_id = rule.windows_id
                                       AND month.begins_at = spelled),
                                    calendar_covers(rule.windows_id, wanted)))) END AS mode,
                       candidate.point <-> origin AS plane_distance
                  FROM inventory_asset AS candidate
                 WHERE candidate.category_id = searched.category_id
                   AND candidate.state = 'published'
                   AND candidate.point <@ circle(origin, reach)
                 ORDER BY candidate.point <-> origin
                OFFSET 0) AS asset
          -- A plain join might be hashed, which reads every asset's calendar before the first.
          LEFT JOIN LATERAL (
                SELECT calendar_id FROM timetable_assetcalendar AS opening
                 WHERE opening.asset_id = asset.id LIMIT 1) AS follows ON true
         -- One CASE keeps the order: hours first, the sheet of holds last.
         WHERE asset.mode IS NOT NULL AND CASE
               WHEN own IS NULL AND EXISTS (  -- a visitor; who may book sees what may be booked
                    SELECT FROM sharing_visibility AS told
                     WHERE told.organization_id = asset.manager_id AND told.information = 'asset'
                       AND told.reach <> 'everyone')
               THEN false
               WHEN NOT asset.is_own AND follows.calendar_id IS NULL THEN false
               WHEN wanted IS NULL THEN true
               WHEN asset.site_id = ANY (shut) THEN false
               WHEN NOT (asset.is_own OR coalesce((
                        SELECT month.spans @> wanted
                          FROM timetable_openmonth AS month
                         WHERE month.calendar_id = follows.calendar_id
                           AND month.begins_at = spelled),
                        calendar_covers(follows.calendar_id, wanted)))
               THEN false
               -- A visitor is told of what is taken by half-days and late, on the card, not here.
               WHEN own IS NULL THEN true
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
SELECT found.id, found.is_own, found.mode, found.plane_distance, found.name, found.latitude,
       found.longitude, found.capacity, found.lane_count, category.name, category.icon::text,
       site.name, site.address, manager.name
  FROM found
  JOIN inventory_category AS category ON category.id = found.category_id
  JOIN inventory_site AS site ON site.id = found.site_id
  JOIN organizations_organization AS manager ON manager.id = found.manager_id
 ORDER BY found.plane_distance, found.id;
END $$;
