-- name: AskRatification :exec
INSERT INTO ratification (id, decision_id, organisation_id, asked_on, due_on)
SELECT unnest(@ids::uuid[]), @decision_id::uuid, unnest(@organisations::uuid[]), @asked_on::date, sqlc.narg('due_on')::date
ON CONFLICT (tenant_id, decision_id, organisation_id) DO NOTHING;

-- name: Ratification :one
SELECT sqlc.embed(r), o.name AS party,
	coalesce((SELECT jsonb_agg(jsonb_build_object('answer', e.answer, 'answeredOn', e.answered_on, 'reference', e.reference, 'note', e.note, 'reason', e.reason, 'correctedAt', e.corrected_at) ORDER BY e.version)
		FROM ratification_earlier e WHERE e.tenant_id = r.tenant_id AND e.ratification_id = r.id), '[]')::jsonb AS earlier
FROM ratification r JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id WHERE r.id = @id;

-- name: Ratified :one
UPDATE ratification SET anchored_with = @anchored_with, anchored_on = @anchored_on, answer = @answer, answered_on = @answered_on, reference = @reference, note = @note,
	version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: KeepAnswer :exec
-- What is corrected once of a version is not corrected twice: who comes second finds
-- another version.
INSERT INTO ratification_earlier (id, ratification_id, version, answer, answered_on, reference, note, reason, corrected_at)
VALUES (@id, @ratification_id, @version, @answer, @answered_on, @reference, @note, @reason, @corrected_at)
ON CONFLICT ON CONSTRAINT ratification_earlier_once DO NOTHING;

-- name: RatifyBy :many
-- By when the parties are asked to decide at home.
SELECT DISTINCT due_on FROM ratification WHERE decision_id = @decision_id AND due_on IS NOT NULL ORDER BY due_on;

-- name: Answered :many
-- The parties that have decided on a decision at home.
SELECT o.name FROM ratification r JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
WHERE r.decision_id = @decision_id AND r.answer <> '' ORDER BY o.name, o.id;

-- name: Unratified :many
-- The parties that have not ratified a decision.
SELECT o.name, r.answer FROM ratification r JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
WHERE r.decision_id = @decision_id AND r.answer <> 'ratified' ORDER BY o.name, o.id;

-- name: Ratifications :many
-- Asked of the parties, what waits first. A confidential decision is there for
-- those who may see it alone; a party sees what it is asked itself.
SELECT sqlc.embed(r), o.name AS party, d.title, d.wording, d.body, d.year, d.number, d.decided_on, m.on_day, count(*) OVER () AS total,
	coalesce((SELECT jsonb_agg(jsonb_build_object('answer', e.answer, 'answeredOn', e.answered_on, 'reference', e.reference, 'note', e.note, 'reason', e.reason, 'correctedAt', e.corrected_at) ORDER BY e.version)
		FROM ratification_earlier e WHERE e.tenant_id = r.tenant_id AND e.ratification_id = r.id), '[]')::jsonb AS earlier
FROM ratification r
JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
JOIN decision d ON d.tenant_id = r.tenant_id AND d.id = r.decision_id
JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
WHERE r.tenant_id = @tenant_id
	AND (@makes::boolean OR d.published
		OR ((@reads::boolean OR r.organisation_id = ANY (@parties::uuid[])) AND NOT d.confidential)
		OR EXISTS (SELECT FROM invitation i WHERE i.tenant_id = d.tenant_id AND i.meeting_id = d.meeting_id AND i.person_id = @person_id
			AND (NOT d.confidential OR i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL))
		OR EXISTS (SELECT FROM mandate a WHERE a.tenant_id = d.tenant_id AND a.person_id = @person_id AND a.body = d.body
			AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day) AND (NOT d.confidential OR NOT a.deputy)))
	AND (@decision_id::uuid = '00000000-0000-0000-0000-000000000000' OR r.decision_id = @decision_id)
	AND (@organisation_id::uuid = '00000000-0000-0000-0000-000000000000' OR r.organisation_id = @organisation_id)
	AND (@answer::text = '' OR r.answer = CASE @answer WHEN 'awaited' THEN '' ELSE @answer END)
ORDER BY (r.answer <> ''), r.due_on NULLS LAST, d.decided_on DESC, o.name, r.id LIMIT @max OFFSET @skip;
