-- SPDX-License-Identifier: EUPL-1.2
-- The normalised relations of an audit. Instants and lengths are whole seconds (UTC epoch), energy
-- is in millionths of a kWh, persons and capacities in thousandths: sums are exact in any order, so
-- the same input gives the same bytes. Plain SQL: no extension, no time-zone arithmetic.

-- name: create_calendar
-- Tables the clock fills: assets and zones, local hours of each zone, quarters that lead to them.
-- local_hour.span_no: 0 the audited period, 1 the compared one, 2 the horizon after the period.
CREATE TABLE asset (asset_no INTEGER, zone_no INTEGER);
CREATE TABLE local_hour (
    zone_no INTEGER, span_no INTEGER, hour_no INTEGER, start_s BIGINT, end_s BIGINT,
    week_no INTEGER, weekday INTEGER, hour INTEGER
);
CREATE TABLE opening (asset_no INTEGER, start_s BIGINT, end_s BIGINT);
CREATE TABLE source_extent (source_no INTEGER, start_s BIGINT, end_s BIGINT, sure INTEGER);

-- name: create_quarter
-- One row per quarter of an hour (its first second) and local hour it lies in: every offset in use
-- since 1990 is a whole number of quarters, so an equality join finds the local hour of an instant.
CREATE TABLE quarter AS
SELECT h.zone_no, h.span_no, h.week_no, h.weekday, h.hour,
       h.start_s - h.start_s % 900 + 900 * q.step AS quarter_s
FROM local_hour h
JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) q (step)
  ON h.start_s - h.start_s % 900 + 900 * q.step < h.end_s;

-- name: create_period
-- The first second of the audited period in each zone, and the first one after it.
CREATE TABLE period AS
SELECT zone_no, min(start_s) AS start_s, max(end_s) AS end_s
FROM local_hour
WHERE span_no = 0
GROUP BY zone_no;

-- name: create_facts
-- The staged facts, as the readers wrote them.
CREATE TABLE booking (
    asset_no INTEGER, source_no INTEGER, start_s BIGINT, end_s BIGINT, nature INTEGER, km_milli BIGINT
);
CREATE TABLE reading (
    asset_no INTEGER, source_no INTEGER, line_no BIGINT, at_s BIGINT, energy_micro BIGINT
);
CREATE TABLE presence (
    asset_no INTEGER, source_no INTEGER, line_no BIGINT, at_s BIGINT,
    persons_milli BIGINT, capacity_milli BIGINT
);

-- name: find_extent
-- First and last instants of the evidence, by asset. Returns asset_no, first_s, last_s.
SELECT asset_no, min(first_s) AS first_s, max(last_s) AS last_s
FROM (
    SELECT asset_no, start_s AS first_s, end_s AS last_s FROM booking
    UNION ALL SELECT asset_no, at_s, at_s + 1 FROM reading
    UNION ALL SELECT asset_no, at_s, at_s + 1 FROM presence
) fact
GROUP BY asset_no
ORDER BY asset_no;

-- name: find_contradicted_readings
-- Readings of an instant that another line, read before, gives otherwise.
-- Returns source_no, line_no, same (1 when both lines say the same).
SELECT source_no, line_no, CASE WHEN energy_micro = first_energy THEN 1 ELSE 0 END AS same
FROM (
    SELECT source_no, line_no, energy_micro,
           first_value(energy_micro) OVER instant AS first_energy,
           row_number() OVER instant AS place
    FROM reading
    WINDOW instant AS (PARTITION BY asset_no, at_s ORDER BY source_no, line_no, energy_micro)
) ranked
WHERE place > 1
ORDER BY source_no, line_no;

-- name: find_contradicted_counts
-- Counts of an instant that another line, read before, gives otherwise.
-- Returns source_no, line_no, same (1 when both lines say the same).
SELECT source_no, line_no,
       CASE WHEN persons_milli = first_persons AND capacity_milli = first_capacity
            THEN 1 ELSE 0 END AS same
FROM (
    SELECT source_no, line_no, persons_milli, capacity_milli,
           first_value(persons_milli) OVER instant AS first_persons,
           first_value(capacity_milli) OVER instant AS first_capacity,
           row_number() OVER instant AS place
    FROM presence
    WINDOW instant AS (
        PARTITION BY asset_no, at_s ORDER BY source_no, line_no, persons_milli, capacity_milli
    )
) ranked
WHERE place > 1
ORDER BY source_no, line_no;

-- name: create_meter_span
-- Each reading holds until the next one, and no longer than the usual step of its asset.
-- A zero is a meter missing or switched off: it gives no span, its time stays unknown.
CREATE TABLE meter_span AS
WITH once AS (
    SELECT asset_no, at_s, energy_micro
    FROM (
        SELECT asset_no, at_s, energy_micro,
               row_number() OVER (
                   PARTITION BY asset_no, at_s ORDER BY source_no, line_no, energy_micro
               ) AS place
        FROM reading
    ) ranked
    WHERE place = 1
), stepped AS (
    SELECT asset_no, at_s, energy_micro,
           lead(at_s) OVER (PARTITION BY asset_no ORDER BY at_s) - at_s AS gap_s
    FROM once
), counted AS (
    SELECT asset_no, gap_s, count(*) AS times
    FROM stepped WHERE gap_s IS NOT NULL GROUP BY asset_no, gap_s
), usual AS (
    SELECT asset_no, gap_s AS step_s
    FROM (
        SELECT asset_no, gap_s,
               row_number() OVER (PARTITION BY asset_no ORDER BY times DESC, gap_s) AS place
        FROM counted
    ) ranked
    WHERE place = 1
)
SELECT s.asset_no, s.at_s AS start_s,
       s.at_s + least(coalesce(s.gap_s, u.step_s, 3600), coalesce(u.step_s, 3600)) AS end_s,
       s.energy_micro
FROM stepped s LEFT JOIN usual u ON u.asset_no = s.asset_no;

-- name: create_presence_span
-- Each count holds until the next one, and no longer than $hold_s seconds.
CREATE TABLE presence_span AS
WITH once AS (
    SELECT asset_no, at_s, persons_milli, capacity_milli
    FROM (
        SELECT asset_no, at_s, persons_milli, capacity_milli,
               row_number() OVER (
                   PARTITION BY asset_no, at_s
                   ORDER BY source_no, line_no, persons_milli, capacity_milli
               ) AS place
        FROM presence
    ) ranked
    WHERE place = 1
)
SELECT asset_no, at_s AS start_s,
       least(
           coalesce(lead(at_s) OVER (PARTITION BY asset_no ORDER BY at_s), at_s + $hold_s),
           at_s + $hold_s
       ) AS end_s,
       persons_milli, capacity_milli
FROM once;

-- name: find_capacity_changes
-- The capacities an asset was given, in the order they appear.
-- Returns asset_no, capacity_milli, first_s, last_s, counts.
SELECT asset_no, capacity_milli, min(start_s) AS first_s, max(start_s) AS last_s, count(*) AS counts
FROM presence_span
GROUP BY asset_no, capacity_milli
ORDER BY asset_no, first_s, capacity_milli;
