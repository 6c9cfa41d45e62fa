-- The floor of a search: the nearest twenty things of a category that are open and free during a
-- span, within a radius, with their distance. Written by hand on bare tables: one lane, one weekly
-- schedule, no rights, no seasons, no exceptions, no holidays, no buffers, no names.

-- name: make_tables
-- Copy what the floor needs out of the product's rows, so that both answer about the same places.
CREATE TABLE floor_thing AS
SELECT asset.id, asset.category_id AS category, follows.calendar_id AS schedule,
       asset.latitude, asset.longitude,
       -- Kilometres on a plane that is right near 47° north.
       point(asset.longitude * 75.8, asset.latitude * 111.2) AS place
  FROM inventory_asset AS asset
  JOIN timetable_assetcalendar AS follows ON follows.asset_id = asset.id
 WHERE asset.state = 'published';
CREATE INDEX floor_thing_near ON floor_thing USING gist (category, place);

CREATE TABLE floor_hours AS
SELECT season.calendar_id AS schedule, hours.weekday::integer, hours.start_min::integer,
       hours.end_min::integer
  FROM timetable_openinghours AS hours
  JOIN timetable_season AS season ON season.id = hours.season_id
 WHERE season.days IS NULL;
CREATE INDEX floor_hours_of_day ON floor_hours (schedule, weekday, start_min, end_min);

CREATE TABLE floor_taken AS SELECT asset_id AS thing, span FROM timetable_hold ORDER BY asset_id;
CREATE INDEX floor_taken_during ON floor_taken USING gist (thing, span);

-- name: nearest_things
-- category: bigint; latitude, longitude: degrees; radius_km; weekday: 0 Monday; start_min, end_min:
-- local minutes of that day, which the asker works out; span: the same as instants. A night is held
-- by one window that passes midnight, or by two that meet there.
SELECT found.id, 12742.0176 * asin(sqrt(
           sin(radians(found.latitude - %(latitude)s::float8) / 2) ^ 2
           + cos(radians(%(latitude)s::float8)) * cos(radians(found.latitude))
             * sin(radians(found.longitude - %(longitude)s::float8) / 2) ^ 2)) AS distance_km
  FROM (SELECT thing.id, thing.latitude, thing.longitude
          FROM floor_thing AS thing
         WHERE thing.category = %(category)s::bigint
           AND thing.place <@ circle(
                   point(%(longitude)s::float8 * 75.8, %(latitude)s::float8 * 111.2),
                   %(radius_km)s::float8)
           AND (EXISTS (
                   SELECT FROM floor_hours AS hours
                    WHERE hours.schedule = thing.schedule AND hours.weekday = %(weekday)s::integer
                      AND hours.start_min <= %(start_min)s::integer
                      AND hours.end_min >= %(end_min)s::integer)
                OR %(end_min)s::integer > 1440 AND EXISTS (
                   SELECT FROM floor_hours AS evening
                     JOIN floor_hours AS morning ON morning.schedule = evening.schedule
                    WHERE evening.schedule = thing.schedule
                      AND evening.weekday = %(weekday)s::integer
                      AND evening.start_min <= %(start_min)s::integer
                      AND evening.end_min >= 1440
                      AND morning.weekday = (%(weekday)s::integer + 1) %% 7
                      AND morning.start_min = 0
                      AND morning.end_min >= %(end_min)s::integer - 1440))
           AND NOT EXISTS (
                   SELECT FROM floor_taken AS taken
                    WHERE taken.thing = thing.id AND taken.span && %(span)s::tstzrange)
         ORDER BY thing.place
                  <-> point(%(longitude)s::float8 * 75.8, %(latitude)s::float8 * 111.2)
         LIMIT 20) AS found
 ORDER BY distance_km
