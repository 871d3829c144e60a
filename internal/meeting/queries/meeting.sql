-- name: Meeting :one
SELECT * FROM meeting WHERE id = @id;

-- name: LockMeeting :one
-- Whoever changes a meeting holds its row: two who do so at once see each other.
SELECT * FROM meeting WHERE id = @id FOR UPDATE;

-- name: Meetings :many
-- The meetings that the actor may know of, each with whether more than the day
-- of it. What is not sent is shown as announced to those who do not make meetings.
WITH seen AS (
	SELECT m.*, (@makes::boolean OR m.called_at IS NOT NULL AND (@reads::boolean
			OR EXISTS (SELECT FROM invitation i WHERE i.tenant_id = m.tenant_id AND i.meeting_id = m.id AND i.person_id = @person_id)
			OR EXISTS (SELECT FROM mandate a WHERE a.tenant_id = m.tenant_id AND a.body = m.body AND a.person_id = @person_id
				AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day)))) AS whole
	FROM meeting m
	WHERE m.tenant_id = @tenant_id AND (@body::text = '' OR m.body = @body)
		AND (sqlc.narg('from_day')::date IS NULL OR m.on_day >= sqlc.narg('from_day')) AND (sqlc.narg('to_day')::date IS NULL OR m.on_day < sqlc.narg('to_day'))
		AND (NOT @ahead::boolean OR m.on_day >= @today AND m.state NOT IN ('closed', 'minuted', 'adjusted', 'published'))
		AND (NOT @over::boolean OR m.on_day < @today OR m.state IN ('closed', 'minuted', 'adjusted', 'published'))
)
SELECT s.id, count(*) OVER () AS total FROM seen s
WHERE (s.whole OR s.announced_at IS NOT NULL OR s.published OR s.state = 'cancelled' AND s.called_at IS NOT NULL)
	AND (cardinality(@states::text[]) = 0 OR CASE WHEN s.state = 'draft' AND NOT s.whole THEN 'announced' ELSE s.state END = ANY (@states::text[]))
ORDER BY CASE WHEN @rising::boolean THEN s.on_day END, CASE WHEN NOT @rising::boolean THEN s.on_day END DESC, s.begins, s.id LIMIT @max OFFSET @skip;

-- name: MeetingsOf :many
SELECT * FROM meeting WHERE id = ANY (@ids::uuid[]);

-- name: SameDay :one
-- How many other meetings of the body stand on a day.
SELECT count(*) FROM meeting WHERE body = @body AND on_day = @on_day AND id <> @id AND state <> 'cancelled';

-- name: AddMeeting :one
INSERT INTO meeting (id, body, kind, state, announced_at, title, on_day, begins, ends, location, link, note, answer_by, chair_id, secretary_id, registry_number, demo, published)
VALUES (@id, @body, @kind, @state, @announced_at, @title, @on_day, @begins, @ends, @location, @link, @note, @answer_by, @chair_id, @secretary_id, @registry_number, @demo, @published)
RETURNING *;

-- name: ChangeMeeting :one
UPDATE meeting SET title = @title, on_day = @on_day, begins = @begins, ends = @ends, location = @location, link = @link, note = @note, answer_by = @answer_by,
	chair_id = @chair_id, secretary_id = @secretary_id, registry_number = @registry_number, sequence = sequence + @told::int, version = version + 1
WHERE id = @id RETURNING *;

-- name: DisclosedMeeting :one
-- Its day has been announced.
UPDATE meeting SET announced_at = @announced_at, published = @published, version = version + 1 WHERE id = @id RETURNING *;

-- name: DraftedMeeting :one
-- Its agenda is being made.
UPDATE meeting SET state = 'draft', version = version + 1 WHERE id = @id RETURNING *;

-- name: CalledMeeting :one
UPDATE meeting SET state = 'called', called_at = @called_at, late_reason = @late_reason, published = published OR @published::boolean, version = version + 1
WHERE id = @id RETURNING *;

-- name: CancelledMeeting :one
UPDATE meeting SET state = 'cancelled', cancelled_at = @cancelled_at, cancelled_reason = @cancelled_reason, sequence = sequence + @told::int, version = version + 1
WHERE id = @id RETURNING *;

-- name: TouchMeeting :one
UPDATE meeting SET version = version + 1 WHERE id = @id RETURNING *;
