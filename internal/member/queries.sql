-- name: Add :exec
INSERT INTO membership (id, person_id, role, organisation_id, deputy, invited_at, invited_by, valid_from, valid_to)
VALUES (@id, @person_id, @role, @organisation_id, @deputy, @invited_at, @invited_by, @valid_from, sqlc.narg(valid_to));

-- name: Get :one
SELECT m.id, m.person_id, p.name AS person_name, p.email AS person_email, m.role, m.organisation_id, coalesce(o.name, '')::text AS organisation_name,
	m.deputy, m.invited_at, m.invited_by, m.token_expires_at, m.sent_at, m.sends, m.bound_at, m.confirmed_at, m.confirmed_by, m.revoked_at,
	m.valid_from, m.valid_to, m.version,
	membership_state(m.revoked_at, m.bound_at, m.confirmed_at, m.token_expires_at, m.valid_from, m.valid_to, @on_day, @at)::text AS state
FROM membership m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE m.id = @id;

-- name: Lock :one
-- Whoever changes a membership waits for the one before.
SELECT version FROM membership WHERE id = @id FOR UPDATE;

-- name: List :many
SELECT m.id, m.person_id, p.name AS person_name, p.email AS person_email, m.role, m.organisation_id, coalesce(o.name, '')::text AS organisation_name,
	m.deputy, m.invited_at, m.invited_by, m.token_expires_at, m.sent_at, m.sends, m.bound_at, m.confirmed_at, m.confirmed_by, m.revoked_at,
	m.valid_from, m.valid_to, m.version,
	membership_state(m.revoked_at, m.bound_at, m.confirmed_at, m.token_expires_at, m.valid_from, m.valid_to, @on_day, @at)::text AS state,
	count(*) OVER () AS total
FROM membership m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE (sqlc.narg(person_id)::uuid IS NULL OR m.person_id = sqlc.narg(person_id))
	AND (NOT @of_parties::boolean OR m.organisation_id = ANY(@parties::uuid[]))
	AND (@role::text = '' OR m.role = @role)
	AND (cardinality(@states::text[]) = 0
		OR membership_state(m.revoked_at, m.bound_at, m.confirmed_at, m.token_expires_at, m.valid_from, m.valid_to, @on_day, @at) = ANY(@states))
ORDER BY p.name, p.id, m.valid_from, m.id
LIMIT @max OFFSET @skip;

-- name: Counts :many
SELECT membership_state(m.revoked_at, m.bound_at, m.confirmed_at, m.token_expires_at, m.valid_from, m.valid_to, @on_day, @at)::text AS state, count(*) AS n
FROM membership m
WHERE NOT @of_parties::boolean OR m.organisation_id = ANY(@parties::uuid[])
GROUP BY 1;

-- name: PartyStands :one
-- Whether an organisation is there and has not ended by a day.
SELECT EXISTS (SELECT FROM organisation WHERE id = @id AND (valid_to IS NULL OR valid_to > @on_day));

-- name: PersonStands :one
SELECT name, email, (valid_to IS NULL OR valid_to > @on_day)::boolean AS stands FROM person WHERE id = @id;

-- name: SetToken :exec
UPDATE membership SET token_hash = @token_hash, token_expires_at = @token_expires_at WHERE id = @id;

-- name: Sent :exec
UPDATE membership SET sent_at = @sent_at, sends = sends + 1 WHERE id = @id AND token_hash = @token_hash;

-- name: Move :exec
-- Another version, so that whoever looked before sees that something happened.
UPDATE membership SET version = version + 1 WHERE id = @id;

-- name: Revoke :exec
UPDATE membership SET revoked_at = @at, version = version + 1 WHERE id = @id;

-- name: End :exec
UPDATE membership SET valid_to = @valid_to, version = version + 1 WHERE id = @id;

-- name: Confirm :exec
UPDATE membership SET confirmed_at = @at, confirmed_by = @by, version = version + 1 WHERE id = @id;

-- name: ByToken :one
SELECT id, person_id, bound_at, revoked_at, token_expires_at, valid_to FROM membership WHERE token_hash = @token_hash FOR UPDATE;

-- name: Bind :exec
UPDATE membership SET bound_at = @at, version = version + 1 WHERE id = @id;

-- name: Loosen :exec
-- Who a person is has been taken back: each membership has to be bound and
-- confirmed anew.
UPDATE membership SET bound_at = NULL, confirmed_at = NULL, confirmed_by = NULL, token_hash = NULL, token_expires_at = NULL, version = version + 1
WHERE person_id = @person_id AND bound_at IS NOT NULL AND revoked_at IS NULL;

-- name: IdentityOwner :one
SELECT person_id FROM identity WHERE issuer = @issuer AND subject = @subject;

-- name: AddIdentity :exec
INSERT INTO identity (id, person_id, issuer, subject, bound_at) VALUES (@id, @person_id, @issuer, @subject, @bound_at);

-- name: Identities :many
SELECT id, issuer, bound_at FROM identity WHERE person_id = @person_id ORDER BY bound_at, id;

-- name: RemoveIdentity :execrows
DELETE FROM identity WHERE id = @id AND person_id = @person_id;

