-- The sites shut at some moment of a span; none when the span is NULL. Twin of timetable.closures.
-- Asked once a search: what is shut is few sites, and an array of them costs each candidate nothing.
CREATE OR REPLACE FUNCTION sites_shut(wanted tstzrange) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT closed.site_id), '{}'::bigint[])
      FROM timetable_closure AS closure
      JOIN timetable_closedsite AS closed ON closed.closure_id = closure.id
     WHERE closure.span && wanted AND closed.reopened_at IS NULL
$$;
