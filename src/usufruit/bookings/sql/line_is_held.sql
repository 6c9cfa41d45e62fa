-- At commit, a confirmed line holds the assets, lanes and time it names, no more and no less, and
-- for good; any other line holds nothing. A row that goes from a line to another concerns both. Both
-- sides are read by their line: the cost is that of one line.
CREATE OR REPLACE FUNCTION check_line_is_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text := CASE TG_TABLE_NAME WHEN 'bookings_bookingline' THEN 'id' ELSE 'line_id' END;
    line record;
    asset_count integer;
    held_count integer;
    matched_count integer;
BEGIN
    FOR line IN
        SELECT id, state, use_span FROM bookings_bookingline
         WHERE id IN ((to_jsonb(OLD) ->> named)::bigint, (to_jsonb(NEW) ->> named)::bigint)
    LOOP
        SELECT count(*) INTO asset_count FROM bookings_lineasset WHERE line_id = line.id;
        SELECT count(*) INTO held_count FROM timetable_hold WHERE line_id = line.id;
        -- An asset is once in a line, so that each wish matched by a hold is matched by its own.
        SELECT count(DISTINCT wish.id) INTO matched_count
          FROM bookings_lineasset AS wish
          JOIN timetable_hold AS hold ON hold.line_id = wish.line_id
         WHERE wish.line_id = line.id AND hold.asset_id = wish.asset_id AND hold.lanes = wish.lanes
           AND hold.span = wish.held_span AND hold.use_span = line.use_span
           AND hold.expires_at IS NULL;
        IF held_count <> (CASE line.state WHEN 'confirmed' THEN asset_count ELSE 0 END)
           OR (line.state = 'confirmed' AND (asset_count = 0 OR matched_count <> asset_count)) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'check_violation',
                CONSTRAINT = 'line_confirmed_is_held',
                MESSAGE = format('line %s is %s with %s assets, %s holds and %s matching',
                                 line.id, line.state, asset_count, held_count, matched_count);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- A change of what is named or held counts as much as its coming and going.
DROP TRIGGER IF EXISTS line_confirmed_is_held ON bookings_bookingline;
CREATE CONSTRAINT TRIGGER line_confirmed_is_held
    AFTER INSERT OR UPDATE OF state, use_span ON bookings_bookingline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
DROP TRIGGER IF EXISTS hold_belongs_to_confirmed_line ON timetable_hold;
CREATE CONSTRAINT TRIGGER hold_belongs_to_confirmed_line
    AFTER INSERT OR DELETE
       OR UPDATE OF asset_id, lanes, span, use_span, line_id, expires_at ON timetable_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
DROP TRIGGER IF EXISTS asset_of_confirmed_line_is_held ON bookings_lineasset;
CREATE CONSTRAINT TRIGGER asset_of_confirmed_line_is_held
    AFTER INSERT OR DELETE OR UPDATE OF asset_id, lanes, held_span, line_id ON bookings_lineasset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_line_is_held();
