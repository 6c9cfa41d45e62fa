-- Whether an asset stands as a line of an import says: at 0, as it was checked; at 1, as it was applied.
-- changes: by column, a pair of what stood and what replaced it; money is compared elsewhere.
CREATE OR REPLACE FUNCTION imports_stands(asset inventory_asset, changes jsonb, at integer)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(bool_and(
        CASE change.key
            WHEN 'site' THEN (SELECT name FROM inventory_site WHERE id = asset.site_id)
                             IS NOT DISTINCT FROM change.value ->> at
            WHEN 'attributes' THEN asset.attributes IS NOT DISTINCT FROM change.value -> at
            WHEN 'category' THEN asset.category_id::text IS NOT DISTINCT FROM change.value ->> at
            ELSE to_jsonb(asset) ->> change.key IS NOT DISTINCT FROM change.value ->> at
        END), true)
      FROM jsonb_each(changes) AS change
     WHERE change.key <> 'finance'
$$;

-- What a column goes back to: what stood before, unless it was changed again since.
CREATE OR REPLACE FUNCTION imports_back(present text, change jsonb)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN change IS NULL OR present IS DISTINCT FROM change ->> 1
                THEN present ELSE change ->> 0 END
$$;
