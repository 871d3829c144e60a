-- name: Payers :many
-- Organisations by key, as they are called.
SELECT id, key, type, name, short_name, official_code, organisation_number FROM organisation WHERE key = ANY (@keys::text[]);

-- name: Parties :many
-- Who takes part in agreements of a kind during a period, from when until when
-- (the day after the last), as far as the agreement holds by what is known of it.
SELECT o.id, o.key, o.type, o.name, o.short_name, o.official_code, o.organisation_number, p.status,
	greatest(p.valid_from, v.valid_from)::date AS begins, least(p.valid_to, v.valid_to)::date AS ends
FROM instrument i
JOIN participation p ON p.tenant_id = i.tenant_id AND p.instrument_id = i.id
JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
JOIN LATERAL (SELECT w.valid_from, w.valid_to FROM instrument_validity w
	WHERE w.tenant_id = i.tenant_id AND w.instrument_id = i.id AND (w.known_from IS NULL OR w.known_from <= @today::date)
	ORDER BY w.known_from DESC NULLS LAST LIMIT 1) v ON true
WHERE i.kind = @kind AND NOT i.draft AND (cardinality(@types::text[]) = 0 OR o.type = ANY (@types::text[]))
	AND (p.valid_from IS NULL OR p.valid_from <= @until::date) AND (p.valid_to IS NULL OR p.valid_to > @from_day::date)
	AND (v.valid_from IS NULL OR v.valid_from <= @until::date) AND (v.valid_to IS NULL OR v.valid_to > @from_day::date)
ORDER BY o.key, p.valid_from;

-- name: AddRun :one
INSERT INTO cost_run (id, function, kind, basis, period_from, period_until, shared, billed, input, result, configuration_version, origin_id, previous_id, reason, created_at, demo)
VALUES (@id, @function, @kind, @basis, @period_from, @period_until, @shared, @billed, @input, @result, @configuration_version, sqlc.narg('origin_id'), sqlc.narg('previous_id'), @reason, @created_at, @demo)
RETURNING *;

-- name: ReplaceRun :one
UPDATE cost_run SET basis = @basis, shared = @shared, billed = @billed, input = @input, result = @result, configuration_version = @configuration_version, reason = @reason, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: AdoptRun :one
UPDATE cost_run SET state = 'adopted', decision_id = sqlc.narg('decision_id'), mandate = @mandate, adopted_on = @adopted_on, adopted_at = @adopted_at, adopted_by = sqlc.narg('adopted_by'),
	version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: DropRun :execrows
DELETE FROM cost_run WHERE id = @id AND version = @version;

-- name: Run :one
SELECT sqlc.embed(r), coalesce(d.title, '')::text AS decision_title, coalesce(d.body, '')::text AS decision_body, d.decided_on,
	coalesce((SELECT n.id FROM cost_run n WHERE n.tenant_id = r.tenant_id AND n.previous_id = r.id AND n.state = 'adopted'), '00000000-0000-0000-0000-000000000000')::uuid AS next_id
FROM cost_run r LEFT JOIN decision d ON d.tenant_id = r.tenant_id AND d.id = r.decision_id AND NOT d.confidential
WHERE r.id = @id;

-- name: Runs :many
-- Runs without what they rest on, latest period first. A payer sees those that
-- are adopted and that bill it.
SELECT r.id, r.function, r.kind, r.basis, r.state, r.period_from, r.period_until, r.shared, r.billed, r.origin_id, r.previous_id, r.reason, r.adopted_on, r.created_at, r.demo, r.version,
	(r.input -> 'function' -> 'name')::jsonb AS function_name, count(*) OVER () AS total
FROM cost_run r
WHERE (@function::text = '' OR r.function = @function) AND (@state::text = '' OR r.state = @state)
	AND (@all_of_them::boolean OR r.state = 'adopted' AND EXISTS (SELECT FROM cost_statement s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id AND s.organisation_id = ANY (@parties::uuid[])))
ORDER BY r.period_from DESC, r.created_at DESC, r.id DESC LIMIT @max OFFSET @skip;

-- name: Chain :many
-- The adopted runs of a chain, in their order, without what they rest on.
SELECT r.id, r.kind, r.basis, r.shared, r.billed, r.reason, r.adopted_on, r.demo FROM cost_run r
WHERE r.state = 'adopted' AND (r.id = @origin_id OR r.origin_id = @origin_id) ORDER BY r.adopted_at, r.id;

-- name: AddStatements :exec
INSERT INTO cost_statement (id, run_id, organisation_id, position, share, before, billed)
SELECT unnest(@ids::uuid[]), @run_id::uuid, unnest(@organisations::uuid[]), unnest(@positions::int[]), unnest(@shares::bigint[]), unnest(@befores::bigint[]), unnest(@billeds::bigint[]);

-- name: DropStatements :exec
DELETE FROM cost_statement WHERE run_id = @run_id;

-- name: Statements :many
-- A run's statements, with how many questions wait at each.
SELECT s.id, s.organisation_id, s.position, s.share, s.before, s.billed, o.name, o.short_name, o.key, o.official_code, o.organisation_number,
	(SELECT count(*) FROM cost_question q WHERE q.tenant_id = s.tenant_id AND q.statement_id = s.id AND q.answered_at IS NULL) AS waiting
