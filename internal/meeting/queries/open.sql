-- name: ShareMeeting :one
-- Whoever adds something to a meeting holds its row beside others who do; whoever
-- settles something there waits for them.
SELECT * FROM meeting WHERE id = @id FOR SHARE;

-- name: OpenedMeeting :one
UPDATE meeting SET state = 'open', opened_at = coalesce(opened_at, @opened_at), version = version + 1 WHERE id = @id RETURNING *;

-- name: ClosedMeeting :one
UPDATE meeting SET state = 'closed', closed_at = @closed_at, county_version = @county_version::bigint, item_id = NULL, version = version + 1 WHERE id = @id RETURNING *;

-- name: ReopenedMeeting :one
UPDATE meeting SET state = 'open', closed_at = NULL, county_version = NULL, version = version + 1 WHERE id = @id RETURNING *;

-- name: PutOnTable :one
-- What a meeting has on its table; nothing, when it has left it.
UPDATE meeting SET item_id = @item_id, version = version + 1 WHERE id = @id RETURNING *;

-- name: LiveItem :one
SELECT * FROM agenda_item WHERE id = @id;

-- name: LiveItems :many
SELECT * FROM agenda_item WHERE meeting_id = @meeting_id ORDER BY position, id;

-- name: TakenUp :one
UPDATE agenda_item SET state = 'on-table', outcome = '', opened_at = @opened_at, closed_at = NULL, version = version + 1 WHERE id = @id RETURNING *;

-- name: LeftTable :exec
-- What was on the table and has not been settled goes back among what is planned.
UPDATE agenda_item SET state = 'planned', version = version + 1 WHERE meeting_id = @meeting_id AND state = 'on-table' AND id <> @id;

-- name: SettledItem :one
UPDATE agenda_item SET state = @state, outcome = @outcome, reason = @reason, result = @result, closed_at = @closed_at, short = @short, short_counted = @short_counted, short_needed = @short_needed, version = version + 1 WHERE id = @id RETURNING *;

-- name: ConcealClosed :exec
-- What the body's rule made public when the meeting closed no longer is.
WITH items AS (
	UPDATE agenda_item a SET published = false, version = a.version + 1 WHERE @items::boolean AND a.meeting_id = @meeting_id AND a.published
)
UPDATE decision d SET published = false, version = d.version + 1 WHERE @decisions::boolean AND d.meeting_id = @meeting_id AND d.published;

-- name: NextMeeting :one
-- The body's next meeting whose agenda can still be made.
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND body = @body AND kind = 'meeting' AND on_day > @on_day AND state IN ('announced', 'draft') ORDER BY on_day, id LIMIT 1;
