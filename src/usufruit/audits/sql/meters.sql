-- SPDX-License-Identifier: EUPL-1.2
-- What meters say: energy and known time, all hours alike, open or not.

-- name: create_meter_hour
-- Energy and known seconds of each reading above zero, by the local hour it begins in.
CREATE TABLE meter_hour AS
SELECT m.asset_no, q.span_no, q.week_no, q.weekday, q.hour,
       sum(CAST(m.energy_micro AS DECIMAL(38, 0))) AS energy_micro,
       sum(m.end_s - m.start_s) AS known_s
FROM meter_span m
JOIN asset a ON a.asset_no = m.asset_no
JOIN quarter q ON q.zone_no = a.zone_no AND q.quarter_s = m.start_s - m.start_s % 900
WHERE m.energy_micro > 0 AND q.span_no < 2
GROUP BY m.asset_no, q.span_no, q.week_no, q.weekday, q.hour;

-- name: list_meter_weeks
-- Weekly energy of the period (span 0) and of the compared one (span 1), with night (0 h to 5 h)
-- and day (9 h to 17 h) apart. Returns asset_no, span_no, week_no, energy_micro, known_s,
-- night_micro, night_s, day_micro, day_s.
SELECT asset_no, span_no, week_no, sum(energy_micro), sum(known_s),
       sum(CASE WHEN hour < 5 THEN energy_micro ELSE 0 END),
       sum(CASE WHEN hour < 5 THEN known_s ELSE 0 END),
       sum(CASE WHEN hour >= 9 AND hour < 17 THEN energy_micro ELSE 0 END),
       sum(CASE WHEN hour >= 9 AND hour < 17 THEN known_s ELSE 0 END)
FROM meter_hour
GROUP BY asset_no, span_no, week_no
ORDER BY asset_no, span_no, week_no;

-- name: list_meter_hours_of_week
-- Energy of each hour of the week in the period. Returns asset_no, weekday, hour, energy_micro, known_s.
SELECT asset_no, weekday, hour, sum(energy_micro), sum(known_s)
FROM meter_hour
WHERE span_no = 0
GROUP BY asset_no, weekday, hour
ORDER BY asset_no, weekday, hour;

-- name: count_zero_readings
-- Readings of zero against all readings, in each span. Returns asset_no, span_no, zeros, readings.
SELECT m.asset_no, q.span_no,
       sum(CASE WHEN m.energy_micro = 0 THEN 1 ELSE 0 END), count(*)
FROM meter_span m
JOIN asset a ON a.asset_no = m.asset_no
JOIN quarter q ON q.zone_no = a.zone_no AND q.quarter_s = m.start_s - m.start_s % 900
WHERE q.span_no < 2
GROUP BY m.asset_no, q.span_no
ORDER BY m.asset_no, q.span_no;
