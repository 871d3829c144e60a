-- name: Cast :exec
-- One vote a place: who votes again changes it, and the same again changes nothing.
INSERT INTO ballot (id, meeting_id, item_id, place, person_id, vote, cast_at, how) VALUES (@id, @meeting_id, @item_id, @place, @person_id, @vote, @cast_at, @how)
ON CONFLICT (tenant_id, item_id, place) DO UPDATE SET person_id = excluded.person_id, vote = excluded.vote, cast_at = excluded.cast_at, how = excluded.how
WHERE (ballot.person_id, ballot.vote) IS DISTINCT FROM (excluded.person_id, excluded.vote);

-- name: Ballots :many
SELECT * FROM ballot WHERE meeting_id = @meeting_id ORDER BY item_id, place;
