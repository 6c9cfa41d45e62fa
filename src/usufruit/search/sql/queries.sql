-- name: nearest_results
-- The cards of a page of results, nearest first; parameters are those of nearest_free, and:
-- looked_at: how many of the nearest are considered; capacity_min: persons, or NULL; instant_only;
-- features: codes of facts that must all be so, or NULL; door_cm: how wide is wide enough. What is
-- unknown is not so. Each candidate costs two index probes, and only when something is asked.
SELECT near.asset_id, near.is_own, near.mode, near.name, near.asset_latitude AS latitude,
       near.asset_longitude AS longitude, near.capacity, near.lane_count, near.category_name,
       near.icon, near.site_name, near.address, near.manager_name
  FROM nearest_free(
           %(categories)s::bigint[], %(latitude)s::float8, %(longitude)s::float8,
           %(radius_km)s::float8, %(wanted)s::tstzrange, %(audiences)s::text[], %(own)s::bigint,
           %(now)s::timestamptz, %(looked_at)s::integer) AS near
 WHERE (%(capacity_min)s::integer IS NULL OR near.capacity >= %(capacity_min)s::integer)
   AND (NOT %(instant_only)s::boolean OR near.mode = 'instant')
   AND (%(features)s::text[] IS NULL OR %(features)s::text[] <@ ARRAY(
        SELECT fact.code
          FROM inventory_asset AS place
         CROSS JOIN LATERAL (
            SELECT DISTINCT ON (stated.code) stated.code, stated.value
              FROM premises_fact AS stated
             WHERE stated.asset_id = place.id OR stated.site_id = place.site_id
             ORDER BY stated.code, stated.asset_id NULLS LAST) AS fact
         WHERE place.id = near.asset_id AND CASE jsonb_typeof(fact.value)
               WHEN 'number' THEN fact.value::numeric >= %(door_cm)s::integer
               ELSE fact.value = 'true' END))
 ORDER BY near.plane_distance, near.asset_id
 LIMIT %(most)s::integer

-- name: features_near
-- What is so of each of the nearest that answer the rest of a question, for the counts beside the
-- filters. Parameters are those of nearest_results. Returns latitude, longitude and the codes.
SELECT near.asset_latitude AS latitude, near.asset_longitude AS longitude, fact.codes
  FROM nearest_free(
           %(categories)s::bigint[], %(latitude)s::float8, %(longitude)s::float8,
           %(radius_km)s::float8, %(wanted)s::tstzrange, %(audiences)s::text[], %(own)s::bigint,
           %(now)s::timestamptz, %(looked_at)s::integer) AS near
  JOIN inventory_asset AS place ON place.id = near.asset_id
 CROSS JOIN LATERAL (
    SELECT array_agg(one.code) AS codes
      FROM (SELECT DISTINCT ON (stated.code) stated.code, stated.value
              FROM premises_fact AS stated
             WHERE stated.asset_id = place.id OR stated.site_id = place.site_id
             ORDER BY stated.code, stated.asset_id NULLS LAST) AS one
     WHERE CASE jsonb_typeof(one.value)
           WHEN 'number' THEN one.value::numeric >= %(door_cm)s::integer
           ELSE one.value = 'true' END) AS fact
 WHERE (%(capacity_min)s::integer IS NULL OR near.capacity >= %(capacity_min)s::integer)
   AND (NOT %(instant_only)s::boolean OR near.mode = 'instant')
   AND coalesce(%(features)s::text[], '{}') <@ coalesce(fact.codes, '{}')
   AND fact.codes IS NOT NULL

-- name: holds_of_assets
-- What is taken of each asset, in order of time. asset_ids: bigint[], each looked up by itself so
-- that the index leads by asset; span: tstzrange; now: instant, for options that have run out.
SELECT hold.asset_id, hold.lanes, hold.span
  FROM unnest(%(asset_ids)s::bigint[]) AS wanted (asset_id)
 CROSS JOIN LATERAL (
    SELECT taken.asset_id, taken.lanes, taken.span
      FROM timetable_hold AS taken
     WHERE taken.asset_id = wanted.asset_id AND taken.span && %(span)s::tstzrange
       AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s::timestamptz)
    OFFSET 0) AS hold
 ORDER BY hold.asset_id, hold.span

-- name: counts_by_category
-- How many published assets each category has. Returns category_id and asset_count.
SELECT category_id, count(*) AS asset_count
  FROM inventory_asset
 WHERE state = 'published'
 GROUP BY category_id
 ORDER BY asset_count DESC, category_id

-- name: network_counts
-- What the platform holds: published assets, bodies that share one, places where they stand.
SELECT count(*) AS asset_count, count(DISTINCT manager_id) AS body_count,
       count(DISTINCT site_id) AS site_count
  FROM inventory_asset
 WHERE state = 'published'
