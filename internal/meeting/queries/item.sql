-- name: Item :one
SELECT * FROM agenda_item WHERE id = @id;

-- name: LockItem :one
SELECT * FROM agenda_item WHERE id = @id FOR UPDATE;

-- name: AgendaOf :many
-- A meeting's agenda in its order, confidential matters among them.
SELECT * FROM agenda_item WHERE meeting_id = @meeting_id ORDER BY position, id;

-- name: Items :many
-- What waits for a body, or ('') for all: what everybody has proposed, or what some parties and one person have.
SELECT sqlc.embed(i), count(*) OVER () AS total FROM agenda_item i
WHERE i.tenant_id = @tenant_id AND (@body::text = '' OR i.body = @body)
	AND (@every::boolean OR i.organisation_id = ANY (@parties::uuid[]) OR i.proposed_by = @person_id)
	AND (i.state = ANY (@states::text[]) OR cardinality(@states::text[]) = 0 AND (i.meeting_id IS NULL AND i.state IN ('proposed', 'waiting') AND i.outcome = ''
		OR i.state = 'postponed' AND NOT EXISTS (SELECT FROM agenda_item l WHERE l.tenant_id = i.tenant_id AND l.from_id = i.id AND l.body = i.body AND l.state <> 'withdrawn')))
ORDER BY i.id LIMIT @max OFFSET @skip;

-- name: AddItem :one
-- A new matter, last on its meeting's agenda.
INSERT INTO agenda_item (id, body, meeting_id, position, kind, title, background, proposal, rapporteur, duration, organisation_id, proposed_by, proposed_at,
	prepared_by, from_id, standing, confidential, state, registry_number, act, act_body, demo)
VALUES (@id, @body, @meeting_id, CASE WHEN sqlc.narg('meeting_id')::uuid IS NULL THEN 0 ELSE
		(SELECT coalesce(max(o.position), 0) + 10 FROM agenda_item o WHERE o.meeting_id = @meeting_id) END,
	@kind, @title, @background, @proposal, @rapporteur, @duration, @organisation_id, @proposed_by, @proposed_at,
	@prepared_by, @from_id, @standing, @confidential, @state, @registry_number, @act, @act_body, @demo) RETURNING *;

-- name: ChangeItem :one
UPDATE agenda_item SET kind = @kind, title = @title, background = @background, proposal = @proposal, rapporteur = @rapporteur, duration = @duration,
	organisation_id = @organisation_id, prepared_by = @prepared_by, confidential = @confidential, published = published AND NOT @confidential::boolean,
	registry_number = @registry_number, act = @act, act_body = @act_body, version = version + 1
WHERE id = @id RETURNING *;

-- name: MoveItem :one
-- To a meeting's agenda, last; or from it.
UPDATE agenda_item i SET meeting_id = @meeting_id, state = @state, reason = @reason, position = CASE WHEN sqlc.narg('meeting_id')::uuid IS NULL THEN 0 ELSE
		(SELECT coalesce(max(o.position), 0) + 10 FROM agenda_item o WHERE o.meeting_id = @meeting_id) END, version = i.version + 1
WHERE i.id = @id RETURNING *;

-- name: SettleItem :one
-- It is done with where it stands.
UPDATE agenda_item SET state = @state, outcome = @outcome, reason = @reason, closed_at = coalesce(closed_at, @closed_at), version = version + 1 WHERE id = @id RETURNING *;

-- name: ReturnItems :exec
-- All that was to be taken up waits again.
UPDATE agenda_item SET meeting_id = NULL, position = 0, state = CASE state WHEN 'planned' THEN 'waiting' ELSE state END, version = version + 1
WHERE meeting_id = @meeting_id AND NOT standing;

-- name: DropStanding :exec
-- What stands on every agenda waits for none.
UPDATE agenda_item SET meeting_id = NULL, position = 0, state = 'withdrawn', reason = @reason, version = version + 1 WHERE meeting_id = @meeting_id AND standing;

-- name: ArrangeItems :exec
UPDATE agenda_item i SET position = (o.nr * 10)::int, version = version + 1
FROM unnest(@ids::uuid[]) WITH ORDINALITY AS o(id, nr) WHERE i.id = o.id AND i.meeting_id = @meeting_id AND i.position <> o.nr * 10;

-- name: Onward :many
-- What came of a matter elsewhere: the matters that came from it, and from those.
WITH RECURSIVE above AS (
	SELECT i.tenant_id, i.id, 1 AS step FROM agenda_item i WHERE i.tenant_id = @tenant_id AND i.from_id = @id
	UNION ALL
	SELECT i.tenant_id, i.id, a.step + 1 FROM agenda_item i JOIN above a ON i.tenant_id = a.tenant_id AND i.from_id = a.id WHERE a.step < 20
)
SELECT sqlc.embed(i), d.id AS decision_id, d.year, coalesce(d.series, '')::text AS series, d.number FROM above a
JOIN agenda_item i ON i.tenant_id = a.tenant_id AND i.id = a.id
LEFT JOIN decision d ON d.tenant_id = i.tenant_id AND d.item_id = i.id
ORDER BY a.step, i.id;

-- name: DutiesOn :many
-- What a body shall raise on a day, by standing decision.
SELECT * FROM duty WHERE body = @body AND valid_from <= @on_day AND (valid_to IS NULL OR valid_to > @on_day) ORDER BY valid_from, id;

-- name: KeepCalled :exec
-- The agenda as it is called now.
INSERT INTO agenda_called (id, meeting_id, sequence, item_id, position, kind, title, proposal)
SELECT n.id, i.meeting_id, @sequence, i.id, i.position, i.kind, i.title, i.proposal
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@items::uuid[]) AS item_id) n JOIN agenda_item i ON i.id = n.item_id AND i.meeting_id = @meeting_id;

-- name: CalledAgenda :many
-- The agenda as it was last called, with what is known of each matter now.
SELECT sqlc.embed(c), i.confidential, i.meeting_id FROM agenda_called c JOIN agenda_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id
WHERE c.meeting_id = @meeting_id AND c.sequence = (SELECT max(l.sequence) FROM agenda_called l WHERE l.meeting_id = @meeting_id)
ORDER BY c.position, c.item_id;
