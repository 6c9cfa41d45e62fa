-- SPDX-License-Identifier: EUPL-1.2
-- The hours ledger: the period of each asset cut at every change, each piece in one state only, so
-- that the sum of the states is the calendar, to the second.

-- name: create_layer
-- Everything that says something of a stretch of the period, one column a layer, 1 where it holds.
-- sure_calendar: the agenda covers this time, and was not exported before it.
CREATE TABLE layer AS
SELECT s.asset_no, greatest(s.start_s, p.start_s) AS start_s, least(s.end_s, p.end_s) AS end_s,
       s.open, s.blocked, s.booked, s.calendar, s.sure_calendar,
       s.present, s.persons, s.capacity, s.metered
FROM (
    SELECT asset_no, start_s, end_s, 1 AS open, 0 AS blocked, 0 AS booked, 0 AS calendar,
           0 AS sure_calendar, 0 AS present, 0 AS persons, 0 AS capacity, 0 AS metered
    FROM opening
    UNION ALL
    SELECT asset_no, start_s, end_s, 0, 1, 0, 0, 0, 0, 0, 0, 0 FROM booking WHERE nature = 1
    UNION ALL
    SELECT asset_no, start_s, end_s, 0, 0, 1, 0, 0, 0, 0, 0, 0 FROM booking WHERE nature <> 1
    UNION ALL
    SELECT asset_no, start_s, end_s, 0, 0, 0, 1, sure, 0, 0, 0, 0 FROM calendar_span
    UNION ALL
    SELECT asset_no, start_s, end_s, 0, 0, 0, 0, 0, 1, persons_milli, capacity_milli, 0
    FROM presence_span
    UNION ALL
    SELECT asset_no, start_s, end_s, 0, 0, 0, 0, 0, 0, 0, 0, 1
    FROM meter_span WHERE energy_micro > 0
) s
JOIN asset a ON a.asset_no = s.asset_no
JOIN period p ON p.zone_no = a.zone_no
WHERE s.start_s < p.end_s AND s.end_s > p.start_s;

-- name: create_segment
-- The period cut at every edge of a layer and at every local hour, with the running total of each
-- layer between two edges.
CREATE TABLE segment AS
WITH edge AS (
    SELECT asset_no, start_s AS at_s, 0 AS hour_no, open, blocked, booked, calendar, sure_calendar,
           present, persons, capacity, metered
    FROM layer
    UNION ALL
    SELECT asset_no, end_s, 0, -open, -blocked, -booked, -calendar, -sure_calendar,
           -present, -persons, -capacity, -metered
    FROM layer
    UNION ALL
    SELECT a.asset_no, h.start_s, h.hour_no, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM asset a JOIN local_hour h ON h.zone_no = a.zone_no AND h.span_no = 0
    UNION ALL
    SELECT a.asset_no, p.end_s, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM asset a JOIN period p ON p.zone_no = a.zone_no
), instant AS (
    SELECT asset_no, at_s, max(hour_no) AS hour_no,
           sum(open) AS open, sum(blocked) AS blocked, sum(booked) AS booked,
           sum(calendar) AS calendar, sum(sure_calendar) AS sure_calendar,
           sum(present) AS present, sum(persons) AS persons,
           sum(capacity) AS capacity, sum(metered) AS metered
    FROM edge
    GROUP BY asset_no, at_s
), running AS (
    SELECT asset_no, at_s AS start_s, lead(at_s) OVER so_far AS end_s,
           max(hour_no) OVER so_far AS hour_no,
           sum(open) OVER so_far AS open, sum(blocked) OVER so_far AS blocked,
           sum(booked) OVER so_far AS booked, sum(calendar) OVER so_far AS calendar,
           sum(sure_calendar) OVER so_far AS sure_calendar,
           sum(present) OVER so_far AS present, sum(persons) OVER so_far AS persons_milli,
           sum(capacity) OVER so_far AS capacity_milli, sum(metered) OVER so_far AS metered
    FROM instant
    WINDOW so_far AS (PARTITION BY asset_no ORDER BY at_s ROWS UNBOUNDED PRECEDING)
)
SELECT r.asset_no, r.start_s, r.end_s - r.start_s AS length_s,
       h.week_no, h.weekday, h.hour,
       CAST(r.persons_milli AS BIGINT) AS persons_milli,
       CAST(r.capacity_milli AS BIGINT) AS capacity_milli,
       r.sure_calendar,
       CASE
           WHEN r.open = 0 THEN 'closed'
           WHEN r.blocked > 0 THEN 'blocked'
           WHEN r.present > 0 AND r.persons_milli > 0 THEN
               CASE WHEN r.booked > 0 THEN 'booked_used'
                    WHEN r.calendar > 0 THEN 'unbooked_used' ELSE 'used' END
           WHEN r.present > 0 THEN CASE WHEN r.booked > 0 THEN 'booked_unused' ELSE 'idle' END
           WHEN r.booked > 0 THEN 'booked'
           WHEN r.calendar > 0 THEN 'unbooked'
           WHEN r.metered > 0 THEN 'metered'
           ELSE 'unknown'
       END AS state
