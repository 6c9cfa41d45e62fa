-- A territory as large as asked, loaded by the set. Same shapes as the product's own rows; history
-- and foreign keys are switched off while it loads, then orphans are counted.

-- name: make_die
-- A die for each row: the same throw each time, and throws of different names know nothing of
-- each other.
CREATE FUNCTION pg_temp.throw(id bigint, name text, faces integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT (((hashint8extended(id, hashtext(name)) %% faces) + faces) %% faces)::integer
$$

-- name: set_dice
-- Make the territory the same each time. seed: in [-1, 1].
SELECT setseed(%(seed)s)

-- name: add_bodies
-- Like municipalities, most bodies are small and lie anywhere in southern Québec; three in ten
-- gather around eight towns.
-- bodies: how many. One in eight is a recognised association, one in eight a school service centre.
INSERT INTO organizations_organization
    (name, slug, nature_id, is_recognized, time_zone, latitude, longitude, contact,
     steward_function)
SELECT 'Organisme ' || n, 'organisme-' || n,
       CASE n %% 8 WHEN 0 THEN 'association' WHEN 1 THEN 'school_service_centre'
                   ELSE 'municipality' END,
       n %% 8 = 0, 'America/Toronto',
       CASE WHEN n %% 10 < 3 THEN town.latitude + (random() + random() + random() - 1.5) * 0.6
            ELSE 45.1 + random() * 3.4 END,
       CASE WHEN n %% 10 < 3 THEN town.longitude + (random() + random() + random() - 1.5) * 0.9
            ELSE -77 + random() * 12 END, '', ''
  FROM generate_series(1, %(bodies)s) AS n
  JOIN (VALUES (0, 45.5, -73.6), (1, 46.8, -71.2), (2, 45.4, -71.9), (3, 46.35, -72.55),
               (4, 48.4, -71.1), (5, 48.45, -68.5), (6, 45.5, -75.7), (7, 48.2, -79.0))
       AS town (rank, latitude, longitude) ON town.rank = n / 10 %% 8

-- name: add_categories
-- categories: how many.
INSERT INTO inventory_category (code, kind, name, synonyms, icon)
SELECT 'mesure-' || n, 'good', 'Catégorie ' || n, '{}', 'truck'
  FROM generate_series(1, %(categories)s) AS n

-- name: add_sites
-- Ten sites a body, within some kilometres of its town hall.
INSERT INTO inventory_site (organization_id, name, address, latitude, longitude, time_zone)
SELECT body.id, 'Lieu ' || n, n || ', rue Principale',
       body.latitude + (random() - 0.5) * 0.12, body.longitude + (random() - 0.5) * 0.16,
       'America/Toronto'
  FROM organizations_organization AS body, generate_series(1, 10) AS n

-- name: add_calendars
-- Three calendars a body, then one for windows of sharing: weekday evenings and weekends.
INSERT INTO timetable_calendar (organization_id, name, time_zone, holiday_region, is_shared)
SELECT body.id, CASE n WHEN 4 THEN 'Partage' ELSE 'Heures ' || n END,
       CASE WHEN body.id %% 25 = 0 THEN 'America/Halifax' ELSE 'America/Toronto' END,
       CASE WHEN n < 4 AND pg_temp.throw(10 * body.id + n, 'holidays', 10) < 7 THEN 'CA-QC'
            ELSE '' END, false
  FROM organizations_organization AS body, generate_series(1, 4) AS n
 ORDER BY body.id, n

-- name: add_seasons
-- Each calendar has its usual week; one opening calendar in five also has a summer and a winter.
INSERT INTO timetable_season (calendar_id, name, days)
SELECT calendar.id, '', NULL FROM timetable_calendar AS calendar
UNION ALL
SELECT calendar.id, season.name, season.days
  FROM timetable_calendar AS calendar,
       (VALUES ('Été', daterange('2027-06-24', '2027-09-01')),
               ('Hiver', daterange('2026-12-20', '2027-03-20'))) AS season (name, days)
 WHERE calendar.name <> 'Partage' AND pg_temp.throw(calendar.id, 'seasons', 5) = 0

-- name: add_hours
-- Garages by day, halls to the evening, some round the clock, some past midnight, some week ends.
INSERT INTO timetable_openinghours (season_id, weekday, start_min, end_min)
SELECT season.id, weekday, pattern.start_min, pattern.end_min
  FROM timetable_season AS season
  JOIN timetable_calendar AS calendar ON calendar.id = season.calendar_id
  JOIN (VALUES (0, 0, 4, 420, 1020), (1, 0, 6, 480, 1320), (2, 0, 6, 0, 1440),
               (3, 0, 3, 480, 1320), (3, 4, 5, 480, 1560), (4, 0, 4, 420, 720),
               (4, 0, 4, 780, 1050), (5, 0, 6, 960, 1500), (6, 0, 4, 480, 1380),
               (6, 5, 6, 540, 1020), (7, 0, 6, 360, 1410), (8, 0, 4, 1080, 1320),
               (8, 5, 6, 540, 1320))
       AS pattern (rank, first_day, last_day, start_min, end_min)
    ON pattern.rank = CASE WHEN calendar.name = 'Partage' THEN 8
                           ELSE pg_temp.throw(season.id, 'pattern', 8) END
 CROSS JOIN LATERAL generate_series(pattern.first_day, pattern.last_day) AS weekday

-- name: add_exceptions
-- One opening calendar in five closes three times in the year, and opens one Sunday.
INSERT INTO timetable_calendarexception (calendar_id, days, start_min, end_min, reason)
SELECT calendar.id, daterange(first_on, first_on + days), start_min, end_min, reason
  FROM timetable_calendar AS calendar,
       LATERAL (VALUES (date '2026-12-24' , 10, NULL, NULL, 'Fêtes'),
                       (date '2027-02-01' + (calendar.id %% 40)::integer, 1, NULL, NULL, 'Travaux'),
                       (date '2027-07-18' , 14, NULL, NULL, 'Vacances'),
                       (date '2027-05-02' , 1, 600, 900, 'Journée citoyenne'))
               AS closing (first_on, days, start_min, end_min, reason)
 WHERE calendar.name <> 'Partage' AND pg_temp.throw(calendar.id, 'exceptions', 5) = 0

-- name: add_assets
-- Body after body, as inventories are entered. One asset in twenty divides in two halves; one in
-- five keeps buffers. assets: how many.
INSERT INTO inventory_asset
    (owner_id, manager_id, custodian_id, category_id, site_id, name, description, conditions,
     external_id, structure, lane_count, attributes, buffer_before_min, buffer_after_min, state,
     latitude, longitude)
SELECT site.organization_id, site.organization_id, site.organization_id,
       (SELECT min(id) FROM inventory_category WHERE code LIKE 'mesure-%%')
           + floor(random() * %(categories)s)::bigint,
       site.id, 'Bien ' || n, '', '', 'B-' || n,
       CASE pg_temp.throw(n, 'parts', 20) WHEN 0 THEN 'parts' ELSE 'single' END,
       CASE pg_temp.throw(n, 'parts', 20) WHEN 0 THEN 2 ELSE 1 END, '{}',
       CASE pg_temp.throw(n, 'buffers', 5) WHEN 0 THEN 15 ELSE 0 END,
       CASE pg_temp.throw(n, 'buffers', 5) WHEN 0 THEN 30 ELSE 0 END,
       CASE pg_temp.throw(n, 'state', 50) WHEN 0 THEN 'draft' ELSE 'published' END,
       site.latitude, site.longitude
  FROM (SELECT n, 1 + (n - 1) * (SELECT count(*) FROM inventory_site) / %(assets)s AS rank
          FROM generate_series(1, %(assets)s) AS n) AS numbered
  JOIN (SELECT site.*, row_number() OVER (ORDER BY id) AS rank FROM inventory_site AS site) AS site
 USING (rank)
 ORDER BY n

-- name: add_parts
INSERT INTO inventory_part (asset_id, lane_count, name, lanes, rank)
SELECT asset.id, 2, 'Moitié ' || half, int4multirange(int4range(half - 1, half)), half
  FROM inventory_asset AS asset, generate_series(1, 2) AS half
 WHERE asset.lane_count = 2

-- name: follow_calendars
-- Each asset follows one of the three opening calendars of its body; one in forty has none.
INSERT INTO timetable_assetcalendar (asset_id, calendar_id)
SELECT asset.id, calendar.id
  FROM inventory_asset AS asset
  JOIN timetable_calendar AS calendar ON calendar.organization_id = asset.owner_id
   AND calendar.name = 'Heures ' || (1 + pg_temp.throw(asset.id, 'calendar', 3))
 WHERE pg_temp.throw(asset.id, 'closed', 40) <> 0

-- name: add_rules
-- Eighteen assets in twenty open to public bodies, fourteen of them and one other to recognised
-- organisations, one to nobody else; one rule in eight is narrowed to evenings and week ends.
INSERT INTO sharing_sharingrule (asset_id, audience, mode, windows_id)
SELECT asset.id, audience,
       CASE pg_temp.throw(asset.id, audience || ' mode', 2) WHEN 0 THEN 'instant'
            ELSE 'approval' END,
       CASE pg_temp.throw(asset.id, audience || ' windows', 8) WHEN 0 THEN calendar.id END
  FROM inventory_asset AS asset
  JOIN timetable_calendar AS calendar
    ON calendar.organization_id = asset.owner_id AND calendar.name = 'Partage'
  JOIN (SELECT 0 AS rank, 'own_body' AS audience
        UNION ALL SELECT rank, 'public_bodies' FROM generate_series(1, 18) AS rank
        UNION ALL SELECT rank, 'recognized' FROM generate_series(5, 19) AS rank) AS open_to
    ON open_to.rank = pg_temp.throw(asset.id, 'audience', 20)

-- name: count_holds
-- How many holds an asset has a year: one asset in ten has half of them, four in ten a tenth.
-- holds: how many in all, nearly.
CREATE TEMPORARY TABLE busy AS
SELECT asset.id, asset.lane_count,
       least(170, greatest(1, round(%(holds)s::float8 / total.assets
           * CASE WHEN popular = 0 THEN 5.0 WHEN popular < 6 THEN 0.8 ELSE 0.3 END)))::integer
           AS holds
  FROM inventory_asset AS asset, (SELECT count(*) AS assets FROM inventory_asset) AS total,
       LATERAL (SELECT pg_temp.throw(asset.id, 'popular', 10) AS popular) AS die

-- name: add_holds
-- Each asset's year is cut in as many runs of days as it has holds, one hold within each: they
-- never meet. Six holds in ten last hours, three some days, one some weeks, as loans and seasons do,
-- if their run is long enough. An asset in halves is taken by one half, the other, or whole.
-- first: local midnight, as an instant.
INSERT INTO timetable_hold (asset_id, lane_count, lanes, span, use_span, reason, note)
SELECT id, lane_count,
       CASE WHEN lane_count = 1 THEN '{[0,1)}'::int4multirange
            WHEN die = 0 THEN '{[0,2)}' WHEN die = 1 THEN '{[0,1)}' ELSE '{[1,2)}' END,
       tstzrange(starts, ends), tstzrange(starts, ends), 'own_use', ''
  FROM (SELECT busy.*, pg_temp.throw(1000 * busy.id + n, 'half', 3) AS die,
               %(first)s::timestamptz + make_interval(
                   days => 365 * n / busy.holds
                           + floor(random() * (365 / busy.holds - nights))::integer,
                   hours => 7 + floor(random() * 12)::integer) AS starts,
               nights
          FROM busy, generate_series(0, busy.holds - 1) AS n,
               LATERAL (SELECT CASE WHEN random() < 0.6 THEN 0
                                    WHEN random() < 0.75 THEN 1 + floor(random() * 4)::integer
                                    ELSE 7 + floor(random() * 14)::integer END
                               + 0 * n AS drawn) AS length,
               LATERAL (SELECT least(drawn, greatest(365 / busy.holds - 2, 0)) AS nights) AS fits
       ) AS wanted,
       LATERAL (SELECT starts + make_interval(
                           days => nights, hours => 1 + floor(random() ^ 2 * 12)::integer) AS ends
               ) AS until

-- name: count_orphans
-- What the foreign keys would have refused.
SELECT (SELECT count(*) FROM timetable_hold AS hold
          LEFT JOIN inventory_asset AS asset
            ON (asset.id, asset.lane_count) = (hold.asset_id, hold.lane_count)
         WHERE asset.id IS NULL)
     + (SELECT count(*) FROM inventory_asset AS asset
          LEFT JOIN inventory_category AS category ON category.id = asset.category_id
         WHERE category.id IS NULL)
     + (SELECT count(*) FROM timetable_assetcalendar AS follows
          LEFT JOIN timetable_calendar AS calendar ON calendar.id = follows.calendar_id
         WHERE calendar.id IS NULL)
