-- name: match_assets
-- The asset each line is already, by the owner's number, else its serial number, its vehicle number,
-- or a person's word on a twin. All the arrays have one element a line.
-- places: line ordinals; owners: organization numbers; ids, serials, vehicles: texts, '' for none,
-- joined by the character 31.
-- Returns place, how many different assets answer, and the values that stand of the best.
WITH asked AS (
    SELECT * FROM unnest(
        %(places)s::integer[], %(owners)s::bigint[], string_to_array(%(ids)s, chr(31)),
        string_to_array(%(serials)s, chr(31)), string_to_array(%(vehicles)s, chr(31))
    ) AS line (place, owner_id, external_id, serial_number, vehicle_number)
), found AS (
    SELECT place, asset.id, 1 AS rank FROM asked
      JOIN inventory_asset asset USING (owner_id, external_id)
    UNION ALL
    SELECT place, asset.id, 2 FROM asked
      JOIN inventory_asset asset USING (owner_id, serial_number)
     WHERE asked.serial_number <> '' AND asset.serial_number <> ''
    UNION ALL
    SELECT place, asset.id, 3 FROM asked
      JOIN inventory_asset asset USING (owner_id, vehicle_number)
     WHERE asked.vehicle_number <> '' AND asset.vehicle_number <> ''
    UNION ALL
    SELECT place, twin.asset_id, 4 FROM asked
      JOIN imports_twin twin ON twin.organization_id = asked.owner_id
       AND twin.external_id = asked.external_id AND twin.is_same
), best AS (
    SELECT place, (array_agg(id ORDER BY rank))[1] AS id, count(DISTINCT id) AS answers
      FROM found GROUP BY place
)
SELECT place, answers, asset.id, asset.owner_id, asset.external_id, asset.serial_number,
       asset.vehicle_number, asset.name, asset.category_id, site.name, site.latitude,
       site.longitude, asset.capacity, asset.description, asset.conditions, asset.state,
       asset.attributes, finance.cost::text, finance.net_value::text, finance.acquired_on::text,
       finance.life_years, finance.currency
  FROM best
  JOIN inventory_asset asset USING (id)
  JOIN inventory_site site ON site.id = asset.site_id
  LEFT JOIN inventory_assetfinance finance ON finance.asset_id = asset.id;

-- name: find_near
-- Assets of a category that stand within some hundred metres of a spot, at most 50 a spot.
-- A degree of latitude is 111 km.
-- places, categories, latitudes, longitudes: one element a spot.
-- Returns place, asset number and name.
SELECT asked.place, near.id, near.name
  FROM unnest(
        %(places)s::integer[], %(categories)s::bigint[], %(latitudes)s::double precision[],
        %(longitudes)s::double precision[]
    ) AS asked (place, category_id, latitude, longitude)
 CROSS JOIN LATERAL (
        SELECT asset.id, asset.name
          FROM inventory_site site
          JOIN inventory_asset asset ON asset.site_id = site.id
         WHERE site.latitude BETWEEN asked.latitude - 0.0009 AND asked.latitude + 0.0009
           AND abs(site.longitude - asked.longitude) * cos(radians(asked.latitude)) <= 0.0009
           AND asset.category_id = asked.category_id
         LIMIT 50
  ) AS near;

-- name: keep_numbers
-- Numbers for assets not yet entered. count: how many. Returns one number a row.
SELECT nextval(numbers.sequence)
  FROM (SELECT pg_get_serial_sequence('inventory_asset', 'id')::regclass AS sequence OFFSET 0) numbers
 CROSS JOIN generate_series(1, %(count)s);

-- name: refuse_repeated
-- Refuse a line that says again what one above it said: number, serial, vehicle or same asset.
-- batch: the import; why: French sentence with one %%s for the line above; remedy.
WITH keyed AS (
    SELECT id, number, owner_id, body_name, kind, value
      FROM imports_importline line
     CROSS JOIN LATERAL (VALUES
        ('Numéro d’inventaire', external_id), ('Numéro de série', serial_number),
        ('Plaque ou NIV', vehicle_number),
        ('Bien', CASE WHEN outcome IN ('changed', 'same') THEN asset_id::text ELSE '' END)
     ) AS key (kind, value)
     WHERE batch_id = %(batch)s AND outcome <> 'refused' AND value <> ''
), ranked AS (
    SELECT id, kind, value, row_number() OVER same AS rank, first_value(number) OVER same AS above
      FROM keyed WINDOW same AS (PARTITION BY kind, owner_id, body_name, value ORDER BY id)
)
UPDATE imports_importline line
   SET outcome = 'refused', changes = NULL,
       problems = jsonb_build_array(jsonb_build_object(
           'column', ranked.kind, 'value', ranked.value,
           'why', format(%(why)s, ranked.above), 'remedy', %(remedy)s::text))
  FROM ranked
 WHERE line.id = ranked.id AND ranked.rank > 1;

