-- Opening hours spelled out as instants, a month at a time, so that a search reads one row where the
-- rules take ten. A row is a copy and never the authority: whatever changes the rules deletes the
-- rows in the same transaction, and where a row lacks calendar_covers answers, only slower.
--
-- Who deletes and who writes both lock the calendar first: months spelled from hours that another
-- transaction is changing can thus never be left behind.

-- The month (UTC) whose row answers for a use, or NULL when none can: a row tells of the forty days
-- from the first of its month, and few uses last more than the nine that are sure.
CREATE OR REPLACE FUNCTION open_month_of(wanted tstzrange) RETURNS timestamptz
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN upper(wanted) <= date_trunc('month', lower(wanted), 'UTC')
                                      + interval '960 hours'
                THEN date_trunc('month', lower(wanted), 'UTC') END
$$;

-- Write the months of a calendar, drop those before. first_on: first of a month; months: how many.
CREATE OR REPLACE FUNCTION spell_out_months(calendar bigint, first_on date, months integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    first_at timestamptz := local_instant(first_on, 'UTC', 'start');
    after date := first_on + make_interval(months => months);
    spans tstzmultirange;
BEGIN
    PERFORM FROM timetable_calendar WHERE id = calendar FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;  -- deleted since it was listed
    END IF;
    -- Forty days from the first of February end on the 13th of March, wherever that day dawns first.
    spans := calendar_open(calendar, first_on - 1, after + 13);
    DELETE FROM timetable_openmonth WHERE calendar_id = calendar AND begins_at < first_at;
    INSERT INTO timetable_openmonth AS written (calendar_id, begins_at, spans)
    SELECT calendar, month.begins_at,
           spans * tstzmultirange(tstzrange(month.begins_at,
                                            month.begins_at + interval '960 hours'))
      FROM generate_series(first_on::timestamp, after - 1, interval '1 month') AS step,
           LATERAL (SELECT local_instant(step, 'UTC', 'start')) AS month (begins_at)
        ON CONFLICT (calendar_id, begins_at) DO UPDATE
       SET spans = excluded.spans WHERE written.spans <> excluded.spans;
END $$;

CREATE OR REPLACE FUNCTION forget_months(calendars bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM timetable_calendar WHERE id = ANY (calendars) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM timetable_openmonth WHERE calendar_id = ANY (calendars);
END $$;

CREATE OR REPLACE FUNCTION forget_months_of_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_months(ARRAY[OLD.id]);
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER openmonth_forgotten
    AFTER UPDATE OF time_zone, holiday_region ON timetable_calendar
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_calendar();
-- Months written since its owner's own DELETE of them would keep a calendar from going.
CREATE OR REPLACE TRIGGER openmonth_forgotten_with
    BEFORE DELETE ON timetable_calendar
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_calendar();

-- Whoever follows shared days is looked for once they are locked: nobody begins to follow meanwhile.
CREATE OR REPLACE FUNCTION forget_months_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_months(ARRAY[OLD.calendar_id, NEW.calendar_id]);
    PERFORM forget_months(array_agg(inclusion.calendar_id))
       FROM timetable_calendarinclusion AS inclusion
      WHERE inclusion.included_id IN (OLD.calendar_id, NEW.calendar_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER openmonth_forgotten
    AFTER INSERT OR UPDATE OR DELETE ON timetable_season
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_part();
CREATE OR REPLACE TRIGGER openmonth_forgotten
    AFTER INSERT OR UPDATE OR DELETE ON timetable_calendarexception
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_part();

-- The shared days first, then who follows them: the order in which a change of those days locks.
-- Its trigger is in the migration 0014: a database begun from nothing has no inclusions here yet.
CREATE OR REPLACE FUNCTION forget_months_of_inclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_months(ARRAY[OLD.included_id, NEW.included_id]);
    PERFORM forget_months(ARRAY[OLD.calendar_id, NEW.calendar_id]);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION forget_months_of_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_months(array_agg(season.calendar_id))
       FROM timetable_season AS season WHERE season.id IN (OLD.season_id, NEW.season_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER openmonth_forgotten
    AFTER INSERT OR UPDATE OR DELETE ON timetable_openinghours
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_hours();

-- By statement: a year of holidays is one change to each calendar that follows them.
CREATE OR REPLACE FUNCTION forget_months_of_regions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM forget_months(array_agg(calendar.id))
       FROM timetable_calendar AS calendar
      WHERE calendar.holiday_region IN (SELECT region FROM changed);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER openmonth_forgotten_added
    AFTER INSERT ON timetable_publicholiday REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION forget_months_of_regions();
CREATE OR REPLACE TRIGGER openmonth_forgotten_removed
    AFTER DELETE ON timetable_publicholiday REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION forget_months_of_regions();
CREATE OR REPLACE TRIGGER openmonth_forgotten_before
    AFTER UPDATE ON timetable_publicholiday REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION forget_months_of_regions();
CREATE OR REPLACE TRIGGER openmonth_forgotten_after
    AFTER UPDATE ON timetable_publicholiday REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION forget_months_of_regions();
