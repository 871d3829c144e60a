-- name: InForce :one
SELECT v.version, v.body FROM county c JOIN county_version v USING (tenant_id, version)
WHERE c.tenant_id = @tenant_id;

-- name: Lock :one
SELECT version FROM county WHERE tenant_id = @tenant_id FOR UPDATE;

-- name: AddVersion :exec
INSERT INTO county_version (version, body, source, reason, decision, actor, created_at)
VALUES (@version, @body, @source, @reason, @decision, @actor, @created_at);

-- name: Put :exec
INSERT INTO county (kind, version, code, names, administrations, created_at)
VALUES (@kind, @version, @code, @names, @administrations, @created_at)
ON CONFLICT (tenant_id) DO UPDATE SET kind = excluded.kind, version = excluded.version, code = excluded.code,
	names = excluded.names, administrations = excluded.administrations;

-- name: Versions :many
SELECT version, source, reason, decision, actor, created_at FROM county_version ORDER BY version DESC LIMIT @max OFFSET @skip;

-- name: VersionAt :one
SELECT body FROM county_version WHERE version = @version;

-- name: Known :many
-- Every county there is, by name: what a county is called is known to all.
SELECT tenant_id, kind, coalesce(code, '')::text AS code, names, administrations FROM county
WHERE kind = ANY(@kinds::text[]) ORDER BY code, tenant_id;

-- name: KnownAt :one
-- The configuration as it was known at an instant.
SELECT version, body FROM county_version WHERE created_at <= @at ORDER BY created_at DESC, version DESC LIMIT 1;

-- name: Sections :many
SELECT section, manager, version FROM county_section ORDER BY section;

-- name: PutSection :exec
-- The version moves with every change of the section or of who keeps it.
INSERT INTO county_section (section, manager) VALUES (@section, @manager)
ON CONFLICT (tenant_id, section) DO UPDATE SET manager = excluded.manager, version = county_section.version + 1;

-- name: AddChange :exec
INSERT INTO county_section_change (section, version) VALUES (@section, @version);

-- name: History :many
-- A section's changes, newest first, each with the configuration before it.
SELECT v.version, v.source, v.reason, v.decision, v.actor, v.created_at, v.body, b.body AS body_before
FROM county_section_change c
JOIN county_version v ON v.tenant_id = c.tenant_id AND v.version = c.version
LEFT JOIN county_version b ON b.tenant_id = c.tenant_id AND b.version = c.version - 1
WHERE c.section = @section ORDER BY c.version DESC LIMIT @max OFFSET @skip;

-- name: HistoryLength :one
SELECT count(*) FROM county_section_change WHERE section = @section;
