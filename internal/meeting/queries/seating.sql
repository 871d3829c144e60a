-- name: KeepSeating :exec
INSERT INTO meeting_seating (id, meeting_id, places, mandates) VALUES (@id, @meeting_id, @places, @mandates)
ON CONFLICT (tenant_id, meeting_id) DO UPDATE SET places = excluded.places, mandates = excluded.mandates;

-- name: Seating :one
SELECT places, mandates FROM meeting_seating WHERE meeting_id = @meeting_id;

-- name: SeatedPeople :many
SELECT id, name, title FROM person WHERE id = ANY (@ids::uuid[]);
