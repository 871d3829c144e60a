-- name: NextDecision :one
-- The next number of a body, year and series. The row is the lock that puts two who
-- decide at once in order.
INSERT INTO decision_count (body, year, series, latest) VALUES (@body, @year, @series, 1)
ON CONFLICT (tenant_id, body, year, series) DO UPDATE SET latest = decision_count.latest + 1 RETURNING latest;

-- name: AddDecision :one
INSERT INTO decision (id, meeting_id, item_id, body, year, series, number, title, wording, outcome, reckoning, decided_on, effective_on, owner_id, owner, due_on, status, status_on,
	registry_number, ratification, revises_id, act, act_body, confidential, demo)
VALUES (@id, @meeting_id, @item_id, @body, @year, @series, @number, @title, @wording, @outcome, @reckoning, @decided_on, @effective_on, @owner_id, @owner, @due_on, @status, @status_on,
	@registry_number, @ratification, @revises_id, @act, @act_body, @confidential, @demo)
RETURNING *;

-- name: Decision :one
SELECT sqlc.embed(d), sqlc.embed(m) FROM decision d JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id WHERE d.id = @id;

-- name: DecisionOfItem :one
SELECT id FROM decision WHERE item_id = @item_id;

-- name: DecisionsOfMeeting :many
SELECT * FROM decision WHERE meeting_id = @meeting_id ORDER BY year, series, number;

-- name: ActedDecision :one
UPDATE decision SET acted_at = @acted_at, acted_on = @acted_on, status = @status, status_on = @status_on, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: DecisionStatus :one
UPDATE decision SET status = @status, status_on = @status_on, status_note = @status_note, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: AssignDecision :one
UPDATE decision SET owner_id = @owner_id, owner = @owner, due_on = @due_on, registry_number = @registry_number, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: RewordDecision :one
UPDATE decision SET title = @title, wording = @wording, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: Decisions :many
-- The register, latest first, of what the actor may see: no trace of the rest, in
-- the total neither.
SELECT sqlc.embed(d), count(*) OVER () AS total FROM decision d JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
WHERE d.tenant_id = @tenant_id
	AND (@makes::boolean OR d.published
		OR (@reads::boolean AND NOT d.confidential)
		OR EXISTS (SELECT FROM invitation i WHERE i.tenant_id = d.tenant_id AND i.meeting_id = d.meeting_id AND i.person_id = @person_id
			AND (NOT d.confidential OR i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL))
		OR EXISTS (SELECT FROM mandate a WHERE a.tenant_id = d.tenant_id AND a.person_id = @person_id AND a.body = d.body
			AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day) AND (NOT d.confidential OR NOT a.deputy)))
	AND (@meeting_id::uuid = '00000000-0000-0000-0000-000000000000' OR d.meeting_id = @meeting_id)
	AND (@body::text = '' OR d.body = @body) AND (@year::int = 0 OR d.year = @year)
	AND (@status::text = '' OR d.status = @status) AND (@acted_on::text = '' OR d.acted_on = @acted_on)
	AND (@waiting::boolean IS FALSE OR d.act <> '' AND d.acted_at IS NULL AND d.outcome = 'carried')
	AND (sqlc.narg('before_day')::date IS NULL OR d.due_on < sqlc.narg('before_day'))
	AND (sqlc.narg('to_day')::date IS NULL OR d.decided_on < sqlc.narg('to_day'))
	AND (@party::uuid = '00000000-0000-0000-0000-000000000000' OR d.owner_id = @party
		OR EXISTS (SELECT FROM ratification r WHERE r.tenant_id = d.tenant_id AND r.decision_id = d.id AND r.organisation_id = @party))
	AND (cardinality(@words::text[]) = 0 OR d.id IN (
		SELECT f.decision_id FROM (
			SELECT w.decision_id, q.a FROM unnest(@words::text[]) AS q (a)
			JOIN decision_word w ON w.tenant_id = @tenant_id AND w.word >= q.a AND w.word < q.a || U&'\FFFF'
			UNION
			SELECT w.decision_id, q.a FROM unnest(@words::text[]) AS q (a)
			JOIN decision_word w ON w.tenant_id = @tenant_id AND w.word = coalesce((ts_lexize('swedish_stem', q.a))[1], q.a)
		) f GROUP BY f.decision_id HAVING count(DISTINCT f.a) = cardinality(@words::text[])))
ORDER BY CASE WHEN @by_due::boolean THEN d.due_on END NULLS LAST, d.decided_on DESC, d.number DESC, d.id LIMIT @max OFFSET @skip;

-- name: AddDecisionWords :exec
INSERT INTO decision_word (word, decision_id)
SELECT DISTINCT f.form, @decision_id::uuid FROM unnest(@words::text[]) AS w (word),
	LATERAL (VALUES (w.word), (coalesce((ts_lexize('swedish_stem', w.word))[1], w.word))) AS f (form)
ON CONFLICT (tenant_id, word, decision_id) DO NOTHING;

-- name: ForgetDecisionWords :exec
DELETE FROM decision_word WHERE decision_id = @decision_id;