FROM running r
JOIN asset a ON a.asset_no = r.asset_no
JOIN local_hour h ON h.zone_no = a.zone_no AND h.hour_no = r.hour_no
WHERE r.end_s IS NOT NULL;

-- name: create_slot_week
-- One row per asset, week and hour of the week: seconds in each state, persons and capacity times
-- seconds while presence and capacity are known (whole and while used).
CREATE TABLE slot_week AS
SELECT asset_no, week_no, weekday, hour,
       sum(length_s) AS calendar_s,
       sum(CASE WHEN state = 'closed' THEN length_s ELSE 0 END) AS closed_s,
       sum(CASE WHEN state = 'blocked' THEN length_s ELSE 0 END) AS blocked_s,
       sum(CASE WHEN state = 'used' THEN length_s ELSE 0 END) AS used_s,
       sum(CASE WHEN state = 'booked_used' THEN length_s ELSE 0 END) AS booked_used_s,
       sum(CASE WHEN state = 'booked_unused' THEN length_s ELSE 0 END) AS booked_unused_s,
       sum(CASE WHEN state = 'unbooked_used' THEN length_s ELSE 0 END) AS unbooked_used_s,
       sum(CASE WHEN state = 'idle' THEN length_s ELSE 0 END) AS idle_s,
       sum(CASE WHEN state = 'booked' THEN length_s ELSE 0 END) AS booked_s,
       sum(CASE WHEN state = 'unbooked' THEN length_s ELSE 0 END) AS unbooked_s,
       sum(CASE WHEN state = 'metered' THEN length_s ELSE 0 END) AS metered_s,
       sum(CASE WHEN state = 'unknown' THEN length_s ELSE 0 END) AS unknown_s,
       sum(CASE WHEN state = 'unbooked' AND sure_calendar = 0 THEN length_s ELSE 0 END) AS unsure_s,
       sum(CASE WHEN state IN ('used', 'booked_used', 'unbooked_used') AND capacity_milli > 0
                THEN CAST(persons_milli AS DECIMAL(38, 0)) * length_s ELSE 0 END) AS persons_milli_s,
       sum(CASE WHEN state IN ('used', 'booked_used', 'unbooked_used', 'idle', 'booked_unused')
                THEN CAST(capacity_milli AS DECIMAL(38, 0)) * length_s ELSE 0 END) AS capacity_milli_s,
       sum(CASE WHEN state IN ('used', 'booked_used', 'unbooked_used')
                THEN CAST(capacity_milli AS DECIMAL(38, 0)) * length_s ELSE 0 END)
           AS used_capacity_milli_s
FROM segment
GROUP BY asset_no, week_no, weekday, hour;

-- name: list_weeks
-- The ledger of each asset, week by week. Returns asset_no, week_no, then one sum per state (s).
SELECT asset_no, week_no, sum(calendar_s), sum(closed_s), sum(blocked_s), sum(used_s),
       sum(booked_used_s), sum(booked_unused_s), sum(unbooked_used_s), sum(idle_s), sum(booked_s),
       sum(unbooked_s), sum(metered_s), sum(unknown_s),
       sum(persons_milli_s), sum(capacity_milli_s), sum(used_capacity_milli_s)
FROM slot_week
GROUP BY asset_no, week_no
ORDER BY asset_no, week_no;

-- name: list_hours_of_week
-- Each hour of the week of each asset. A week is used when 15 minutes or more are, clean when even
-- its unknown time could not hide 15 minutes of use, else not observed. Only whole open hours count.
-- Returns asset_no, weekday, hour, open_s, known_s, used_s, persons_milli_s, capacity_milli_s,
-- used_weeks, clean_weeks.
SELECT asset_no, weekday, hour,
       sum(calendar_s - closed_s - blocked_s) AS open_s,
       sum(calendar_s - closed_s - blocked_s - unknown_s) AS known_s,
       sum(taken_s) AS used_s, sum(persons_milli_s), sum(capacity_milli_s),
       sum(CASE WHEN whole = 1 AND taken_s >= 900 THEN 1 ELSE 0 END) AS used_weeks,
       sum(CASE WHEN whole = 1 AND taken_s + doubtful_s < 900 THEN 1 ELSE 0 END) AS clean_weeks
FROM (
    SELECT *, used_s + booked_used_s + unbooked_used_s + booked_s AS taken_s,
           unknown_s + metered_s + unsure_s AS doubtful_s,
           CASE WHEN closed_s = 0 AND blocked_s = 0 THEN 1 ELSE 0 END AS whole
    FROM slot_week
) slot
GROUP BY asset_no, weekday, hour
ORDER BY asset_no, weekday, hour;
