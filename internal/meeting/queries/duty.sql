-- name: AddDuty :one
INSERT INTO duty (id, decision_id, body, wording, valid_from, valid_to) VALUES (@id, @decision_id, @body, @wording, @valid_from, @valid_to) RETURNING *;

-- name: Duty :one
SELECT * FROM duty WHERE id = @id;

-- name: EndDuty :one
UPDATE duty SET valid_to = @valid_to, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: DutiesLaid :many
-- What a decision lays on meetings to come.
SELECT * FROM duty WHERE decision_id = @decision_id ORDER BY valid_from, id;

-- name: Duties :many
-- The standing duties of a body on a day, or those of a decision, for who may see
-- the decision, and for those who sit in the body that is to raise it.
SELECT sqlc.embed(u), d.title, d.year, d.number, d.body AS decided_by, d.decided_on FROM duty u
JOIN decision d ON d.tenant_id = u.tenant_id AND d.id = u.decision_id
JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
WHERE (@body::text = '' OR u.body = @body)
	AND (@decision_id::uuid = '00000000-0000-0000-0000-000000000000' OR u.decision_id = @decision_id)
	AND (sqlc.narg('on_day')::date IS NULL OR u.valid_from <= sqlc.narg('on_day') AND (u.valid_to IS NULL OR u.valid_to > sqlc.narg('on_day')))
	AND (@makes::boolean OR d.published OR (@reads::boolean AND NOT d.confidential)
		OR EXISTS (SELECT FROM invitation i WHERE i.tenant_id = d.tenant_id AND i.meeting_id = d.meeting_id AND i.person_id = @person_id
			AND (NOT d.confidential OR i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL))
		OR EXISTS (SELECT FROM mandate a WHERE a.tenant_id = d.tenant_id AND a.person_id = @person_id
			AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day)
			AND (a.body = d.body AND (NOT d.confidential OR NOT a.deputy) OR a.body = u.body AND NOT d.confidential)))
ORDER BY u.valid_from, u.id;
