-- name: Get :one
SELECT * FROM organisation WHERE id = @id;

-- name: ByKey :one
SELECT * FROM organisation WHERE key = @key;

-- name: KeysLike :many
SELECT key FROM organisation WHERE key >= @key AND key < @key || '~';

-- name: List :many
SELECT sqlc.embed(o), count(*) OVER () AS total FROM organisation o
WHERE (@status::text = 'all' OR (@status = 'standing') = ((valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day)))
	AND (@type::text = '' OR type = @type)
ORDER BY name, id LIMIT @max OFFSET @skip;

-- name: Find :many
-- Each of the beginnings in words is found among the organisation's words.
SELECT sqlc.embed(o), count(*) OVER () AS total FROM organisation o
WHERE o.id IN (SELECT w.organisation_id FROM organisation_word w
		JOIN unnest(@words::text[]) AS q (a) ON w.word >= q.a AND w.word < q.a || U&'\FFFF'
		GROUP BY w.organisation_id HAVING count(DISTINCT q.a) = cardinality(@words::text[]))
	AND (@status::text = 'all' OR (@status = 'standing') = ((valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day)))
	AND (@type::text = '' OR type = @type)
ORDER BY name, id LIMIT @max OFFSET @skip;

-- name: ListPublished :many
SELECT id, key, type, name, short_name, organisation_number, official_code, website, mailbox, published, demo, source, valid_from, valid_to, version,
	count(*) OVER () AS total
FROM organisation
WHERE (valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day)
ORDER BY name, id LIMIT @max OFFSET @skip;

-- name: Create :one
INSERT INTO organisation (id, key, type, name, short_name, organisation_number, official_code, email, phone, website, mailbox, published, demo, source, valid_from)
VALUES (@id, @key, @type, @name, @short_name, @organisation_number, @official_code, @email, @phone, @website, @mailbox, @published, @demo, @source, @valid_from)
RETURNING *;

-- name: Change :one
UPDATE organisation SET type = @type, name = @name, short_name = @short_name, organisation_number = @organisation_number,
	official_code = @official_code, email = @email, phone = @phone, website = @website, mailbox = @mailbox, published = @published,
	valid_from = @valid_from, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: End :one
UPDATE organisation SET valid_to = @valid_to, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: AddSuccession :exec
-- Said again, it is corrected.
INSERT INTO succession (id, predecessor_id, successor_id, kind, on_day) VALUES (@id, @predecessor_id, @successor_id, @kind, @on_day)
ON CONFLICT (tenant_id, predecessor_id, successor_id) DO UPDATE SET kind = excluded.kind, on_day = excluded.on_day;

-- name: Kin :many
-- Those before and after, with their names.
SELECT s.kind, s.on_day, o.id, o.name, (s.predecessor_id = o.id) AS before FROM succession s
JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = CASE WHEN s.predecessor_id = @id THEN s.successor_id ELSE s.predecessor_id END
WHERE s.predecessor_id = @id OR s.successor_id = @id
ORDER BY s.on_day, o.name;

-- name: ForgetWords :exec
DELETE FROM organisation_word WHERE organisation_id = @organisation_id;

-- name: AddWords :exec
INSERT INTO organisation_word (word, organisation_id) SELECT unnest(@words::text[]), @organisation_id::uuid
ON CONFLICT (tenant_id, word, organisation_id) DO NOTHING;

-- name: CountByType :many
SELECT type, count(*) AS n FROM organisation
WHERE (valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day) GROUP BY type ORDER BY n DESC, type;
