-- name: List :many
-- Newest first. An actor is told by the name on the person's card, when it is one of the county.
SELECT e.seq, e.at, e.actor, e.request, e.subject, e.row_id, e.action, e.changed, p.body AS personal, p.masked_at, p.masked_reason,
	coalesce(who.name, '')::text AS actor_name
FROM audit_entry e
LEFT JOIN audit_personal p ON p.tenant_id = e.tenant_id AND p.seq = e.seq
LEFT JOIN person who ON who.tenant_id = e.tenant_id AND e.actor = 'person:' || who.id
WHERE (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id) AND (@actor::text = '' OR e.actor = @actor)
	AND e.seq < @before
ORDER BY e.seq DESC LIMIT @max OFFSET @skip;

-- name: Count :one
SELECT count(*) FROM audit_entry e
WHERE (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id) AND (@actor::text = '' OR e.actor = @actor);

-- name: History :many
SELECT e.seq, e.at, e.actor, e.request, e.subject, e.row_id, e.action, e.changed, p.body AS personal, p.masked_at, p.masked_reason,
	coalesce(who.name, '')::text AS actor_name
FROM audit_entry e
LEFT JOIN audit_personal p ON p.tenant_id = e.tenant_id AND p.seq = e.seq
LEFT JOIN person who ON who.tenant_id = e.tenant_id AND e.actor = 'person:' || who.id
WHERE e.subject = @subject AND e.row_id = @row_id
ORDER BY e.seq DESC LIMIT @max OFFSET @skip;

-- name: Mask :one
UPDATE audit_personal SET body = NULL, salt = NULL, masked_at = @masked_at, masked_reason = @masked_reason
WHERE seq = @seq AND body IS NOT NULL RETURNING seq;

-- name: Has :one
SELECT EXISTS (SELECT FROM audit_personal WHERE seq = @seq);

-- name: Head :one
SELECT seq, hash FROM audit_head WHERE tenant_id = @tenant_id;

-- name: Chain :many
-- A stretch of the chain with what each row's hash should be, worked out anew by PostgreSQL.
SELECT e.seq, e.hash, e.personal_digest, p.salt, coalesce(p.body::text, '')::text AS personal, (p.masked_at IS NOT NULL)::boolean AS masked, (p.seq IS NOT NULL)::boolean AS has_personal,
	audit_hash(coalesce((SELECT b.hash FROM audit_entry b WHERE b.tenant_id = e.tenant_id AND b.seq = e.seq - 1), '\x'), e.tenant_id, e.seq, e.at,
		e.actor, e.request, e.subject, e.row_id, e.action, e.changed, e.personal_digest) AS want
FROM audit_entry e LEFT JOIN audit_personal p ON p.tenant_id = e.tenant_id AND p.seq = e.seq
WHERE e.tenant_id = @tenant_id AND e.seq > @after ORDER BY e.seq LIMIT @max;
