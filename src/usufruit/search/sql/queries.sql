-- name: nearest_results
-- The cards of a page of results, nearest first; parameters are those of nearest_free.
SELECT near.asset_id, near.is_own, near.mode, asset.name, asset.latitude, asset.longitude,
       asset.capacity, asset.lane_count, category.name AS category_name, category.icon,
       site.name AS site_name, site.address, manager.name AS manager_name
  FROM nearest_free(
           %(categories)s::bigint[], %(latitude)s::float8, %(longitude)s::float8,
           %(radius_km)s::float8, %(wanted)s::tstzrange, %(audiences)s::text[], %(own)s::bigint,
           %(now)s::timestamptz, %(most)s::integer) AS near
  JOIN inventory_asset AS asset ON asset.id = near.asset_id
  JOIN inventory_category AS category ON category.id = asset.category_id
  JOIN inventory_site AS site ON site.id = asset.site_id
  JOIN organizations_organization AS manager ON manager.id = asset.manager_id
 ORDER BY near.plane_distance, near.asset_id
