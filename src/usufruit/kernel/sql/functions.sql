-- The instant of a wall-clock time (rule T16). Twin of kernel.local_time.local_instant.
-- wall: local civil time without zone; zone: IANA name; edge: 'start' or 'end'.
-- AT TIME ZONE is banned elsewhere: for a doubled hour it answers the second reading whatever is
-- asked, and for a missing hour an instant an hour too late.
CREATE FUNCTION local_instant(wall timestamp, zone text, edge text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    read_once timestamptz := wall AT TIME ZONE zone;
    offset_before interval;
    offset_after interval;
    earlier timestamptz;
    later timestamptz;
    middle timestamptz;
BEGIN
    offset_before := ((read_once - interval '24 hours') AT TIME ZONE zone)
                   - ((read_once - interval '24 hours') AT TIME ZONE 'UTC');
    offset_after := ((read_once + interval '24 hours') AT TIME ZONE zone)
                  - ((read_once + interval '24 hours') AT TIME ZONE 'UTC');
    IF offset_before = offset_after THEN
        RETURN read_once;
    END IF;
    earlier := (wall - greatest(offset_before, offset_after)) AT TIME ZONE 'UTC';
    later := (wall - least(offset_before, offset_after)) AT TIME ZONE 'UTC';
    IF earlier AT TIME ZONE zone = wall AND later AT TIME ZONE zone = wall THEN
        RETURN CASE edge WHEN 'start' THEN earlier ELSE later END;
    ELSIF earlier AT TIME ZONE zone = wall THEN
        RETURN earlier;
    ELSIF later AT TIME ZONE zone = wall THEN
        RETURN later;
    END IF;
    -- The hour does not exist: the transition lies in (earlier, later].
    WHILE later - earlier > interval '1 second' LOOP
        middle := date_trunc('second', earlier + (later - earlier) / 2);
        EXIT WHEN middle <= earlier;
        IF (middle AT TIME ZONE zone) - (middle AT TIME ZONE 'UTC') = offset_before THEN
            earlier := middle;
        ELSE
            later := middle;
        END IF;
    END LOOP;
    RETURN later;
END $$;

-- The spelling French names are ordered and searched by. Twin of kernel.text.sort_key.
-- Immutable, unlike unaccent, so that a stored column may be generated from it; decomposed first, so
-- that a name typed on a machine that writes accents apart has the same key.
CREATE FUNCTION french_sort_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(replace(replace(replace(
        translate(
            regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZŒÆØÐÞøðµ’', 'abcdefghijklmnopqrstuvwxyzœæodþodμ'''),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th')
$$;

-- A place as a point of the conformal (Mercator) plane, in kilometres at the equator. Conformal so
-- that « nearer » is right in every direction; true metres are computed for the rows shown.
CREATE FUNCTION projected_point(latitude double precision, longitude double precision) RETURNS point
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT point(
        6371.0088 * radians(longitude),
        6371.0088 * ln(tan(pi() / 4 + radians(latitude) / 2)))
$$;

-- The wall-clock time of an instant. Unambiguous, unlike the way back. Twin of local_time.local_wall.
CREATE FUNCTION local_wall(instant timestamptz, zone text) RETURNS timestamp
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT instant AT TIME ZONE zone
$$;
