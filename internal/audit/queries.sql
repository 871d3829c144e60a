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

-- name: News :many
-- What people did to some sorts of things, newest first, and each version of
-- the configuration. The first condition is the index's own.
SELECT e.seq, e.at, e.actor, e.request, e.subject, e.row_id, e.action,
	CASE WHEN e.action = 'update' THEN e.changed ELSE '{}' END::jsonb AS changed, coalesce(who.name, '')::text AS actor_name
FROM audit_entry e
LEFT JOIN person who ON who.tenant_id = e.tenant_id AND e.actor = 'person:' || who.id
WHERE (starts_with(e.actor, 'person:') OR e.subject = 'county_version') AND e.subject = ANY(@subjects::text[])
ORDER BY e.seq DESC LIMIT @max;

-- name: Names :many
-- What many things are called today, and what each is a part of. A thing that
-- is gone has no row.
WITH asked AS MATERIALIZED (SELECT unnest(@subjects::text[]) AS subject, unnest(@ids::uuid[]) AS id),
of_instrument AS MATERIALIZED (
	SELECT a.subject, a.id, x.instrument_id, '' AS name FROM asked a JOIN instrument_validity x ON x.id = a.id WHERE a.subject = 'instrument_validity'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN instrument_event x ON x.id = a.id WHERE a.subject = 'instrument_event'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.name FROM asked a JOIN instrument_text x ON x.id = a.id WHERE a.subject = 'instrument_text'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN instrument_count x ON x.id = a.id WHERE a.subject = 'instrument_count'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN draft_choice x ON x.id = a.id WHERE a.subject = 'draft_choice'
	UNION ALL SELECT a.subject, a.id, x.later_id, '' FROM asked a JOIN instrument_succession x ON x.id = a.id WHERE a.subject = 'instrument_succession'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.body FROM asked a JOIN adoption x ON x.id = a.id WHERE a.subject = 'adoption'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN instrument_lead x ON x.id = a.id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'instrument_lead'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN participation x ON x.id = a.id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'participation'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN signature s ON s.id = a.id
		JOIN participation x ON x.tenant_id = s.tenant_id AND x.id = s.participation_id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'signature'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, coalesce((SELECT n.name FROM goal_version n WHERE n.tenant_id = x.tenant_id AND n.goal_id = x.id
			ORDER BY n.valid_from DESC NULLS LAST LIMIT 1), '')
		FROM asked a JOIN goal x ON x.id = a.id WHERE a.subject = 'goal'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.name FROM asked a JOIN goal_version x ON x.id = a.id WHERE a.subject = 'goal_version'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN goal_note x ON x.id = a.id WHERE a.subject = 'goal_note'
	UNION ALL SELECT a.subject, a.id, g.instrument_id, '' FROM asked a JOIN goal_link x ON x.id = a.id
		JOIN goal g ON g.tenant_id = x.tenant_id AND g.id = x.from_id WHERE a.subject = 'goal_link'
)
SELECT a.subject::text AS subject, a.id::uuid AS id, 'organisation'::text AS whole_subject, o.id::uuid AS whole_id, o.name::text AS whole,
	o.name::text AS name, ''::text AS role, NULL::uuid AS party_id, ''::text AS party
FROM asked a JOIN organisation o ON o.id = a.id WHERE a.subject = 'organisation'
UNION ALL SELECT a.subject, a.id, 'organisation', o.id, o.name, o.name, '', NULL, ''
FROM asked a JOIN succession x ON x.id = a.id JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.predecessor_id WHERE a.subject = 'succession'
UNION ALL SELECT a.subject, a.id, 'person', p.id, p.name, p.name, '', NULL, ''
FROM asked a JOIN person p ON p.id = a.id WHERE a.subject = 'person'
UNION ALL SELECT a.subject, a.id, 'person', p.id, p.name, p.name, '', NULL, ''
FROM asked a JOIN identity x ON x.id = a.id JOIN person p ON p.tenant_id = x.tenant_id AND p.id = x.person_id WHERE a.subject = 'identity'
UNION ALL SELECT a.subject, a.id, 'membership', m.id, p.name, p.name, m.role, m.organisation_id, coalesce(o.name, '')
FROM asked a JOIN membership m ON m.id = a.id JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id WHERE a.subject = 'membership'
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document d ON d.id = a.id WHERE a.subject = 'document' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document_version x ON x.id = a.id JOIN document d ON d.tenant_id = x.tenant_id AND d.id = x.document_id WHERE a.subject = 'document_version' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document_about x ON x.id = a.id JOIN document d ON d.tenant_id = x.tenant_id AND d.id = x.document_id WHERE a.subject = 'document_about' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'instrument', i.id, i.title, i.title, '', NULL, ''
FROM asked a JOIN instrument i ON i.id = a.id WHERE a.subject = 'instrument'
UNION ALL SELECT x.subject, x.id, 'instrument', i.id, i.title, coalesce(nullif(x.name, ''), i.title), '', NULL, ''
FROM of_instrument x JOIN instrument i ON i.id = x.instrument_id
UNION ALL SELECT a.subject, a.id, 'network', n.id, n.name, n.name, '', NULL, ''
FROM asked a JOIN network n ON n.id = a.id WHERE a.subject = 'network'
UNION ALL SELECT a.subject, a.id, 'network', n.id, n.name, n.name, '', NULL, ''
FROM asked a JOIN network_goal x ON x.id = a.id JOIN network n ON n.tenant_id = x.tenant_id AND n.id = x.network_id WHERE a.subject = 'network_goal'
UNION ALL SELECT a.subject, a.id, 'local_agreement', l.id, l.title, l.title, '', NULL, ''
FROM asked a JOIN local_agreement l ON l.id = a.id WHERE a.subject = 'local_agreement'
UNION ALL SELECT a.subject, a.id, 'local_agreement', l.id, l.title, l.title, '', NULL, ''
FROM asked a JOIN local_party x ON x.id = a.id JOIN local_agreement l ON l.tenant_id = x.tenant_id AND l.id = x.local_agreement_id WHERE a.subject = 'local_party'
UNION ALL SELECT a.subject, a.id, 'mandate', m.id, p.name, p.name, '', m.organisation_id, coalesce(o.name, '')
FROM asked a JOIN mandate m ON m.id = a.id JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id WHERE a.subject = 'mandate'
UNION ALL SELECT a.subject, a.id, 'seat_offer', x.id, o.name, o.name, '', x.organisation_id, o.name
FROM asked a JOIN seat_offer x ON x.id = a.id JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'seat_offer'
UNION ALL SELECT a.subject, a.id, 'handover', h.id, p.name, p.name, '', m.organisation_id, ''
FROM asked a JOIN handover h ON h.id = a.id JOIN mandate m ON m.tenant_id = h.tenant_id AND m.id = h.from_id
	JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE a.subject = 'handover'
UNION ALL SELECT a.subject, a.id, 'handover', h.id, p.name, p.name, '', m.organisation_id, ''
FROM asked a JOIN handover_item x ON x.id = a.id JOIN handover h ON h.tenant_id = x.tenant_id AND h.id = x.handover_id
	JOIN mandate m ON m.tenant_id = h.tenant_id AND m.id = h.from_id
	JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE a.subject = 'handover_item';
