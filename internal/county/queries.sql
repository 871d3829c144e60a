-- name: InForce :one
SELECT v.version, v.body FROM county c JOIN county_version v USING (tenant_id, version)
WHERE c.tenant_id = @tenant_id;

-- name: Lock :one
SELECT version FROM county WHERE tenant_id = @tenant_id FOR UPDATE;

-- name: AddVersion :exec
INSERT INTO county_version (version, body, source, reason, created_at) VALUES (@version, @body, @source, @reason, @created_at);

-- name: Put :exec
INSERT INTO county (kind, version, code, names, administrations, created_at)
VALUES (@kind, @version, @code, @names, @administrations, @created_at)
ON CONFLICT (tenant_id) DO UPDATE SET kind = excluded.kind, version = excluded.version, code = excluded.code,
	names = excluded.names, administrations = excluded.administrations;

-- name: Versions :many
SELECT version, source, reason, created_at FROM county_version ORDER BY version DESC LIMIT @max OFFSET @skip;

-- name: Known :many
-- Every county there is, by name: what a county is called is known to all.
SELECT tenant_id, kind, coalesce(code, '')::text AS code, names, administrations FROM county
WHERE kind = ANY(@kinds::text[]) ORDER BY code, tenant_id;
