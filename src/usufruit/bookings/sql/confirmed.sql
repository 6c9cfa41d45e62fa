-- A hold that serves a booking names a line that exists.
ALTER TABLE timetable_hold
    ADD CONSTRAINT hold_names_line
        FOREIGN KEY (line_id) REFERENCES bookings_bookingline (id);

-- At commit, a confirmed line holds each of its assets, and any other line holds nothing.
CREATE FUNCTION check_line_is_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint := CASE TG_TABLE_NAME
        WHEN 'bookings_bookingline' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE coalesce((to_jsonb(NEW) ->> 'line_id')::bigint,
                      (to_jsonb(OLD) ->> 'line_id')::bigint) END;
    line_state text;
    asset_count integer;
    held_count integer;
BEGIN
    SELECT state INTO line_state FROM bookings_bookingline WHERE id = checked;
    IF line_state IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO asset_count FROM bookings_lineasset WHERE line_id = checked;
    SELECT count(*) INTO held_count FROM timetable_hold WHERE line_id = checked;
    IF held_count <> (CASE line_state WHEN 'confirmed' THEN asset_count ELSE 0 END)
       OR (line_state = 'confirmed' AND asset_count = 0) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'line_confirmed_is_held',
            MESSAGE = format('line %s is %s with %s assets and %s holds',
                             checked, line_state, asset_count, held_count);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER line_confirmed_is_held
    AFTER INSERT OR UPDATE OF state ON bookings_bookingline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
CREATE CONSTRAINT TRIGGER hold_belongs_to_confirmed_line
    AFTER INSERT OR DELETE ON timetable_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
CREATE CONSTRAINT TRIGGER asset_of_confirmed_line_is_held
    AFTER INSERT OR DELETE ON bookings_lineasset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
