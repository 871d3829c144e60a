-- name: AddPastMeeting :one
-- A meeting of before. Of when it was called and held only the day is known.
INSERT INTO meeting (id, body, kind, state, announced_at, title, on_day, called_at, opened_at, imported, source)
VALUES (@id, @body, 'meeting', 'open', sqlc.narg('announced_at'), @title, @on_day, @at::timestamptz, @at::timestamptz, true, @source) RETURNING *;

-- name: AddPastItem :exec
INSERT INTO agenda_item (id, body, meeting_id, position, kind, title, state, reason, outcome, result, imported)
VALUES (@id, @body, @meeting_id, @position, @kind, @title, @state, @reason, @outcome, @result, true);

-- name: AddPastDecision :exec
INSERT INTO decision (id, meeting_id, item_id, body, year, number, title, wording, outcome, reckoning, decided_on, effective_on, owner_id, owner, due_on, status, act, act_body,
	acted_at, acted_on, source, imported)
VALUES (@id, @meeting_id, @item_id, @body, @year, @number, @title, @wording, @outcome, @reckoning, @decided_on, @effective_on, @owner_id, @owner, @due_on, @status, @act, @act_body,
	@acted_at, @acted_on, @source, true);

-- name: RaiseDecisionCount :exec
-- Numbers that a register brings with it are not given again.
INSERT INTO decision_count (body, year, latest) VALUES (@body, @year, @latest)
ON CONFLICT (tenant_id, body, year, series) DO UPDATE SET latest = greatest(decision_count.latest, excluded.latest);

-- name: LockPast :exec
-- Who takes a table in waits for whoever does: the second then finds what came in.
SELECT pg_advisory_xact_lock(hashtextextended('past', hashtext(current_tenant())::bigint));

-- name: PastMeetings :many
-- The meetings that were on some days, whatever body's.
SELECT * FROM meeting WHERE on_day = ANY (@days::date[]) AND state <> 'cancelled';

-- name: PastItems :many
SELECT meeting_id, title FROM agenda_item WHERE meeting_id = ANY (@meetings::uuid[]);

-- name: PastNumbers :many
-- The decisions that have a number already.
SELECT body, year, number FROM decision WHERE year = ANY (@years::int[]) AND series = '';

-- name: PastOwners :many
-- The organisations, to be found by key and by name.
SELECT id, key, name, short_name FROM organisation ORDER BY key;

-- name: MailedThen :exec
-- What was told at the time is not told again.
UPDATE meeting_mail SET sent_at = queued_at WHERE id = ANY (@ids::uuid[]);
