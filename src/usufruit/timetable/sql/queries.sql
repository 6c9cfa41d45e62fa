-- name: take_holds
-- Write rectangles through the one door (T2): what meets another is left out, never an error.
-- holds: JSON list of rows, in the order of T4. Returns id, asset_id and line_id of those written.
INSERT INTO timetable_hold
    (asset_id, lane_count, lanes, span, use_span, reason, expires_at, held_by_id, line_id,
     agenda_id, note, taken_at)
SELECT wanted.asset_id, wanted.lane_count, wanted.lanes, wanted.span, wanted.use_span,
       wanted.reason, wanted.expires_at, wanted.held_by_id, wanted.line_id, wanted.agenda_id,
       wanted.note, wanted.taken_at
  FROM jsonb_to_recordset(%(holds)s::jsonb) AS wanted (
           rank integer, asset_id bigint, lane_count integer, lanes int4multirange, span tstzrange,
           use_span tstzrange, reason text, expires_at timestamptz, held_by_id bigint,
           line_id bigint, agenda_id bigint, note text, taken_at timestamptz)
 ORDER BY wanted.rank
ON CONFLICT ON CONSTRAINT hold_no_overlap DO NOTHING
RETURNING id, asset_id, line_id

-- name: drop_expired_options
-- Delete options whose time has run out where they meet an asset's span (T8).
-- asset_ids: bigint[]; span: tstzrange that bounds all wanted spans; now: instant.
DELETE FROM timetable_hold AS hold
 USING unnest(%(asset_ids)s::bigint[]) AS wanted (asset_id)
 WHERE hold.asset_id = wanted.asset_id AND hold.span && %(span)s::tstzrange
   AND hold.expires_at <= %(now)s

-- name: confirm_option
-- Make an option the hold of a booking line, unless its time has run out (T8).
-- hold_id; held_by_id: whose option; asset_id, lanes: int4multirange, use: tstzrange, those of the
-- line: an option of another slot is none; line_id; note: the reference; now. Returns id or nothing.
UPDATE timetable_hold
   SET expires_at = NULL, held_by_id = NULL, reason = 'booking',
       line_id = %(line_id)s::bigint, note = %(note)s
 WHERE id = %(hold_id)s::bigint AND held_by_id = %(held_by_id)s::bigint AND reason = 'option'
   AND asset_id = %(asset_id)s::bigint AND lanes = %(lanes)s::int4multirange
   AND use_span = %(use)s::tstzrange
   AND expires_at > %(now)s
RETURNING id

-- name: known_to_public
-- What the public knows to be taken of each asset: what stood at an instant past, options left out.
-- asset_ids: bigint[], each looked up by itself so that the index leads by asset; span: tstzrange;
-- known_at: instant, what was taken or given back since does not show.
SELECT wanted.asset_id, known.lanes, known.span
  FROM unnest(%(asset_ids)s::bigint[]) AS wanted (asset_id)
 CROSS JOIN LATERAL (
    (SELECT hold.lanes, hold.span
       FROM timetable_hold AS hold
      WHERE hold.asset_id = wanted.asset_id AND hold.span && %(span)s::tstzrange
        AND hold.expires_at IS NULL AND hold.taken_at <= %(known_at)s::timestamptz
     OFFSET 0)
    UNION ALL
    SELECT given_back.lanes, given_back.span
      FROM timetable_holdevent AS given_back
     WHERE given_back.asset_id = wanted.asset_id AND given_back.pgh_label = 'delete'
       AND given_back.pgh_created_at > %(known_at)s::timestamptz
       AND given_back.taken_at <= %(known_at)s::timestamptz
       AND given_back.expires_at IS NULL AND given_back.span && %(span)s::tstzrange) AS known
 ORDER BY wanted.asset_id, known.span

-- name: stay_at_sites
-- Let no closure of these sites be published before the transaction ends. site_ids: bigint[].
-- Bookings share the lock; whoever shuts a site waits for them, and they for it.
SELECT id FROM inventory_site WHERE id = ANY (%(site_ids)s::bigint[]) ORDER BY id FOR SHARE

-- name: calendar_covers
-- Whether a calendar is open throughout a span. calendar_id: bigint or NULL; span: tstzrange.
SELECT calendar_covers(%(calendar_id)s::bigint, %(span)s::tstzrange)

-- name: spell_out
-- Write the months of a calendar. calendar_id; first_on: first of a month; months: how many.
SELECT spell_out_months(%(calendar_id)s::bigint, %(first_on)s::date, %(months)s::integer)