-- name: count_outcomes
-- batch: the import. Returns outcome and how many lines have it.
SELECT outcome, count(*) FROM imports_importline WHERE batch_id = %(batch)s GROUP BY outcome;

-- name: own_lines
-- Give lines of a body to be registered to the body now that it is. batch, body_name, owner.
UPDATE imports_importline
   SET owner_id = %(owner)s, body_name = ''
 WHERE batch_id = %(batch)s AND body_name = %(body_name)s;

-- name: next_edge
-- The last of the next lines to apply. batch; after: line number already done; size: how many.
SELECT max(id) FROM (
    SELECT id FROM imports_importline
     WHERE batch_id = %(batch)s AND id > %(after)s ORDER BY id LIMIT %(size)s
) AS lines;

-- name: enter_sites
-- Enter the places that lines need and their body lacks. batch, after, until: lines (after, until].
WITH wanted AS (
    SELECT DISTINCT ON (line.owner_id, line.site_name)
           line.owner_id, line.site_name, line.address, line.latitude, line.longitude,
           organization.time_zone
      FROM imports_importline line
      JOIN organizations_organization organization ON organization.id = line.owner_id
     WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
       AND (line.outcome = 'new' OR line.outcome = 'changed' AND line.changes ? 'site')
     ORDER BY line.owner_id, line.site_name, line.id
), entered AS (
    INSERT INTO inventory_site
           (organization_id, name, address, latitude, longitude, time_zone)
    SELECT owner_id, site_name, address, latitude, longitude, time_zone FROM wanted
     WHERE NOT EXISTS (
            SELECT FROM inventory_site site
             WHERE site.organization_id = wanted.owner_id AND site.name = wanted.site_name)
        ON CONFLICT ON CONSTRAINT site_name_once DO NOTHING
 RETURNING id
)
INSERT INTO imports_createdsite (batch_id, site_id) SELECT %(batch)s, id FROM entered;

-- name: enter_assets
-- Enter the assets of new lines; a number taken since is left to ``refuse_missed``.
-- batch, after, until: lines (after, until].
INSERT INTO inventory_asset
       (id, owner_id, manager_id, custodian_id, category_id, site_id, name, description, conditions,
        external_id, serial_number, vehicle_number, structure, lane_count, capacity, attributes,
        buffer_before_min, buffer_after_min, state, latitude, longitude)
SELECT line.asset_id, line.owner_id, coalesce(line.manager_id, line.owner_id),
       coalesce(line.custodian_id, line.manager_id, line.owner_id), line.category_id, site.id,
       line.name, line.description, line.conditions, line.external_id, line.serial_number,
       line.vehicle_number, 'single', 1, line.capacity, coalesce(line.attributes, '{}'), 0, 0,
       coalesce(nullif(line.state, ''), 'draft'), site.latitude, site.longitude
  FROM imports_importline line
  JOIN inventory_site site ON site.organization_id = line.owner_id AND site.name = line.site_name
 WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
   AND line.outcome = 'new'
    ON CONFLICT DO NOTHING;

-- name: refuse_missed
-- Refuse the new lines whose asset could not be entered. batch, after, until; problem: its words.
UPDATE imports_importline line
   SET outcome = 'refused', problems = jsonb_build_array(%(problem)s::jsonb)
 WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
   AND line.outcome = 'new'
   AND NOT EXISTS (SELECT FROM inventory_asset asset WHERE asset.id = line.asset_id);

