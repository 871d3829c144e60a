-- name: AddFeed :one
INSERT INTO calendar_feed (id, person_id, body, token_hash, created_at) VALUES (@id, @person_id, @body, @token_hash, @created_at) RETURNING *;

-- name: FeedsOf :many
SELECT * FROM calendar_feed WHERE tenant_id = @tenant_id AND person_id = @person_id AND revoked_at IS NULL ORDER BY created_at, id;

-- name: RevokeFeed :execrows
UPDATE calendar_feed SET revoked_at = @revoked_at WHERE id = @id AND person_id = @person_id AND revoked_at IS NULL;

-- name: FeedByToken :one
SELECT sqlc.embed(f) FROM calendar_feed f JOIN person p ON p.tenant_id = f.tenant_id AND p.id = f.person_id
WHERE f.tenant_id = @tenant_id AND f.token_hash = @token_hash AND f.revoked_at IS NULL AND (p.valid_to IS NULL OR p.valid_to > @today);

-- name: FeedMeetings :many
-- A body's meetings, or ('') those that a person is called to or sits in the body of, from a day on.
SELECT sqlc.embed(m), coalesce((SELECT i.answer FROM invitation i WHERE i.tenant_id = m.tenant_id AND i.meeting_id = m.id AND i.person_id = @person_id), '')::text AS answer
FROM meeting m
WHERE m.tenant_id = @tenant_id AND m.on_day >= @from_day AND CASE WHEN @body::text <> '' THEN m.body = @body ELSE
	EXISTS (SELECT FROM invitation i WHERE i.tenant_id = m.tenant_id AND i.meeting_id = m.id AND i.person_id = @person_id AND i.withdrawn_at IS NULL)
	OR EXISTS (SELECT FROM mandate a WHERE a.tenant_id = m.tenant_id AND a.body = m.body AND a.person_id = @person_id AND NOT a.deputy
		AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day)) END
ORDER BY m.on_day, m.id LIMIT 500;
