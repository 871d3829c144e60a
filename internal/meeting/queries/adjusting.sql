-- name: Adjustings :many
-- Who attests, in order: all of it, and single paragraphs.
SELECT sqlc.embed(a), p.name, p.title, coalesce(o.name, '')::text AS party, (p.valid_to IS NOT NULL AND p.valid_to <= @today)::boolean AS gone FROM adjusting a
JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.person_id
LEFT JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.organisation_id
WHERE a.meeting_id = @meeting_id ORDER BY a.position, a.id;

-- name: ChooseAdjuster :exec
-- Chosen again one keeps what one has attested.
INSERT INTO adjusting (id, meeting_id, paragraph_id, person_id, organisation_id, role, position) VALUES (@id, @meeting_id, @paragraph_id, @person_id, @organisation_id, @role, @position)
ON CONFLICT ON CONSTRAINT adjusting_once DO UPDATE SET organisation_id = excluded.organisation_id, role = excluded.role, position = excluded.position, version = adjusting.version + 1;

-- name: DropAdjusters :exec
-- Those who are not chosen any longer.
DELETE FROM adjusting WHERE meeting_id = @meeting_id AND paragraph_id IS NULL AND person_id <> ALL (@people::uuid[]);

-- name: AskedAdjuster :one
-- Asked to read the text as it stands now: what was said of an older one holds no longer.
UPDATE adjusting SET asked_at = @asked_at, adjusted_at = NULL, hash = NULL, declined_at = NULL, reason = '', version = version + 1 WHERE id = @id RETURNING *;

-- name: AttestedAdjuster :exec
UPDATE adjusting SET adjusted_at = @adjusted_at, hash = @hash, declined_at = NULL, reason = '', version = version + 1 WHERE id = @id;

-- name: DeclinedAdjuster :one
UPDATE adjusting SET adjusted_at = NULL, hash = NULL, declined_at = @declined_at, reason = @reason, version = version + 1 WHERE id = @id RETURNING *;

-- name: RecallAdjusters :exec
-- Those who were asked are asked no longer: it is being written again.
UPDATE adjusting SET asked_at = NULL, version = version + 1 WHERE meeting_id = @meeting_id AND paragraph_id IS NOT DISTINCT FROM sqlc.narg('paragraph_id')::uuid AND asked_at IS NOT NULL;

-- name: AddAmendment :one
INSERT INTO amendment (id, meeting_id, number, paragraph_id, on_day, wording, ground, made_by, made_at, published)
VALUES (@id, @meeting_id, (SELECT 1 + coalesce(max(o.number), 0) FROM amendment o WHERE o.meeting_id = @meeting_id), @paragraph_id, @on_day, @wording, @ground, @made_by, @made_at, @published)
RETURNING *;

-- name: Amendments :many
SELECT sqlc.embed(a), coalesce(p.name, '')::text AS name FROM amendment a LEFT JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.made_by
WHERE a.meeting_id = @meeting_id ORDER BY a.number;

-- name: AddSharing :one
INSERT INTO sharing (id, meeting_id, decision_id, document_id, kind, organisation_id, recipient, note, registry_number, unregistered_reason, shared_by, shared_at)
VALUES (@id, @meeting_id, @decision_id, @document_id, @kind, @organisation_id, @recipient, @note, @registry_number, @unregistered_reason, @shared_by, @shared_at) RETURNING *;

-- name: Sharing :one
SELECT * FROM sharing WHERE id = @id;

-- name: Sharings :many
SELECT * FROM sharing WHERE meeting_id = @meeting_id ORDER BY shared_at, id;

-- name: RepliedSharing :one
UPDATE sharing SET reply = @reply, replied_on = @replied_on, reply_registry = @reply_registry, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: Adjusting :one
-- One who attests, with the paragraph.
SELECT sqlc.embed(a), p.name, coalesce(g.number, 0)::integer AS number, coalesce(g.heading, '')::text AS heading, coalesce(g.confidential, false)::boolean AS confidential FROM adjusting a
JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.person_id
LEFT JOIN minutes_paragraph g ON g.tenant_id = a.tenant_id AND g.id = a.paragraph_id
WHERE a.id = @id;

-- name: MinutesAwaited :many
-- What of minutes waits for a person, in one meeting or (zero) in all: to attest what
-- he has been asked to, to mend what has been sent back, to write what has no draft.
-- The last two wait for who makes meetings, and for who leads or notes at that one.
SELECT sqlc.embed(m), w.what, w.name, w.reason, coalesce(g.number, 0)::integer AS number FROM (
	SELECT 'attest'::text AS what, a.tenant_id, a.meeting_id, a.paragraph_id, ''::text AS name, ''::text AS reason, a.asked_at AS since FROM adjusting a
	WHERE a.tenant_id = @tenant_id AND a.person_id = @person_id AND a.asked_at IS NOT NULL AND a.adjusted_at IS NULL AND a.declined_at IS NULL
	UNION ALL
	SELECT 'returned', a.tenant_id, a.meeting_id, a.paragraph_id, p.name, a.reason, a.declined_at FROM adjusting a
	JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.person_id
	WHERE a.tenant_id = @tenant_id AND a.declined_at IS NOT NULL
		AND NOT EXISTS (SELECT FROM adjusting o WHERE o.tenant_id = a.tenant_id AND o.meeting_id = a.meeting_id AND o.paragraph_id IS NOT DISTINCT FROM a.paragraph_id
			AND o.asked_at IS NOT NULL AND o.adjusted_at IS NULL AND o.declined_at IS NULL)
	UNION ALL
	SELECT 'draft', c.tenant_id, c.id, NULL, '', '', c.closed_at FROM meeting c WHERE c.tenant_id = @tenant_id AND c.state = 'closed'
) w
JOIN meeting m ON m.tenant_id = w.tenant_id AND m.id = w.meeting_id
LEFT JOIN minutes_paragraph g ON g.tenant_id = w.tenant_id AND g.id = w.paragraph_id
WHERE (@meeting_id::uuid = '00000000-0000-0000-0000-000000000000' OR m.id = @meeting_id)
	AND (w.what = 'attest' OR @makes::boolean OR m.chair_id = @person_id OR m.secretary_id = @person_id)
	AND CASE w.what WHEN 'draft' THEN true ELSE m.state = 'drafted' OR w.paragraph_id IS NOT NULL AND m.state IN ('open', 'closed') END
	AND g.adjusted_at IS NULL
ORDER BY array_position(ARRAY['attest', 'returned', 'draft'], w.what), w.since, m.id, g.number LIMIT @most;
