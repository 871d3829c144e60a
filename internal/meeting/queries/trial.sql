-- name: LastHeld :many
-- The last meetings that some bodies have held, so many of each. What came in from
-- a register of before has nothing to reckon from.
SELECT t.id FROM (
	SELECT m.id, m.body, m.on_day, row_number() OVER (PARTITION BY m.body ORDER BY m.on_day DESC, m.id DESC) AS nth FROM meeting m
	WHERE m.tenant_id = @tenant_id AND m.body = ANY (@bodies::text[]) AND m.state IN ('closed', 'drafted', 'adjusted', 'published') AND NOT m.imported
) t WHERE t.nth <= @most::int ORDER BY t.body, t.on_day DESC, t.id DESC;

-- name: CalledFrom :many
-- The meetings of some bodies that have been called and not been held, from a day on.
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND body = ANY (@bodies::text[]) AND state IN ('called', 'open') AND on_day >= @from_day ORDER BY on_day, begins, id;

-- name: TimesThere :many
-- Who was at a meeting, from when to when.
SELECT person_id, arrived_at, left_at FROM attendance WHERE meeting_id = @meeting_id ORDER BY arrived_at, id;