-- name: Grants :many
-- The roles a person holds on a day, person and party standing that day: by
-- membership, and by a mandate, which makes one the party's representative for
-- as long as it holds. A membership of the party that was revoked stands above
-- a mandate that somebody has forgotten to end.
WITH held AS (
	SELECT m.tenant_id, m.role, m.person_id, m.organisation_id FROM membership m
	WHERE m.person_id = @person_id AND m.confirmed_at IS NOT NULL AND m.revoked_at IS NULL
		AND m.valid_from <= @on_day AND (m.valid_to IS NULL OR m.valid_to > @on_day)
	UNION
	SELECT d.tenant_id, 'party-representative', d.person_id, d.organisation_id FROM mandate d
	WHERE d.person_id = @person_id AND d.organisation_id IS NOT NULL
		AND d.valid_from <= @on_day AND (d.valid_to IS NULL OR d.valid_to > @on_day)
		AND NOT EXISTS (SELECT FROM membership r WHERE r.tenant_id = d.tenant_id AND r.person_id = d.person_id
			AND r.organisation_id = d.organisation_id AND r.revoked_at IS NOT NULL)
)
SELECT h.role, h.organisation_id
FROM held h
JOIN person p ON p.tenant_id = h.tenant_id AND p.id = h.person_id
LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.organisation_id
WHERE (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)
	AND (o.id IS NULL OR ((o.valid_from IS NULL OR o.valid_from <= @on_day) AND (o.valid_to IS NULL OR o.valid_to > @on_day)))
ORDER BY h.role, h.organisation_id;

-- name: Waiting :many
-- What is bound and not confirmed: who has to confirm is told at sign-in.
SELECT m.id, m.role, m.organisation_id, coalesce(o.name, '')::text AS organisation_name
FROM membership m LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE m.person_id = @person_id AND m.bound_at IS NOT NULL AND m.confirmed_at IS NULL AND m.revoked_at IS NULL
	AND (m.valid_to IS NULL OR m.valid_to > @on_day)
ORDER BY m.id;

-- name: Awaiting :many
-- What waits for one actor: whom he may confirm, whose invitations lead nowhere
-- or have lain for a week, his own roles that end within a month, his own
-- parties that nobody can reach. Each with its day: since, or until.
SELECT 'confirm'::text AS what, count(*) AS n, (min(m.bound_at) AT TIME ZONE 'Europe/Stockholm')::date AS on_day, (array_agg(m.id ORDER BY m.bound_at, m.id))[1]::uuid AS id,
	(array_agg(p.name ORDER BY m.bound_at, m.id))[1]::text AS name, (array_agg(m.role ORDER BY m.bound_at, m.id))[1]::text AS role, false AS email, false AS mailbox
FROM membership m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE m.bound_at IS NOT NULL AND m.confirmed_at IS NULL AND m.revoked_at IS NULL AND (m.valid_to IS NULL OR m.valid_to > sqlc.arg(today)::date)
	AND m.person_id <> sqlc.arg(person)::uuid AND ((m.organisation_id IS NULL AND sqlc.arg(confirms_staff)::boolean) OR (m.organisation_id IS NOT NULL AND sqlc.arg(confirms_all)::boolean) OR m.organisation_id = ANY(sqlc.arg(confirms)::uuid[]))
HAVING count(*) > 0
UNION ALL
SELECT 'expired', count(*), (min(m.token_expires_at) AT TIME ZONE 'Europe/Stockholm')::date,
	(array_agg(m.id ORDER BY m.token_expires_at, m.id))[1], (array_agg(p.name ORDER BY m.token_expires_at, m.id))[1], (array_agg(m.role ORDER BY m.token_expires_at, m.id))[1], false, false
FROM membership m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE m.bound_at IS NULL AND m.revoked_at IS NULL AND (m.valid_to IS NULL OR m.valid_to > sqlc.arg(today)::date) AND m.token_expires_at <= sqlc.arg(at)::timestamptz
	AND (m.role = ANY(sqlc.arg(invites)::text[]) OR (m.role <> 'party-administrator' AND m.organisation_id = ANY(sqlc.arg(invites_for)::uuid[])))
HAVING count(*) > 0
UNION ALL
SELECT 'unanswered', count(*), (min(m.invited_at) AT TIME ZONE 'Europe/Stockholm')::date,
	(array_agg(m.id ORDER BY m.invited_at, m.id))[1], (array_agg(p.name ORDER BY m.invited_at, m.id))[1], (array_agg(m.role ORDER BY m.invited_at, m.id))[1], false, false
FROM membership m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE m.bound_at IS NULL AND m.revoked_at IS NULL AND (m.valid_to IS NULL OR m.valid_to > sqlc.arg(today)::date)
	AND (m.token_expires_at IS NULL OR m.token_expires_at > sqlc.arg(at)::timestamptz) AND m.invited_at <= sqlc.arg(week_ago)::timestamptz
	AND (m.role = ANY(sqlc.arg(invites)::text[]) OR (m.role <> 'party-administrator' AND m.organisation_id = ANY(sqlc.arg(invites_for)::uuid[])))
HAVING count(*) > 0
UNION ALL
SELECT 'ending', 1, m.valid_to, m.id, coalesce(o.name, ''), m.role, false, false
FROM membership m LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE m.person_id = sqlc.arg(person)::uuid AND m.confirmed_at IS NOT NULL AND m.revoked_at IS NULL AND m.valid_from <= sqlc.arg(today)::date AND m.valid_to > sqlc.arg(today)::date AND m.valid_to <= sqlc.arg(today)::date + 30
	AND NOT EXISTS (SELECT FROM membership n WHERE n.tenant_id = m.tenant_id AND n.person_id = m.person_id AND n.role = m.role
		AND n.organisation_id IS NOT DISTINCT FROM m.organisation_id AND n.revoked_at IS NULL AND n.valid_from >= m.valid_to)
UNION ALL
SELECT 'unreachable', 1, NULL, o.id, o.name, '', o.email <> '', o.mailbox <> ''
FROM organisation o
WHERE o.id = ANY(sqlc.arg(parties)::uuid[]) AND (o.email = '' OR o.mailbox = '') AND (o.valid_to IS NULL OR o.valid_to > sqlc.arg(today)::date);
