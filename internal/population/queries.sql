-- ── figures: the nation's, whoever asks ──

-- name: On :many
-- The newest revision of each municipality's figure of a day.
SELECT DISTINCT ON (municipality) * FROM population_figure
WHERE tenant_id = 'sverige' AND municipality = ANY (@codes::text[]) AND on_day = @on_day
ORDER BY municipality, revision DESC;

-- name: Revised :many
-- The newest figures that are later than those that were used.
SELECT DISTINCT ON (f.municipality, f.on_day) f.*
FROM (SELECT unnest(@codes::text[]) AS code, unnest(@days::date[]) AS on_day, unnest(@revisions::integer[]) AS revision) u
JOIN population_figure f ON f.tenant_id = 'sverige' AND f.municipality = u.code AND f.on_day = u.on_day AND f.revision > u.revision
ORDER BY f.municipality, f.on_day, f.revision DESC;

-- name: Get :one
SELECT * FROM population_figure WHERE tenant_id = 'sverige' AND id = @id;

-- name: Of :many
-- Every revision of one municipality's figures, newest day first.
SELECT * FROM population_figure
WHERE tenant_id = 'sverige' AND municipality = @municipality
ORDER BY on_day DESC, revision DESC;

-- name: List :many
-- Figures by day, newest first, then by municipality: of some municipalities (none named: all) and
-- of a day (none named: all); the newest revision alone, or every one.
SELECT sqlc.embed(f), count(*) OVER () AS total FROM population_figure f
WHERE f.tenant_id = 'sverige' AND (cardinality(@codes::text[]) = 0 OR f.municipality = ANY (@codes)) AND (sqlc.narg(on_day)::date IS NULL OR f.on_day = sqlc.narg(on_day))
	AND (@every::boolean OR NOT EXISTS (SELECT FROM population_figure n WHERE n.tenant_id = 'sverige' AND n.municipality = f.municipality
		AND n.on_day = f.on_day AND n.revision > f.revision))
ORDER BY f.on_day DESC, f.municipality, f.revision DESC LIMIT @max OFFSET @skip;

-- name: Days :many
-- The reference days there are figures of, newest first, and of how many municipalities.
SELECT on_day, count(DISTINCT municipality)::integer AS municipalities FROM population_figure WHERE tenant_id = 'sverige'
GROUP BY on_day ORDER BY on_day DESC;

-- name: Counties :many
-- The counties that have figures, by code, and of how many municipalities.
SELECT left(municipality, 2)::text AS code, count(DISTINCT municipality)::integer AS municipalities FROM population_figure
WHERE tenant_id = 'sverige' GROUP BY left(municipality, 2) ORDER BY left(municipality, 2);

-- name: Newest :many
-- The newest revision of each municipality and day that are asked for side by side.
SELECT DISTINCT ON (f.municipality, f.on_day) f.*
FROM (SELECT unnest(@codes::text[]) AS code, unnest(@days::date[]) AS on_day) u
JOIN population_figure f ON f.tenant_id = 'sverige' AND f.municipality = u.code AND f.on_day = u.on_day
ORDER BY f.municipality, f.on_day, f.revision DESC;

-- ── writing: in the nation alone ──

-- name: OneWriterAtATime :exec
-- Revisions are counted: two who count at once would count the same.
SELECT pg_advisory_xact_lock(hashtextextended('population', 0));

-- name: Add :exec
INSERT INTO population_figure (id, municipality, on_day, revision, inhabitants, source, fetched_at, import_id)
SELECT unnest(@ids::uuid[]), unnest(@codes::text[]), unnest(@days::date[]), unnest(@revisions::integer[]), unnest(@inhabitants::bigint[]), unnest(@sources::text[]),
	@fetched_at, sqlc.narg(import_id)
ON CONFLICT ON CONSTRAINT population_figure_pkey DO NOTHING;

-- ── imports ──

-- name: Intake :one
SELECT sqlc.embed(i), coalesce(c.days_written, 0)::integer AS days_written FROM population_import i
LEFT JOIN population_import_content c ON c.tenant_id = i.tenant_id AND c.import_id = i.id
WHERE i.id = @id;

-- name: Intakes :many
SELECT sqlc.embed(i), coalesce(c.days_written, 0)::integer AS days_written, count(*) OVER () AS total FROM population_import i
LEFT JOIN population_import_content c ON c.tenant_id = i.tenant_id AND c.import_id = i.id
ORDER BY i.created_at DESC, i.id DESC LIMIT @max OFFSET @skip;

-- name: LockIntake :one
SELECT * FROM population_import WHERE tenant_id = 'sverige' AND id = @id FOR UPDATE;

-- name: CreateIntake :exec
INSERT INTO population_import (id, state, name, address, source, problems, created_at) VALUES (@id, 'fetching', @name, @address, @source, '[]', @created_at);

-- name: Preview :exec
UPDATE population_import SET state = 'preview', source = @source, fetched_at = @fetched_at, read = @read, fresh = @fresh, revised = @revised,
	unchanged = @unchanged, skipped = @skipped, refused = @refused, problems = @problems, days = @days, version = version + 1
WHERE id = @id;

-- name: Begin :exec
UPDATE population_import SET state = 'writing', version = version + 1 WHERE id = @id;

-- name: Discard :exec
UPDATE population_import SET state = 'discarded', ended_at = @ended_at, version = version + 1 WHERE id = @id;

-- name: End :exec
UPDATE population_import SET state = @state, ended_at = @ended_at, problems = @problems, fresh = @fresh, revised = @revised, unchanged = @unchanged,
	version = version + 1 WHERE id = @id;

-- name: AddContent :exec
INSERT INTO population_import_content (import_id, municipalities, days, inhabitants, sources)
VALUES (@import_id, @municipalities, @days, @inhabitants, @sources);

-- name: Content :one
SELECT * FROM population_import_content WHERE tenant_id = 'sverige' AND import_id = @import_id FOR UPDATE;

-- name: Written :exec
UPDATE population_import_content SET written = @written, days_written = days_written + 1, fresh = @fresh, revised = @revised,
	unchanged = @unchanged WHERE import_id = @import_id;

-- name: ForgetContent :exec
DELETE FROM population_import_content WHERE import_id = @import_id;
