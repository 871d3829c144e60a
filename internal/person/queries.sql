-- name: Get :one
SELECT sqlc.embed(p), coalesce(o.name, '')::text AS organisation_name FROM person p
LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
WHERE p.id = @id;

-- name: List :many
SELECT sqlc.embed(p), coalesce(o.name, '')::text AS organisation_name, count(*) OVER () AS total FROM person p
LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
WHERE (@status::text = 'all' OR (@status = 'standing') = ((p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)))
	AND (sqlc.narg('organisation_id')::uuid IS NULL OR p.organisation_id = sqlc.narg('organisation_id')::uuid)
ORDER BY p.name, p.id LIMIT @max OFFSET @skip;

-- name: Find :many
-- Each of the beginnings in words is found among the person's words.
SELECT sqlc.embed(p), coalesce(o.name, '')::text AS organisation_name, count(*) OVER () AS total FROM person p
LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
WHERE p.id IN (SELECT w.person_id FROM person_word w
		JOIN unnest(@words::text[]) AS q (a) ON w.word >= q.a AND w.word < q.a || U&'\FFFF'
		GROUP BY w.person_id HAVING count(DISTINCT q.a) = cardinality(@words::text[]))
	AND (@status::text = 'all' OR (@status = 'standing') = ((p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)))
	AND (sqlc.narg('organisation_id')::uuid IS NULL OR p.organisation_id = sqlc.narg('organisation_id')::uuid)
ORDER BY p.name, p.id LIMIT @max OFFSET @skip;

-- name: Create :one
INSERT INTO person (id, name, title, organisation_id, email, phone, demo, valid_from)
VALUES (@id, @name, @title, @organisation_id, @email, @phone, @demo, @valid_from) RETURNING *;

-- name: Change :one
UPDATE person SET name = @name, title = @title, organisation_id = @organisation_id, email = @email, phone = @phone,
	valid_from = @valid_from, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: End :one
UPDATE person SET valid_to = @valid_to, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: ForgetWords :exec
DELETE FROM person_word WHERE person_id = @person_id;

-- name: AddWords :exec
INSERT INTO person_word (word, person_id) SELECT unnest(@words::text[]), @person_id::uuid
ON CONFLICT (tenant_id, word, person_id) DO NOTHING;

-- name: OneAdministratorAtATime :exec
SELECT pg_advisory_xact_lock(hashtextextended('administrator', hashtext(current_tenant())::bigint));

-- name: Administers :one
-- Whether a person holds a role of the county's own on a day.
SELECT EXISTS (
	SELECT FROM membership m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	WHERE m.role = @role AND m.person_id = @person_id AND m.confirmed_at IS NOT NULL AND m.revoked_at IS NULL
		AND m.valid_from <= @on_day AND (m.valid_to IS NULL OR m.valid_to > @on_day)
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day));

-- name: OtherAdministrators :one
-- How many others hold it that day.
SELECT count(*) FROM membership m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE m.role = @role AND m.person_id <> @person_id AND m.confirmed_at IS NOT NULL AND m.revoked_at IS NULL
	AND m.valid_from <= @on_day AND (m.valid_to IS NULL OR m.valid_to > @on_day)
	AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day);
