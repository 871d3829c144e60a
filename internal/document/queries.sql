-- name: Get :one
SELECT * FROM document WHERE id = @id;

-- name: List :many
SELECT sqlc.embed(d), count(*) OVER () AS total FROM document d
WHERE (@about::text = '' OR d.id IN (SELECT a.document_id FROM document_about a WHERE a.about = @about AND a.row_id = @row_id))
	AND (@kind::text = '' OR d.kind = @kind) AND (@restricted::boolean OR NOT d.restricted)
ORDER BY d.title, d.id LIMIT @max OFFSET @skip;

-- name: ListPublished :many
SELECT d.id, d.title, d.kind, d.language, d.published, d.source, d.demo, d.latest, d.withdrawn_at, d.version, count(*) OVER () AS total FROM document d
WHERE (@about::text = '' OR d.id IN (SELECT a.document_id FROM document_about a WHERE a.about = @about AND a.row_id = @row_id))
	AND (@kind::text = '' OR d.kind = @kind)
ORDER BY d.title, d.id LIMIT @max OFFSET @skip;

-- name: GetPublished :one
SELECT id, title, kind, language, published, source, demo, latest, withdrawn_at, version FROM document WHERE id = @id;

-- name: Create :one
INSERT INTO document (id, title, kind, language, published, source, demo, latest)
VALUES (@id, @title, @kind, @language, @published, @source, @demo, 1) RETURNING *;

-- name: Change :one
UPDATE document SET title = @title, kind = @kind, language = @language, published = @published, source = @source,
	restricted = restricted AND NOT @published, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: Restrict :execrows
UPDATE document SET restricted = true, version = version + 1 WHERE id = @id AND NOT published AND NOT restricted;

-- name: Touch :one
-- Moves the version when something behind the card changes; whoever comes
-- second waits here and then finds no row.
UPDATE document SET version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: Grow :one
UPDATE document SET latest = latest + 1, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: Withdraw :one
UPDATE document SET withdrawn_at = @withdrawn_at, withdrawn_reason = @withdrawn_reason, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: AddVersion :one
INSERT INTO document_version (id, document_id, number, published, blob_key, name, media_type, archival, size, sha256, url, uploaded_by, uploaded_at)
VALUES (@id, @document_id, @number, @published, @blob_key, @name, @media_type, @archival, @size, @sha256, @url, @uploaded_by, @uploaded_at)
RETURNING *;

-- name: Version :one
SELECT * FROM document_version WHERE document_id = @document_id AND number = @number;

-- name: Versions :many
-- All versions of one document, latest first.
SELECT * FROM document_version WHERE document_id = @document_id ORDER BY number DESC;

-- name: LatestVersions :many
SELECT v.* FROM document_version v JOIN document d ON d.tenant_id = v.tenant_id AND d.id = v.document_id AND d.latest = v.number
WHERE v.document_id = ANY(@documents::uuid[]);

-- name: PublishedVersions :many
-- All versions of one document that the public may see, latest first.
SELECT id, document_id, number, blob_key, name, media_type, archival, size, sha256, url, dead_on, errata, uploaded_at
FROM document_version WHERE document_id = @document_id ORDER BY number DESC;

-- name: LatestPublishedVersions :many
SELECT v.id, v.document_id, v.number, v.blob_key, v.name, v.media_type, v.archival, v.size, v.sha256, v.url, v.dead_on, v.errata, v.uploaded_at
FROM document_version v JOIN document d ON d.tenant_id = v.tenant_id AND d.id = v.document_id AND d.latest = v.number
WHERE v.document_id = ANY(@documents::uuid[]);

-- name: ShowVersions :exec
UPDATE document_version SET published = @published WHERE document_id = @document_id AND published <> @published;

-- name: Correct :exec
UPDATE document_version SET errata = @errata WHERE document_id = @document_id AND number = @number;

-- name: NoteDead :exec
UPDATE document_version SET dead_on = @dead_on WHERE document_id = @document_id AND number = @number;

-- name: About :many
SELECT document_id, about, row_id FROM document_about WHERE document_id = ANY(@documents::uuid[]) ORDER BY about, row_id;

-- name: Attach :exec
INSERT INTO document_about (id, document_id, about, row_id, published) VALUES (@id, @document_id, @about, @row_id, @published);

-- name: Detach :exec
DELETE FROM document_about WHERE document_id = @document_id AND about = @about AND row_id = @row_id;

-- name: ShowAbout :exec
UPDATE document_about SET published = @published WHERE document_id = @document_id AND published <> @published;

-- name: Files :many
-- The rows that stand for files, by key, from one key on.
SELECT document_id, number, blob_key::text AS blob_key FROM document_version WHERE blob_key > @after::text ORDER BY blob_key LIMIT @max;

-- name: Rowed :many
-- Those of the keys that a row stands for.
SELECT blob_key::text FROM document_version WHERE blob_key = ANY(@keys::text[]);

-- name: FileNames :many
SELECT DISTINCT name FROM document_version WHERE document_id = @document_id AND name <> '';

-- name: AddWords :exec
-- The words as they are, and each one's Swedish stem.
INSERT INTO document_word (word, document_id)
SELECT DISTINCT f.form, @document_id::uuid FROM unnest(@words::text[]) AS w (word),
	LATERAL (VALUES (w.word), (coalesce((ts_lexize('swedish_stem', w.word))[1], w.word))) AS f (form)
ON CONFLICT (tenant_id, word, document_id) DO NOTHING;

-- name: ForgetWords :exec
DELETE FROM document_word WHERE document_id = @document_id;
