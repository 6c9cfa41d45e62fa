-- While a request waits, the body that manages its asset now answers it; once answered, the body
-- that answered stays.
CREATE FUNCTION give_waiting_to_manager() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bookings_bookingline AS line
       SET decider_id = NEW.manager_id
      FROM bookings_lineasset AS wish
     WHERE wish.asset_id = NEW.id AND line.id = wish.line_id
       AND line.state = 'requested' AND line.decider_id <> NEW.manager_id;
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_follows_manager
    AFTER UPDATE OF manager_id ON inventory_asset
    FOR EACH ROW WHEN (OLD.manager_id IS DISTINCT FROM NEW.manager_id)
    EXECUTE FUNCTION give_waiting_to_manager();

-- A request sent while the asset changes hands does not see it: the share lock waits for the change
-- to be over, and makes the next one wait for this request, which the trigger above then finds.
CREATE FUNCTION give_request_to_manager() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present_manager bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM bookings_bookingline
                    WHERE id = NEW.line_id AND state = 'requested') THEN
        RETURN NULL;
    END IF;
    SELECT manager_id INTO present_manager FROM inventory_asset WHERE id = NEW.asset_id FOR SHARE;
    UPDATE bookings_bookingline
       SET decider_id = present_manager
     WHERE id = NEW.line_id AND decider_id <> present_manager;
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_begins_at_manager
    AFTER INSERT ON bookings_lineasset
    FOR EACH ROW EXECUTE FUNCTION give_request_to_manager();
