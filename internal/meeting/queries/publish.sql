-- name: PublishDay :exec
UPDATE meeting SET published = true, version = version + 1 WHERE id = @id AND NOT published;

-- name: PublishItems :exec
-- Nor what has a paragraph that is masked.
UPDATE agenda_item i SET published = true, version = i.version + 1 WHERE i.meeting_id = @meeting_id AND NOT i.confidential AND NOT i.published
	AND NOT EXISTS (SELECT FROM minutes_paragraph p WHERE p.tenant_id = i.tenant_id AND p.item_id = i.id AND p.confidential);

-- name: PublishDecisions :exec
UPDATE decision d SET published = true, version = d.version + 1 WHERE d.meeting_id = @meeting_id AND NOT d.confidential AND NOT d.published
	AND NOT EXISTS (SELECT FROM minutes_paragraph p WHERE p.tenant_id = d.tenant_id AND p.item_id = d.item_id AND p.confidential);

-- name: WithholdItem :exec
-- A matter and its decision are no longer for the public: their paragraph is masked.
WITH matter AS (
	UPDATE agenda_item i SET published = false, version = i.version + 1 WHERE i.id = @item_id AND i.published
)
UPDATE decision d SET published = false, version = d.version + 1 WHERE d.item_id = @item_id AND d.published;

-- name: PublishParagraphs :exec
-- The public reads the text that was attested; of what is confidential only that it
-- is masked, or what somebody has written in its place.
UPDATE minutes_paragraph SET published = true, version = version + 1,
	public_heading = CASE WHEN NOT confidential THEN heading WHEN public_heading <> '' THEN public_heading ELSE @masked::text END,
	public_wording = CASE WHEN confidential THEN public_wording ELSE wording END
WHERE meeting_id = @meeting_id AND NOT published;

-- name: PublishAmendments :exec
UPDATE amendment a SET published = true WHERE a.meeting_id = @meeting_id AND NOT a.published
	AND NOT EXISTS (SELECT FROM minutes_paragraph p WHERE p.tenant_id = a.tenant_id AND p.id = a.paragraph_id AND p.confidential);

-- name: PublishedMinutes :one
UPDATE meeting SET state = 'published', published_at = @published_at, published = true, version = version + 1 WHERE id = @id RETURNING *;

-- name: PublicMeetings :many
SELECT id, body, kind, state, title, on_day, begins, ends, location, opened_at, closed_at, adjusted_at, published_at, cancelled_at, imported, demo, source, count(*) OVER () AS total
FROM meeting m
WHERE m.tenant_id = @tenant_id AND m.published AND (@body::text = '' OR m.body = @body)
	AND (sqlc.narg('from_day')::date IS NULL OR m.on_day >= sqlc.narg('from_day')) AND (sqlc.narg('to_day')::date IS NULL OR m.on_day < sqlc.narg('to_day'))
	AND (NOT @ahead::boolean OR m.on_day >= @today AND m.state IN ('announced', 'draft', 'called', 'open'))
	AND (NOT @over::boolean OR m.on_day < @today OR m.state NOT IN ('announced', 'draft', 'called', 'open'))
ORDER BY CASE WHEN @rising::boolean THEN m.on_day END, CASE WHEN NOT @rising::boolean THEN m.on_day END DESC, m.begins, m.id LIMIT @max OFFSET @skip;

-- name: PublicMeeting :one
SELECT id, body, kind, state, title, on_day, begins, ends, location, opened_at, closed_at, adjusted_at, published_at, cancelled_at, imported, demo, source
FROM meeting WHERE id = @id AND published;

-- name: PublicItems :many
SELECT id, kind, title, background, proposal, rapporteur, prepared_by, outcome, result, registry_number FROM agenda_item WHERE meeting_id = @meeting_id AND published ORDER BY position, id;

-- name: PublicParagraphs :many
SELECT id, item_id, number, public_heading, public_wording FROM minutes_paragraph WHERE meeting_id = @meeting_id AND published ORDER BY number;

-- name: PublicAmendments :many
SELECT number, paragraph_id, on_day, wording, ground FROM amendment WHERE meeting_id = @meeting_id AND published ORDER BY number;

-- name: PublicDecisions :many
SELECT d.id, d.meeting_id, d.item_id, d.body, d.year, d.number, d.title, d.wording, d.outcome, d.decided_on, d.effective_on, d.owner, coalesce(o.name, '')::text AS party, d.due_on, d.status,
	d.status_on, d.registry_number, d.ratification, d.revises_id, d.imported, d.demo, d.source, count(*) OVER () AS total
FROM decision d LEFT JOIN organisation o ON o.tenant_id = d.tenant_id AND o.id = d.owner_id
WHERE d.tenant_id = @tenant_id AND d.published AND (@meeting_id::uuid = '00000000-0000-0000-0000-000000000000' OR d.meeting_id = @meeting_id)
	AND (@id::uuid = '00000000-0000-0000-0000-000000000000' OR d.id = @id) AND (@body::text = '' OR d.body = @body) AND (@year::int = 0 OR d.year = @year)
ORDER BY d.decided_on DESC, d.number DESC, d.id LIMIT @max OFFSET @skip;
