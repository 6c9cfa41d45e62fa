-- name: needs_within_reach
-- The open needs of other bodies that an asset of this one may answer, newest first.
-- body: organizations_organization.id; now: instant, needs whose moment is over are left out; most:
-- rows at the most. An asset answers by its category; a need told in words alone by any asset. It
-- need not be published: a draft that somebody lacks is a reason to publish it.
-- Returns need_id, and the nearest asset with its coordinates in degrees; the circle is that of the
-- plane, a hair wide: the caller measures.
SELECT need.id AS need_id, near.asset_id, near.latitude, near.longitude
  FROM needs_need AS need
 CROSS JOIN LATERAL (
    SELECT asset.id AS asset_id, asset.latitude, asset.longitude
      FROM inventory_asset AS asset
     WHERE asset.manager_id = %(body)s::bigint AND asset.state <> 'withdrawn'
       AND (need.category_id IS NULL OR asset.category_id = need.category_id)
       AND asset.point <@ circle(
            need.point,
            need.radius_km / cos(radians(least(85, abs(need.latitude) + need.radius_km / 110.0))))
     ORDER BY asset.point <-> need.point, asset.id
     LIMIT 1) AS near
 WHERE need.state = 'open' AND need.organization_id <> %(body)s::bigint
   AND (need.use_span IS NULL OR upper(need.use_span) > %(now)s::timestamptz)
   AND (need.category_id IS NULL OR need.category_id IN (
        SELECT managed.category_id FROM inventory_asset AS managed
         WHERE managed.manager_id = %(body)s::bigint AND managed.state <> 'withdrawn'))
 ORDER BY need.reported_at DESC, need.id DESC
 LIMIT %(most)s::integer
