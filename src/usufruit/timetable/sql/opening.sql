-- Opening hours as instants. Twin of timetable.rules.open_spans; a property test keeps them equal.

-- A database begun from nothing reads this file before it has the table of inclusions.
SET LOCAL check_function_bodies = off;

-- The windows that begin on a local day. Precedence: exception, holiday, dated season, usual week.
-- Of exceptions, the calendar's own speak first, then those of the shared days it followed first.
-- calendar: timetable_calendar.id; on_day: local day. Minutes count from local midnight.
CREATE OR REPLACE FUNCTION calendar_windows(calendar bigint, on_day date)
RETURNS TABLE (start_min integer, end_min integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH spoken AS (
        SELECT exception.start_min, exception.end_min
          FROM (SELECT 0::bigint, calendar
                UNION ALL
                SELECT inclusion.id, inclusion.included_id
                  FROM timetable_calendarinclusion AS inclusion
                 WHERE inclusion.calendar_id = calendar) AS source (rank, calendar_id)
          JOIN timetable_calendarexception AS exception USING (calendar_id)
         WHERE exception.days @> on_day
         ORDER BY source.rank
         LIMIT 1)
    SELECT spoken.start_min::integer, spoken.end_min::integer
      FROM spoken
     WHERE spoken.start_min IS NOT NULL
    UNION ALL
    SELECT hours.start_min::integer, hours.end_min::integer
      FROM timetable_openinghours AS hours
     WHERE hours.season_id = (
               SELECT season.id FROM timetable_season AS season
                WHERE season.calendar_id = calendar
                  AND (season.days IS NULL OR season.days @> on_day)
                ORDER BY season.days IS NULL
                LIMIT 1)
       AND hours.weekday = extract(isodow FROM on_day)::integer - 1
       AND NOT EXISTS (SELECT FROM spoken)
       AND NOT EXISTS (
               SELECT FROM timetable_publicholiday AS holiday
                 JOIN timetable_calendar AS closed ON closed.holiday_region = holiday.region
                WHERE closed.id = calendar AND holiday."on" = on_day)
$$;

-- When a calendar is open between two local days, both included; windows may reach past the last.
CREATE OR REPLACE FUNCTION calendar_open(calendar bigint, first_on date, last_on date) RETURNS tstzmultirange
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(range_agg(tstzrange(opening.start_at, opening.end_at)), '{}'::tstzmultirange)
      FROM timetable_calendar AS of_calendar,
           LATERAL generate_series(0, last_on - first_on + 1) AS step,
           LATERAL calendar_windows(of_calendar.id, first_on - 1 + step) AS w,
           LATERAL (SELECT local_instant((first_on - 1 + step) + make_interval(mins => w.start_min),
                                         of_calendar.time_zone, 'start'),
                           local_instant((first_on - 1 + step) + make_interval(mins => w.end_min),
                                         of_calendar.time_zone, 'end')
                   ) AS opening (start_at, end_at)
     WHERE of_calendar.id = calendar AND opening.start_at < opening.end_at
$$;

-- Whether a span lies wholly inside a calendar's hours; no calendar (NULL) is no limit.
-- Away from a change of offset local minutes run evenly, so they are compared as integers; near one,
-- windows become instants. Called once per candidate of a search: the generic plan spares planning,
-- and a long use is tried by its first day, since nearly all that close at night fail there.
CREATE OR REPLACE FUNCTION calendar_covers(calendar bigint, wanted tstzrange) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    zone text;
    eve date;
    starts timestamp;
    ends timestamp;
BEGIN
    IF calendar IS NULL THEN
        RETURN true;
    END IF;
    IF upper(wanted) - lower(wanted) > interval '2 days'
       AND NOT calendar_covers(
                calendar, tstzrange(lower(wanted), lower(wanted) + interval '1 day')) THEN
        RETURN false;
    END IF;
    SELECT time_zone INTO zone FROM timetable_calendar WHERE id = calendar;
    starts := local_wall(lower(wanted), zone);
    ends := local_wall(upper(wanted), zone);
    eve := starts::date - 1;
    IF ends - starts <> upper(wanted) - lower(wanted)
       OR local_wall(lower(wanted) - interval '48 hours', zone) + interval '2 days' <> starts
       OR local_wall(upper(wanted) + interval '48 hours', zone) - interval '2 days' <> ends THEN
        RETURN calendar_open(calendar, eve, ends::date) @> wanted;
    END IF;
    RETURN coalesce((
        SELECT range_agg(int4range(1440 * step + windows.start_min, 1440 * step + windows.end_min))
               @> int4range(floor(extract(epoch FROM starts - eve) / 60)::integer,
                            ceil(extract(epoch FROM ends - eve) / 60)::integer)
          FROM generate_series(0, ends::date - eve) AS step,
               LATERAL calendar_windows(calendar, eve + step) AS windows), false);
END $$;