-- name: change_assets
-- Change what lines change, if it still stands as it was checked; refuse the others.
-- batch, after, until; problem: words of the refusal.
WITH changed AS (
    UPDATE inventory_asset asset
       SET name = coalesce(line.changes #>> '{name,1}', asset.name),
           external_id = coalesce(line.changes #>> '{external_id,1}', asset.external_id),
           serial_number = coalesce(line.changes #>> '{serial_number,1}', asset.serial_number),
           vehicle_number = coalesce(line.changes #>> '{vehicle_number,1}', asset.vehicle_number),
           category_id = coalesce((line.changes #>> '{category,1}')::bigint, asset.category_id),
           capacity = coalesce((line.changes #>> '{capacity,1}')::integer, asset.capacity),
           description = coalesce(line.changes #>> '{description,1}', asset.description),
           conditions = coalesce(line.changes #>> '{conditions,1}', asset.conditions),
           state = coalesce(line.changes #>> '{state,1}', asset.state),
           attributes = coalesce(line.changes #> '{attributes,1}', asset.attributes),
           site_id = coalesce(site.id, asset.site_id),
           latitude = coalesce(site.latitude, asset.latitude),
           longitude = coalesce(site.longitude, asset.longitude)
      FROM imports_importline line
      LEFT JOIN inventory_site site
        ON site.organization_id = line.owner_id AND site.name = line.changes #>> '{site,1}'
     WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
       AND line.outcome = 'changed' AND asset.id = line.asset_id
       AND imports_stands(asset, line.changes, 0)
 RETURNING line.id
)
UPDATE imports_importline line
   SET outcome = 'refused', problems = jsonb_build_array(%(problem)s::jsonb)
 WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
   AND line.outcome = 'changed' AND NOT EXISTS (SELECT FROM changed WHERE changed.id = line.id);

-- name: write_finance
-- Write what the finance register says of new and changed lines. batch, after, until.
INSERT INTO inventory_assetfinance AS finance
       (asset_id, cost, net_value, acquired_on, life_years, currency)
SELECT line.asset_id, (line.finance ->> 'cost')::numeric, (line.finance ->> 'net_value')::numeric,
       (line.finance ->> 'acquired_on')::date, (line.finance ->> 'life_years')::smallint,
       line.finance ->> 'currency'
  FROM imports_importline line
 WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
   AND line.finance IS NOT NULL
   AND (line.outcome = 'new' OR line.outcome = 'changed' AND line.changes ? 'finance')
    ON CONFLICT (asset_id) DO UPDATE
   SET cost = coalesce(excluded.cost, finance.cost),
       net_value = coalesce(excluded.net_value, finance.net_value),
       acquired_on = coalesce(excluded.acquired_on, finance.acquired_on),
       life_years = coalesce(excluded.life_years, finance.life_years),
       currency = excluded.currency;

-- name: restore_assets
-- Give back to changed assets what stood before, column by column, unless changed since.
-- batch, after, until. Returns how many assets kept something changed since, and how many went back.
WITH asked AS (
    SELECT line.id, line.asset_id, line.changes, site.id AS site_id, site.latitude, site.longitude,
           imports_stands(asset, line.changes, 1) AS stands
      FROM imports_importline line
      JOIN inventory_asset asset ON asset.id = line.asset_id
      LEFT JOIN inventory_site site ON site.organization_id = asset.owner_id
       AND site.name = line.changes #>> '{site,0}'
       AND EXISTS (SELECT FROM inventory_site present WHERE present.id = asset.site_id
                      AND present.name = line.changes #>> '{site,1}')
     WHERE line.batch_id = %(batch)s AND line.id > %(after)s AND line.id <= %(until)s
       AND line.outcome = 'changed'
), restored AS (
    UPDATE inventory_asset asset
       SET name = imports_back(asset.name, asked.changes -> 'name'),
           external_id = imports_back(asset.external_id, asked.changes -> 'external_id'),
           serial_number = imports_back(asset.serial_number, asked.changes -> 'serial_number'),
           vehicle_number = imports_back(asset.vehicle_number, asked.changes -> 'vehicle_number'),
           category_id = imports_back(asset.category_id::text, asked.changes -> 'category')::bigint,
           capacity = imports_back(asset.capacity::text, asked.changes -> 'capacity')::integer,
           description = imports_back(asset.description, asked.changes -> 'description'),
           conditions = imports_back(asset.conditions, asked.changes -> 'conditions'),
           state = imports_back(asset.state, asked.changes -> 'state'),
           attributes = CASE WHEN asset.attributes = asked.changes #> '{attributes,1}'
                             THEN asked.changes #> '{attributes,0}' ELSE asset.attributes END,
           site_id = coalesce(asked.site_id, asset.site_id),
           latitude = coalesce(asked.latitude, asset.latitude),
           longitude = coalesce(asked.longitude, asset.longitude)
      FROM asked
     WHERE asset.id = asked.asset_id
 RETURNING asked.stands
), money AS (
    UPDATE inventory_assetfinance finance
       SET cost = (asked.changes #>> '{finance,0,cost}')::numeric,
           net_value = (asked.changes #>> '{finance,0,net_value}')::numeric,
           acquired_on = (asked.changes #>> '{finance,0,acquired_on}')::date,
           life_years = (asked.changes #>> '{finance,0,life_years}')::smallint,
           currency = coalesce(asked.changes #>> '{finance,0,currency}', finance.currency)
      FROM asked
     WHERE finance.asset_id = asked.asset_id AND asked.changes ? 'finance'
       AND (finance.cost, finance.net_value, finance.acquired_on, finance.life_years)
           IS NOT DISTINCT FROM
           ((asked.changes #>> '{finance,1,cost}')::numeric,
            (asked.changes #>> '{finance,1,net_value}')::numeric,
            (asked.changes #>> '{finance,1,acquired_on}')::date,
            (asked.changes #>> '{finance,1,life_years}')::smallint)
)
SELECT count(*) FILTER (WHERE NOT stands), count(*) FILTER (WHERE stands) FROM restored;

-- name: drop_created_sites
-- Remove the places an import entered that no asset stands on. batch.
WITH forgotten AS (
    DELETE FROM imports_createdsite WHERE batch_id = %(batch)s RETURNING site_id
)
DELETE FROM inventory_site site
 USING forgotten
 WHERE forgotten.site_id = site.id
   AND NOT EXISTS (SELECT FROM inventory_asset asset WHERE asset.site_id = site.id);
