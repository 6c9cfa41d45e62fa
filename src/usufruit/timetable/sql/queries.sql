-- name: take_holds
SELECT 1
