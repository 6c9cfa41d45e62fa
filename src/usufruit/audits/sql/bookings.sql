-- SPDX-License-Identifier: EUPL-1.2
-- What an agenda says as written: unions, duplicates, overlaps, and where it stops being trustworthy.

-- name: list_source_extents
-- First and last instants of each source of intervals, closures included.
-- Returns source_no, first_s, last_s.
SELECT source_no, min(start_s) AS first_s, max(end_s) AS last_s
FROM booking
GROUP BY source_no
ORDER BY source_no;

-- name: list_weekly_intervals
-- How many bookings begin in each week of a source; $monday_s is any Monday before them.
-- Returns source_no, week_s (first second of the week), intervals.
SELECT source_no, start_s - (start_s - $monday_s) % 604800 AS week_s, count(*) AS intervals
FROM booking
WHERE nature <> 1
GROUP BY source_no, start_s - (start_s - $monday_s) % 604800
ORDER BY source_no, week_s;

-- name: create_calendar_span
-- The stretch an agenda speaks of, for each asset it names: from its first to its last local day,
-- sure until the week it seems to have been exported. Bounds by source come from source_extent.
CREATE TABLE calendar_span AS
SELECT b.asset_no, e.start_s, e.end_s, e.sure
FROM (SELECT DISTINCT asset_no, source_no FROM booking) b
JOIN source_extent e ON e.source_no = b.source_no
WHERE e.end_s > e.start_s;

-- name: list_booked
-- Booked time of each asset in the period, as written.
-- Returns asset_no, union_s, sum_s, intervals; opening hours and closures change nothing here.
WITH clipped AS (
    SELECT b.asset_no, greatest(b.start_s, p.start_s) AS start_s, least(b.end_s, p.end_s) AS end_s
    FROM booking b
    JOIN asset a ON a.asset_no = b.asset_no
    JOIN period p ON p.zone_no = a.zone_no
    WHERE b.nature <> 1 AND b.start_s < p.end_s AND b.end_s > p.start_s
), reached AS (
    SELECT asset_no, start_s, end_s,
           max(end_s) OVER (
               PARTITION BY asset_no ORDER BY start_s, end_s
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS before_s
    FROM clipped
)
SELECT asset_no,
       sum(CASE WHEN before_s IS NULL OR before_s <= start_s THEN end_s - start_s
                WHEN before_s < end_s THEN end_s - before_s ELSE 0 END) AS union_s,
       sum(end_s - start_s) AS sum_s,
       count(*) AS intervals
FROM reached
GROUP BY asset_no
ORDER BY asset_no;

-- name: list_overlaps
-- Pairs of lines of an asset that share time, in the whole evidence, by kind: the same start and end
-- (duplicates), one of them a closure, one of them a held option, two firm bookings.
-- Returns asset_no, duplicate_pairs, closure_pairs, held_pairs, firm_pairs.
WITH numbered AS (
    SELECT asset_no, start_s, end_s, nature,
           row_number() OVER (PARTITION BY asset_no ORDER BY start_s, end_s, nature, source_no) AS place
    FROM booking
), pair AS (
    SELECT l.asset_no,
           CASE WHEN l.start_s = r.start_s AND l.end_s = r.end_s THEN 'duplicate'
                WHEN l.nature = 1 OR r.nature = 1 THEN 'closure'
                WHEN l.nature = 3 OR r.nature = 3 THEN 'held'
                ELSE 'firm' END AS kind
    FROM numbered l
    JOIN numbered r
      ON r.asset_no = l.asset_no AND r.place > l.place AND r.start_s < l.end_s
)
SELECT asset_no,
       sum(CASE WHEN kind = 'duplicate' THEN 1 ELSE 0 END),
       sum(CASE WHEN kind = 'closure' THEN 1 ELSE 0 END),
       sum(CASE WHEN kind = 'held' THEN 1 ELSE 0 END),
       sum(CASE WHEN kind = 'firm' THEN 1 ELSE 0 END)
FROM pair
GROUP BY asset_no
ORDER BY asset_no;

-- name: list_doubles
-- Lines of an asset that repeat another exactly (same start and end), in the whole evidence.
-- Returns asset_no, duplicates.
SELECT asset_no, sum(times - 1) AS duplicates
FROM (
    SELECT asset_no, start_s, end_s, count(*) AS times
    FROM booking
    GROUP BY asset_no, start_s, end_s
) same
GROUP BY asset_no
HAVING sum(times - 1) > 0
ORDER BY asset_no;

-- name: list_natures
-- What kinds of intervals an asset has. Returns asset_no, bookings (firm and held), closures,
-- noted_uses, held, km_milli
-- (of the lines that give a distance and begin in the period; null when none does).
SELECT b.asset_no,
       sum(CASE WHEN b.nature IN (0, 3) THEN 1 ELSE 0 END) AS bookings,
       sum(CASE WHEN b.nature = 1 THEN 1 ELSE 0 END) AS closures,
       sum(CASE WHEN b.nature = 2 THEN 1 ELSE 0 END) AS noted_uses,
       sum(CASE WHEN b.nature = 3 THEN 1 ELSE 0 END) AS held,
       sum(CASE WHEN b.km_milli >= 0 AND b.start_s >= p.start_s AND b.start_s < p.end_s
                THEN b.km_milli END) AS km_milli
FROM booking b
JOIN asset a ON a.asset_no = b.asset_no
JOIN period p ON p.zone_no = a.zone_no
GROUP BY b.asset_no
ORDER BY b.asset_no;

-- name: list_hours_booked_ahead
-- Hours of the week already booked in the horizon after the period.
-- Returns asset_no, weekday, hour.
SELECT DISTINCT b.asset_no, h.weekday, h.hour
FROM booking b
JOIN asset a ON a.asset_no = b.asset_no
JOIN local_hour h ON h.zone_no = a.zone_no AND h.span_no = 2
 AND b.start_s < h.end_s AND b.end_s > h.start_s
WHERE b.nature <> 1
ORDER BY b.asset_no, h.weekday, h.hour;