FROM cost_statement s JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id
WHERE s.run_id = @run_id ORDER BY s.position;

-- name: PayerStatements :many
-- What a payer has been billed over the years, latest first.
SELECT s.id, s.run_id, s.organisation_id, s.share, s.before, s.billed, r.function, (r.input -> 'function' -> 'name')::jsonb AS function_name, r.kind, r.basis, r.period_from, r.period_until, r.shared,
	r.reason, r.adopted_on, r.demo, (r.input -> 'key')::jsonb AS key, coalesce(jsonb_path_query_first(r.input, '$.payers[*] ? (@.organisation == $who)', jsonb_build_object('who', s.organisation_id)), 'null'::jsonb)::jsonb AS payer, count(*) OVER () AS total
FROM cost_statement s
JOIN cost_run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id
WHERE s.organisation_id = @organisation_id AND r.state = 'adopted'
ORDER BY r.period_from DESC, r.adopted_at DESC, r.id DESC LIMIT @max OFFSET @skip;

-- name: RunOfStatement :one
SELECT run_id, organisation_id FROM cost_statement WHERE id = @id;

-- name: AddQuestion :one
INSERT INTO cost_question (id, statement_id, asked_by, asked_at, question) VALUES (@id, @statement_id, sqlc.narg('asked_by'), @asked_at, @question) RETURNING *;

-- name: AnswerQuestion :one
UPDATE cost_question SET answer = @answer, answered_by = sqlc.narg('answered_by'), answered_at = @answered_at, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: Question :one
SELECT * FROM cost_question WHERE id = @id;

-- name: Questions :many
SELECT sqlc.embed(q), coalesce(a.name, '')::text AS asker, coalesce(b.name, '')::text AS answerer
FROM cost_question q
LEFT JOIN person a ON a.tenant_id = q.tenant_id AND a.id = q.asked_by
LEFT JOIN person b ON b.tenant_id = q.tenant_id AND b.id = q.answered_by
WHERE q.statement_id = @statement_id ORDER BY q.asked_at, q.id;

-- name: Waiting :many
-- Questions that wait for an answer, the oldest first.
SELECT q.id, q.statement_id, q.question, q.asked_at, s.run_id, s.organisation_id, o.name, count(*) OVER () AS total
FROM cost_question q
JOIN cost_statement s ON s.tenant_id = q.tenant_id AND s.id = q.statement_id
JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id
WHERE q.answered_at IS NULL ORDER BY q.asked_at, q.id LIMIT @max OFFSET @skip;

-- name: Adopted :many
-- Every adopted run with all it rests on, a page at a time, to be worked out again.
SELECT r.id, r.input, r.result, r.shared, r.billed, r.previous_id FROM cost_run r WHERE r.state = 'adopted' AND r.id > @after ORDER BY r.id LIMIT @max;

-- name: DecisionKnown :one
SELECT decided_on, outcome FROM decision WHERE id = @id;

-- name: Decisions :many
-- What can be named as the decision by which a run is adopted.
SELECT d.id, d.title, d.body, d.decided_on FROM decision d WHERE d.tenant_id = @tenant_id AND d.outcome = 'carried' AND NOT d.confidential ORDER BY d.decided_on DESC, d.id LIMIT @max;

-- name: StatementsOfRuns :many
SELECT run_id, organisation_id, share, before, billed FROM cost_statement WHERE run_id = ANY (@runs::uuid[]);

-- name: PeriodBefore :one
-- The last run of the period before one's own.
SELECT r.id FROM cost_run r
WHERE r.function = @function AND r.state = 'adopted' AND r.period_until < @from_day
	AND NOT EXISTS (SELECT FROM cost_run n WHERE n.tenant_id = r.tenant_id AND n.previous_id = r.id AND n.state = 'adopted')
ORDER BY r.period_until DESC LIMIT 1;

-- name: AskBundle :exec
INSERT INTO cost_bundle (id, run_id, lang, total, asked_at, moved_at) VALUES (@id, @run_id, @lang, @total, @asked_at, @asked_at);

-- name: BundleOf :one
SELECT id, run_id, lang, done, total, failed, asked_at, moved_at, made_at, coalesce(length(content), 0)::bigint AS size FROM cost_bundle WHERE run_id = @run_id AND lang = @lang;

-- name: Bundle :one
SELECT id, run_id, lang, done, total, failed, asked_at, moved_at, made_at, coalesce(length(content), 0)::bigint AS size FROM cost_bundle WHERE id = @id;

-- name: BundleContent :one
SELECT content FROM cost_bundle WHERE id = @id AND made_at IS NOT NULL;

-- name: BundleGetsOn :exec
UPDATE cost_bundle SET done = @done, moved_at = @moved_at WHERE id = @id;

-- name: BundleMade :exec
UPDATE cost_bundle SET done = total, content = @content, made_at = @made_at, failed = '' WHERE id = @id;

-- name: BundleFailed :exec
UPDATE cost_bundle SET failed = @failed WHERE id = @id;

-- name: DropBundle :exec
DELETE FROM cost_bundle WHERE id = @id;

-- name: SweepBundles :exec
DELETE FROM cost_bundle WHERE asked_at < @before;
