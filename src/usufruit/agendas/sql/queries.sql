-- name: find_conflicts
-- What events and a booking or a block both want, soonest first; what was given up is out.
-- Only agendas that met something when they were last laid are looked at.
-- organization_id: bigint, who manages; asset_id: bigint or NULL for all; now: instant; most: rows.
SELECT event.id AS event_id, event.title, event.seen_at, event.span AS event_span,
       agenda.id AS agenda_id, agenda.name AS agenda_name,
       asset.id AS asset_id, asset.name AS asset_name, site.time_zone,
       coalesce(part.name, '') AS part_name,
       hold.id AS hold_id, hold.reason, hold.note, hold.use_span,
       hold.span * event.span AS shared_span
  FROM agendas_agenda AS agenda
  JOIN inventory_asset AS asset ON asset.id = agenda.asset_id
  JOIN inventory_site AS site ON site.id = asset.site_id
  LEFT JOIN inventory_part AS part ON part.id = agenda.part_id
  JOIN agendas_agendaevent AS event ON event.agenda_id = agenda.id
  JOIN timetable_hold AS hold
    ON hold.asset_id = agenda.asset_id AND hold.span && event.span
   AND hold.lanes && coalesce(part.lanes, int4multirange(int4range(0, asset.lane_count)))
 WHERE agenda.is_contested AND asset.manager_id = %(organization_id)s::bigint
   AND asset.id = coalesce(%(asset_id)s::bigint, asset.id)
   AND upper(event.span) > %(now)s AND upper(hold.span) > %(now)s
   AND hold.reason NOT IN ('external', 'option')
   AND (hold.expires_at IS NULL OR hold.expires_at > %(now)s)
   AND NOT coalesce((
           SELECT range_agg(waiver.span) @> (hold.span * event.span)
             FROM agendas_agendawaiver AS waiver
            WHERE waiver.agenda_id = agenda.id AND waiver.uid = event.uid), false)
 ORDER BY lower(hold.span * event.span), event.id, hold.id
 LIMIT %(most)s

-- name: count_doubts
-- How many agendas of a body are in doubt or have not been read for several times.
-- organization_id: bigint; told_after: failures in a row.
SELECT count(*)
  FROM agendas_agenda AS agenda
  JOIN inventory_asset AS asset ON asset.id = agenda.asset_id
 WHERE asset.manager_id = %(organization_id)s::bigint
   AND (agenda.doubted_count IS NOT NULL OR agenda.failure_count >= %(told_after)s)
