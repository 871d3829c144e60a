-- name: Add :exec
INSERT INTO session (id, token_hash, person_id, entry_id, issuer, claims, device, created_at, seen_at, ends_at)
VALUES (@id, @token_hash, @person_id, @entry_id, @issuer, @claims, @device, @created_at, @created_at, @ends_at);

-- name: ByToken :one
SELECT s.id, s.person_id, s.entry_id, s.issuer, s.claims, s.seen_at, s.ends_at, s.version, coalesce(e.operator, '')::text AS operator,
	e.until_at, e.ended_at AS entry_ended_at
FROM session s LEFT JOIN operator_entry e ON e.tenant_id = s.tenant_id AND e.id = s.entry_id
WHERE s.token_hash = @token_hash AND s.ended_at IS NULL;

-- name: ByID :one
SELECT s.id, s.person_id, s.entry_id, s.issuer, s.claims, s.seen_at, s.ends_at, s.version, coalesce(e.operator, '')::text AS operator,
	e.until_at, e.ended_at AS entry_ended_at
FROM session s LEFT JOIN operator_entry e ON e.tenant_id = s.tenant_id AND e.id = s.entry_id
WHERE s.id = @id AND s.ended_at IS NULL;

-- name: Standing :one
-- The person behind a session: whether he still stands and is still known by
-- one of the issuers, and the counter of his rights.
SELECT coalesce(r.version, 0)::bigint AS rights,
	((p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day))::boolean AS stands,
	EXISTS (SELECT FROM identity i WHERE i.tenant_id = p.tenant_id AND i.person_id = p.id AND i.issuer = @issuer) AS known
FROM person p LEFT JOIN person_rights r ON r.tenant_id = p.tenant_id AND r.person_id = p.id
WHERE p.id = @id;

-- name: Parties :many
-- The organisations that a configuration names by key or by a municipality's code.
SELECT id, key, type, coalesce(official_code, '')::text AS official_code FROM organisation
WHERE (key = ANY(@names::text[]) OR (type = 'municipality' AND official_code = ANY(@names)))
	AND (valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day);

-- name: Seen :exec
-- That somebody was here does not move the version: nothing has changed for him.
UPDATE session SET seen_at = greatest(seen_at, @at::timestamptz) WHERE id = @id AND ended_at IS NULL;

-- name: End :one
UPDATE session SET ended_at = @at, version = version + 1 WHERE id = @id AND ended_at IS NULL RETURNING person_id, entry_id;

-- name: EndShown :many
UPDATE session SET ended_at = @at, version = version + 1 WHERE token_hash = @token_hash AND ended_at IS NULL RETURNING entry_id;

-- name: EndAll :execrows
UPDATE session SET ended_at = @at, version = version + 1 WHERE person_id = @person_id AND ended_at IS NULL AND id <> @but AND ends_at > @at;

-- name: EndOfEntry :exec
UPDATE session SET ended_at = @at, version = version + 1 WHERE entry_id = @entry_id AND ended_at IS NULL;

-- name: Owner :one
SELECT person_id, entry_id, issuer FROM session WHERE id = @id AND ended_at IS NULL;

-- name: Of :many
SELECT id, device, issuer, created_at, seen_at, ends_at FROM session
WHERE person_id = @person_id AND ended_at IS NULL AND ends_at > @at AND seen_at > @idle_since
ORDER BY seen_at DESC, id;

-- name: Sweep :exec
DELETE FROM session WHERE tenant_id = @tenant_id AND (ends_at < @before OR ended_at < @before);

-- name: AddEntry :exec
INSERT INTO operator_entry (id, operator, reason, from_at, until_at) VALUES (@id, @operator, @reason, @from_at, @until_at);

-- name: Entries :many
SELECT id, operator, reason, from_at, until_at, ended_at, count(*) OVER () AS total FROM operator_entry
ORDER BY from_at DESC, id LIMIT @max OFFSET @skip;

-- name: Entry :one
SELECT id, operator, reason, from_at, until_at, ended_at FROM operator_entry WHERE id = @id;

-- name: EndEntry :execrows
UPDATE operator_entry SET ended_at = @at WHERE id = @id AND ended_at IS NULL;
