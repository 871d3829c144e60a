-- ── instruments ──

-- name: Instrument :one
SELECT * FROM instrument WHERE id = @id;

-- name: InstrumentByKey :one
SELECT * FROM instrument WHERE key = @key;

-- name: InstrumentKeys :many
SELECT key FROM instrument WHERE key >= @key AND key < @key || '~';

-- name: CreateInstrument :one
INSERT INTO instrument (id, key, kind, title, short_name, registry_number, purpose, draft, demo, source)
VALUES (@id, @key, @kind, @title, @short_name, @registry_number, @purpose, @draft, @demo, @source) RETURNING *;

-- name: ChangeInstrument :one
UPDATE instrument SET kind = @kind, title = @title, short_name = @short_name, registry_number = @registry_number, purpose = @purpose, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: SettleInstrument :one
-- A draft becomes an instrument that has been decided on.
UPDATE instrument SET draft = false, version = version + 1 WHERE id = @id AND version = @version AND draft RETURNING *;

-- name: TouchInstrument :one
-- Whoever changes what hangs on an instrument takes its next version: two who do so at once see each other.
UPDATE instrument SET version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: PublishInstrument :one
UPDATE instrument SET published = @published, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: PublishValidity :exec
UPDATE instrument_validity SET published = @published WHERE instrument_id = @instrument_id AND published <> @published;

-- name: PublishParticipations :exec
UPDATE participation SET published = @published WHERE instrument_id = @instrument_id AND published <> @published;

-- name: PublishGoals :exec
UPDATE goal_version SET published = @published WHERE instrument_id = @instrument_id AND published <> @published;

-- name: PublishLocal :exec
UPDATE local_agreement SET published = @published WHERE instrument_id = @instrument_id AND published <> @published;

-- name: Standing :many
-- Instruments with what their state on a day follows from. A zero id is all of them.
SELECT sqlc.embed(i), count(*) OVER () AS total,
	coalesce(v.kind, '')::text AS validity, coalesce(v.review_months, 0)::int AS review_months,
	v.valid_from::date AS valid_from, coalesce(v.from_precision, 'day')::text AS from_precision,
	v.valid_to::date AS valid_to, coalesce(v.to_precision, 'day')::text AS to_precision,
	(SELECT max(e.on_day) FROM instrument_event e WHERE e.tenant_id = i.tenant_id AND e.instrument_id = i.id AND e.kind = 'signed'
		AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id))::date AS all_signed,
	(SELECT min(e.on_day) FROM instrument_event e WHERE e.tenant_id = i.tenant_id AND e.instrument_id = i.id AND e.kind IN ('ended', 'dissolved')
		AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id))::date AS ended,
	(SELECT count(*) FROM participation p WHERE p.tenant_id = i.tenant_id AND p.instrument_id = i.id AND p.status = ANY (@signing::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)) AS signers,
	(SELECT count(*) FROM participation p JOIN signature s ON s.tenant_id = p.tenant_id AND s.participation_id = p.id
		WHERE p.tenant_id = i.tenant_id AND p.instrument_id = i.id AND p.status = ANY (@signing::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day) AND s.on_day <= @on_day
		AND NOT EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id)) AS signed,
	-- Who came after all had signed, and after it began to hold, signs alone.
	(SELECT count(*) FROM participation p WHERE p.tenant_id = i.tenant_id AND p.instrument_id = i.id AND p.status = ANY (@signing::text[])
		AND p.valid_from <= @on_day AND (p.valid_to IS NULL OR p.valid_to > @on_day)
		AND p.valid_from > greatest(v.valid_from, (SELECT max(e.on_day) FROM instrument_event e WHERE e.tenant_id = p.tenant_id AND e.instrument_id = p.instrument_id AND e.kind = 'signed'
			AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id)))
		AND NOT EXISTS (SELECT FROM signature s WHERE s.tenant_id = p.tenant_id AND s.participation_id = p.id AND s.on_day <= @on_day
			AND NOT EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id))) AS unsigned_since,
	EXISTS (SELECT FROM participation p JOIN signature s ON s.tenant_id = p.tenant_id AND s.participation_id = p.id
		WHERE p.tenant_id = i.tenant_id AND p.instrument_id = i.id) AS signatures_kept,
	ARRAY(SELECT s.later_id FROM instrument_succession s JOIN instrument l ON l.tenant_id = s.tenant_id AND l.id = s.later_id
		WHERE s.tenant_id = i.tenant_id AND s.earlier_id = i.id AND NOT l.draft ORDER BY s.id)::uuid[] AS successors,
	ARRAY(SELECT s.later_id FROM instrument_succession s JOIN instrument l ON l.tenant_id = s.tenant_id AND l.id = s.later_id
		WHERE s.tenant_id = i.tenant_id AND s.earlier_id = i.id AND l.draft ORDER BY s.id)::uuid[] AS drafts,
	ARRAY(SELECT s.earlier_id FROM instrument_succession s WHERE s.tenant_id = i.tenant_id AND s.later_id = i.id ORDER BY s.id)::uuid[] AS predecessors
FROM instrument i
LEFT JOIN LATERAL (SELECT * FROM instrument_validity w WHERE w.tenant_id = i.tenant_id AND w.instrument_id = i.id
	AND (w.known_from IS NULL OR w.known_from <= @on_day) ORDER BY w.known_from DESC NULLS LAST LIMIT 1) v ON true
WHERE (@id::uuid = '00000000-0000-0000-0000-000000000000' OR i.id = @id) AND (@kind::text = '' OR i.kind = @kind)
ORDER BY v.valid_to DESC NULLS FIRST, i.title, i.id LIMIT @max OFFSET @skip;

-- name: PublishedInstruments :many
-- A zero id is all of them.
SELECT sqlc.embed(i), count(*) OVER () AS total,
	coalesce(v.kind, '')::text AS validity, coalesce(v.review_months, 0)::int AS review_months,
	v.valid_from::date AS valid_from, coalesce(v.from_precision, 'day')::text AS from_precision,
	v.valid_to::date AS valid_to, coalesce(v.to_precision, 'day')::text AS to_precision,
	(SELECT count(*) FROM participation p WHERE p.tenant_id = i.tenant_id AND p.instrument_id = i.id AND p.status = ANY (@counted::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)) AS parties
FROM instrument i
LEFT JOIN LATERAL (SELECT * FROM instrument_validity w WHERE w.tenant_id = i.tenant_id AND w.instrument_id = i.id
	AND (w.known_from IS NULL OR w.known_from <= @on_day) ORDER BY w.known_from DESC NULLS LAST LIMIT 1) v ON true
WHERE (@id::uuid = '00000000-0000-0000-0000-000000000000' OR i.id = @id)
ORDER BY i.tenant_id, v.valid_to DESC NULLS FIRST, i.title, i.id LIMIT @max OFFSET @skip;

-- name: AddValidity :exec
INSERT INTO instrument_validity (id, instrument_id, kind, review_months, valid_from, from_precision, valid_to, to_precision, known_from, reference, source, published)
VALUES (@id, @instrument_id, @kind, @review_months, @valid_from, @from_precision, @valid_to, @to_precision, @known_from, @reference, @source, @published);

-- name: Validities :many
SELECT * FROM instrument_validity WHERE instrument_id = @instrument_id ORDER BY known_from NULLS FIRST;

-- name: AddLead :exec
INSERT INTO instrument_lead (id, instrument_id, organisation_id, valid_from, valid_to, source)
VALUES (@id, @instrument_id, @organisation_id, @valid_from, @valid_to, @source);

-- name: EndLead :execrows
UPDATE instrument_lead SET valid_to = @valid_to WHERE instrument_id = @instrument_id AND organisation_id = @organisation_id AND valid_to IS NULL;

-- name: Leads :many
SELECT sqlc.embed(l), o.name FROM instrument_lead l JOIN organisation o ON o.tenant_id = l.tenant_id AND o.id = l.organisation_id
WHERE l.instrument_id = @instrument_id AND (l.valid_from IS NULL OR l.valid_from <= @on_day) AND (l.valid_to IS NULL OR l.valid_to > @on_day)
ORDER BY o.name, l.id;

-- name: AddSuccession :exec
INSERT INTO instrument_succession (id, earlier_id, later_id, source) VALUES (@id, @earlier_id, @later_id, @source);

-- name: Kin :many
SELECT i.id, i.title, i.draft, (s.later_id = i.id) AS after FROM instrument_succession s
JOIN instrument i ON i.tenant_id = s.tenant_id AND i.id = CASE WHEN s.earlier_id = @id THEN s.later_id ELSE s.earlier_id END
WHERE s.earlier_id = @id OR s.later_id = @id ORDER BY i.title, i.id;

-- name: AddEvent :exec
INSERT INTO instrument_event (id, instrument_id, kind, on_day, precision, note, reference, link, source, corrects_id)
VALUES (@id, @instrument_id, @kind, @on_day, @precision, @note, @reference, @link, @source, @corrects_id);

-- name: Event :one
SELECT * FROM instrument_event WHERE id = @id;

-- name: Events :many
SELECT sqlc.embed(e), EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id) AS corrected
FROM instrument_event e WHERE e.instrument_id = @instrument_id ORDER BY e.on_day, e.id;

-- name: AddText :one
INSERT INTO instrument_text (id, instrument_id, number, kind, name, on_day, precision, note, pages, link, document_id, of_id, source)
VALUES (@id, @instrument_id, (SELECT coalesce(max(number), 0) + 1 FROM instrument_text t WHERE t.instrument_id = @instrument_id),
	@kind, @name, @on_day, @precision, @note, @pages, @link, @document_id, @of_id, @source) RETURNING *;

-- name: Text :one
SELECT * FROM instrument_text WHERE id = @id;

-- name: Texts :many
SELECT * FROM instrument_text WHERE instrument_id = @instrument_id ORDER BY number;

-- name: AddAdoption :exec
INSERT INTO adoption (id, instrument_id, kind, organisation_id, body, on_day, precision, mode, minutes, source, corrects_id)
VALUES (@id, @instrument_id, @kind, @organisation_id, @body, @on_day, @precision, @mode, @minutes, @source, @corrects_id);

-- name: Adoption :one
SELECT * FROM adoption WHERE id = @id;

-- name: Adoptions :many
SELECT sqlc.embed(a), coalesce(o.name, '')::text AS organisation,
	EXISTS (SELECT FROM adoption c WHERE c.tenant_id = a.tenant_id AND c.corrects_id = a.id) AS corrected
FROM adoption a LEFT JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.organisation_id
WHERE a.instrument_id = @instrument_id ORDER BY a.on_day, a.id;

-- ── parties ──

-- name: Participation :one
SELECT * FROM participation WHERE id = @id;

-- name: Join :one
INSERT INTO participation (id, instrument_id, organisation_id, status, roles, valid_from, from_precision, ground, source, published)
VALUES (@id, @instrument_id, @organisation_id, @status, @roles, @valid_from, @from_precision, @ground, @source, @published) RETURNING *;

-- name: Leave :one
UPDATE participation SET valid_to = @valid_to, to_precision = @to_precision, ended_ground = @ended_ground, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: DropDrafted :exec
-- Taken back out of a draft.
DELETE FROM participation p WHERE p.id = @id AND EXISTS (SELECT FROM instrument i WHERE i.tenant_id = p.tenant_id AND i.id = p.instrument_id AND i.draft);

-- name: Parties :many
-- Who takes part on a day, those that count first.
SELECT sqlc.embed(p), o.name, o.short_name, o.type, coalesce(o.official_code, '')::text AS official_code,
	(p.status = ANY (@counted::text[])) AS counted, (p.status = ANY (@signing::text[])) AS signs,
	-- Whether it took part when all had signed, or when it began to hold.
	coalesce((SELECT max(e.on_day) FROM instrument_event e WHERE e.tenant_id = p.tenant_id AND e.instrument_id = p.instrument_id AND e.kind = 'signed'
		AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id)) <= @on_day
		AND (p.valid_from IS NULL OR p.valid_from <= greatest(v.valid_from, (SELECT max(e.on_day) FROM instrument_event e WHERE e.tenant_id = p.tenant_id AND e.instrument_id = p.instrument_id AND e.kind = 'signed'
		AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id)))), false)::boolean AS among_all,
	s.id AS signature_id, s.on_day AS signed_day, coalesce(s.precision, 'day')::text AS signed_precision, s.decided_day,
	coalesce(s.signed_by, '')::text AS signed_by, coalesce(s.capacity, '')::text AS capacity, coalesce(s.decision, '')::text AS decision, coalesce(s.source, '')::text AS signature_source
FROM participation p
JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
LEFT JOIN signature s ON s.tenant_id = p.tenant_id AND s.participation_id = p.id AND s.on_day <= @on_day
	AND NOT EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id)
LEFT JOIN LATERAL (SELECT w.valid_from FROM instrument_validity w WHERE w.tenant_id = p.tenant_id AND w.instrument_id = p.instrument_id
	AND (w.known_from IS NULL OR w.known_from <= @on_day) ORDER BY w.known_from DESC NULLS LAST LIMIT 1) v ON true
WHERE p.instrument_id = @instrument_id
	AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)
ORDER BY (p.status = ANY (@counted::text[])) DESC, o.name, p.id;

-- name: PublishedParties :many
SELECT sqlc.embed(p), o.name, o.short_name, o.type FROM participation p
JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
WHERE p.instrument_id = @instrument_id
	AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)
ORDER BY o.name, p.id;

-- name: ParticipationsOf :many
-- All that an organisation takes part in, now and before.
SELECT sqlc.embed(p), i.title FROM participation p JOIN instrument i ON i.tenant_id = p.tenant_id AND i.id = p.instrument_id
WHERE p.organisation_id = @organisation_id ORDER BY p.valid_from DESC NULLS LAST, p.id;

-- name: PartOn :one
SELECT * FROM participation WHERE instrument_id = @instrument_id AND organisation_id = @organisation_id
	AND (valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day);

-- name: NotParties :many
-- The municipalities that stand on the day and have no part that counts.
SELECT o.id, o.name, coalesce(o.official_code, '')::text AS official_code FROM organisation o
WHERE o.type = 'municipality' AND (o.valid_from IS NULL OR o.valid_from <= @on_day) AND (o.valid_to IS NULL OR o.valid_to > @on_day)
	AND NOT EXISTS (SELECT FROM participation p WHERE p.tenant_id = o.tenant_id AND p.organisation_id = o.id AND p.instrument_id = @instrument_id
		AND p.status = ANY (@counted::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day))
ORDER BY o.name, o.id;

-- name: Sign :exec
INSERT INTO signature (id, participation_id, person_id, signed_by, capacity, on_day, precision, decision, decided_day, source, corrects_id)
VALUES (@id, @participation_id, @person_id, @signed_by, @capacity, @on_day, @precision, @decision, @decided_day, @source, @corrects_id);

-- name: SignatureOf :one
SELECT * FROM signature s WHERE s.participation_id = @participation_id
	AND NOT EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id);

-- ── goals ──

-- name: Goal :one
SELECT * FROM goal WHERE id = @id;

-- name: GoalByKey :one
SELECT * FROM goal WHERE instrument_id = @instrument_id AND key = @key;

-- name: GoalKeys :many
SELECT key FROM goal WHERE instrument_id = @instrument_id AND key >= @key AND key < @key || '~';

-- name: CreateGoal :exec
INSERT INTO goal (id, instrument_id, key) VALUES (@id, @instrument_id, @key);

-- name: TouchGoal :one
UPDATE goal SET version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: TouchGoals :exec
UPDATE goal SET version = version + 1 WHERE id = ANY (@ids::uuid[]);

-- name: AddGoalVersion :exec
INSERT INTO goal_version (id, goal_id, instrument_id, parent_id, level, position, name, wording, ground, measure, themes, responsible_id,
	valid_from, from_precision, decision, decided_day, decided_precision, reason, source, published)
VALUES (@id, @goal_id, @instrument_id, @parent_id, @level, @position, @name, @wording, @ground, @measure, @themes, @responsible_id,
	@valid_from, @from_precision, @decision, @decided_day, @decided_precision, @reason, @source, @published);

-- name: RewriteGoalVersion :exec
UPDATE goal_version SET parent_id = @parent_id, level = @level, position = @position, name = @name, wording = @wording, ground = @ground,
	measure = @measure, themes = @themes, responsible_id = @responsible_id, from_precision = @from_precision, source = @source
WHERE id = @id;

-- name: EndGoalVersion :exec
UPDATE goal_version SET valid_to = @valid_to, ending = 'changed' WHERE id = @id;

-- name: CloseGoals :many
UPDATE goal_version SET valid_to = @valid_to, ending = 'closed', decided_day = @decided_day, decided_precision = @decided_precision, decision = @decision, reason = @reason
WHERE goal_id = ANY (@ids::uuid[]) AND valid_to IS NULL RETURNING goal_id;

-- name: GoalVersions :many
SELECT sqlc.embed(v), coalesce(o.name, '')::text AS responsible FROM goal_version v
LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.responsible_id
WHERE v.goal_id = @goal_id ORDER BY v.valid_from NULLS FIRST;

-- name: Subtree :many
-- A goal and all that stands under it on a day.
WITH RECURSIVE below AS (
	SELECT v.goal_id FROM goal_version v WHERE v.tenant_id = @tenant_id AND v.goal_id = @goal_id
		AND (v.valid_from IS NULL OR v.valid_from <= @on_day) AND v.until > @on_day
	UNION
	SELECT v.goal_id FROM goal_version v JOIN below b ON v.under = b.goal_id
	WHERE v.tenant_id = @tenant_id AND (v.valid_from IS NULL OR v.valid_from <= @on_day) AND v.until > @on_day
)
SELECT goal_id FROM below;

-- name: ChangedLater :many
-- The versions of goals, or of what comes to lie under them, that begin on a day or after it.
SELECT v.goal_id, v.name, v.valid_from FROM goal_version v
WHERE (v.goal_id = ANY (@ids::uuid[]) OR v.parent_id = ANY (@ids::uuid[])) AND v.valid_from >= @on_day ORDER BY v.valid_from, v.name;

-- name: Above :many
-- What a goal lies under on a day, and what that lies under, to the top.
WITH RECURSIVE above AS (
	SELECT v.goal_id, v.parent_id, 0 AS depth FROM goal_version v WHERE v.tenant_id = @tenant_id AND v.goal_id = @goal_id
		AND (v.valid_from IS NULL OR v.valid_from <= @on_day) AND v.until > @on_day
	UNION ALL
	SELECT v.goal_id, v.parent_id, a.depth + 1 FROM goal_version v JOIN above a ON v.goal_id = a.parent_id
	WHERE v.tenant_id = @tenant_id AND a.depth < 100
		AND (v.valid_from IS NULL OR v.valid_from <= @on_day) AND v.until > @on_day
)
SELECT goal_id FROM above ORDER BY depth;

-- name: Tree :many
-- What lies under each of some goals or instruments as of a day: what stands, and
-- what had been closed by then and has not come back. Two branches, because each
-- is a range of its own index; the counts below are two such ranges again, asked
-- for what is shown alone.
SELECT sqlc.embed(v), g.key, g.version, coalesce(o.name, '')::text AS responsible, s.total,
	(SELECT count(*) FROM goal_version c WHERE c.tenant_id = v.tenant_id AND c.under = v.goal_id
		AND c.until > @on_day AND c.since <= @on_day) AS standing,
	(SELECT count(*) FROM goal_version c WHERE c.tenant_id = v.tenant_id AND c.under = v.goal_id AND c.ending = 'closed' AND c.valid_to <= @on_day
		AND NOT EXISTS (SELECT FROM goal_version n WHERE n.tenant_id = c.tenant_id AND n.goal_id = c.goal_id
			AND n.valid_from >= c.valid_to AND n.valid_from <= @on_day)) AS closed
FROM (
	SELECT u.id, row_number() OVER (PARTITION BY u.under ORDER BY u.position, u.name, u.goal_id) AS place, count(*) OVER (PARTITION BY u.under) AS total
	FROM (
		SELECT s.id, s.under, s.position, s.name, s.goal_id FROM goal_version s WHERE s.tenant_id = @tenant_id AND s.under = ANY (@unders::uuid[])
			AND s.until > @on_day AND s.since <= @on_day
		UNION ALL
		SELECT c.id, c.under, c.position, c.name, c.goal_id FROM goal_version c WHERE c.tenant_id = @tenant_id AND c.under = ANY (@unders::uuid[])
			AND c.ending = 'closed' AND c.valid_to <= @on_day
			AND NOT EXISTS (SELECT FROM goal_version n WHERE n.tenant_id = c.tenant_id AND n.goal_id = c.goal_id
				AND n.valid_from >= c.valid_to AND n.valid_from <= @on_day)
	) u
) s
JOIN goal_version v ON v.tenant_id = @tenant_id AND v.id = s.id
JOIN goal g ON g.tenant_id = v.tenant_id AND g.id = v.goal_id
LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.responsible_id
WHERE s.place > @skip::integer AND s.place <= @upto::integer
ORDER BY v.under, s.place;

-- name: PublishedGoals :many
-- What stands under each of some published goals or instruments on a day.
SELECT sqlc.embed(v), s.total
FROM (
	SELECT u.tenant_id, u.id, row_number() OVER (PARTITION BY u.under ORDER BY u.position, u.name, u.goal_id) AS place, count(*) OVER (PARTITION BY u.under) AS total
	FROM goal_version u WHERE u.under = ANY (@unders::uuid[]) AND u.until > @on_day AND u.since <= @on_day
) s
JOIN goal_version v ON v.tenant_id = s.tenant_id AND v.id = s.id
WHERE s.place > @skip::integer AND s.place <= @upto::integer
ORDER BY v.under, s.place;

-- name: Offered :many
-- The goals of an instrument that a new plan may take up: those that stand on the day.
SELECT sqlc.embed(v), g.key, g.version, count(*) OVER () AS total FROM goal_version v
JOIN goal g ON g.tenant_id = v.tenant_id AND g.id = v.goal_id
WHERE v.instrument_id = @instrument_id AND v.until > @on_day AND (v.valid_from IS NULL OR v.valid_from <= @on_day)
	AND v.measure <> 'not-measured' AND (@level::text = '' OR v.level = @level)
ORDER BY v.level, v.position, v.name, v.goal_id LIMIT @max OFFSET @skip;

-- name: LevelsOn :many
-- How many goals of each level stand on a day, by name, of as many as are looked at.
SELECT s.level, count(*) AS n FROM (
	SELECT v.level FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.until > @on_day AND v.since <= @on_day ORDER BY v.until LIMIT @max
) s GROUP BY s.level ORDER BY s.level;

-- name: CountsOn :many
SELECT * FROM instrument_count WHERE instrument_id = @instrument_id AND what = @what
	AND (valid_from IS NULL OR valid_from <= @on_day) AND (valid_to IS NULL OR valid_to > @on_day) ORDER BY level;

-- name: AddCount :exec
INSERT INTO instrument_count (id, instrument_id, what, level, known_count, valid_from, valid_to, source)
VALUES (@id, @instrument_id, @what, @level, @known_count, @valid_from, @valid_to, @source);

-- name: AddLink :exec
INSERT INTO goal_link (id, kind, from_id, to_id, valid_from, valid_to, source) VALUES (@id, @kind, @from_id, @to_id, @valid_from, @valid_to, @source);

-- name: EndLink :execrows
UPDATE goal_link SET valid_to = @valid_to WHERE id = @id AND valid_to IS NULL;

-- name: Links :many
-- A goal's links on a day, in both directions, with what the other end is called then.
SELECT l.id, l.kind, (l.from_id = @goal_id) AS outward, o.goal_id AS other_id, o.instrument_id AS other_instrument_id, o.name, o.level, l.source
FROM goal_link l
JOIN LATERAL (SELECT v.goal_id, v.instrument_id, v.name, v.level FROM goal_version v
	WHERE v.tenant_id = l.tenant_id AND v.goal_id = CASE WHEN l.from_id = @goal_id THEN l.to_id ELSE l.from_id END
	ORDER BY (v.valid_from IS NULL OR v.valid_from <= @on_day) DESC, v.valid_from DESC NULLS LAST LIMIT 1) o ON true
WHERE (l.from_id = @goal_id OR l.to_id = @goal_id)
	AND (l.valid_from IS NULL OR l.valid_from <= @on_day) AND (l.valid_to IS NULL OR l.valid_to > @on_day)
ORDER BY l.kind, o.name, l.id;

-- name: DropLinksOf :exec
DELETE FROM goal_link WHERE to_id = @goal_id OR from_id = @goal_id;

-- name: DropVersionsOf :exec
DELETE FROM goal_version WHERE goal_id = @goal_id;

-- name: DropGoal :exec
DELETE FROM goal WHERE id = @id;

-- name: UnderGoal :one
SELECT count(*) FROM goal_version WHERE parent_id = @goal_id;

-- name: AddNote :exec
INSERT INTO goal_note (id, goal_id, instrument_id, kind, on_day, note, source) VALUES (@id, @goal_id, @instrument_id, @kind, @on_day, @note, @source);

-- name: Notes :many
SELECT * FROM goal_note WHERE goal_id = @goal_id ORDER BY on_day, id;

-- name: CompareGoals :many
-- Goals whose version is not the same on two days.
SELECT coalesce(a.goal_id, b.goal_id)::uuid AS goal_id, coalesce(a.name, '')::text AS was, coalesce(b.name, '')::text AS became,
	coalesce(a.level, b.level)::text AS level, (a.goal_id IS NOT NULL)::boolean AS stood, (b.goal_id IS NOT NULL)::boolean AS stands,
	coalesce(a.parent_id IS DISTINCT FROM b.parent_id, false)::boolean AS moved, coalesce(a.wording IS DISTINCT FROM b.wording, false)::boolean AS reworded,
	count(*) OVER () AS total
FROM (SELECT * FROM goal_version x WHERE x.instrument_id = @instrument_id AND x.until > @day_a
		AND (x.valid_from IS NULL OR x.valid_from <= @day_a)) a
FULL JOIN (SELECT * FROM goal_version y WHERE y.instrument_id = @instrument_id AND y.until > @day_b
		AND (y.valid_from IS NULL OR y.valid_from <= @day_b)) b ON b.tenant_id = a.tenant_id AND b.goal_id = a.goal_id
WHERE a.id IS DISTINCT FROM b.id
ORDER BY 4, 3, 2, 1 LIMIT @max;

-- ── networks and local agreements ──

-- name: CreateNetwork :one
INSERT INTO network (id, key, instrument_id, name, purpose, led_by_id, contact, website, valid_from, valid_to, source)
VALUES (@id, @key, @instrument_id, @name, @purpose, @led_by_id, @contact, @website, @valid_from, @valid_to, @source) RETURNING *;

-- name: ChangeNetwork :one
UPDATE network SET instrument_id = @instrument_id, name = @name, purpose = @purpose, led_by_id = @led_by_id, contact = @contact, website = @website,
	valid_from = @valid_from, valid_to = @valid_to, source = @source, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: Network :one
SELECT sqlc.embed(n), coalesce(o.name, '')::text AS led_by,
	ARRAY(SELECT g.goal_id FROM network_goal g WHERE g.tenant_id = n.tenant_id AND g.network_id = n.id ORDER BY g.id)::uuid[] AS goals
FROM network n LEFT JOIN organisation o ON o.tenant_id = n.tenant_id AND o.id = n.led_by_id WHERE n.id = @id;

-- name: NetworkByKey :one
SELECT * FROM network WHERE key = @key;

-- name: NetworkKeys :many
SELECT key FROM network WHERE key >= @key AND key < @key || '~';

-- name: Networks :many
SELECT sqlc.embed(n), coalesce(o.name, '')::text AS led_by, count(*) OVER () AS total,
	ARRAY(SELECT g.goal_id FROM network_goal g WHERE g.tenant_id = n.tenant_id AND g.network_id = n.id ORDER BY g.id)::uuid[] AS goals
FROM network n LEFT JOIN organisation o ON o.tenant_id = n.tenant_id AND o.id = n.led_by_id
WHERE (@instrument_id::uuid = '00000000-0000-0000-0000-000000000000' OR n.instrument_id = @instrument_id)
	AND (n.valid_from IS NULL OR n.valid_from <= @on_day) AND (n.valid_to IS NULL OR n.valid_to > @on_day)
ORDER BY n.name, n.id LIMIT @max OFFSET @skip;

-- name: ForgetNetworkGoals :exec
DELETE FROM network_goal WHERE network_id = @network_id;

-- name: AddNetworkGoal :exec
INSERT INTO network_goal (id, network_id, goal_id) VALUES (@id, @network_id, @goal_id);

-- name: CreateLocal :one
INSERT INTO local_agreement (id, key, instrument_id, title, registry_number, initiated_by_id, valid_from, from_precision, valid_to, to_precision, period_known, note, link, source, published)
VALUES (@id, @key, @instrument_id, @title, @registry_number, @initiated_by_id, @valid_from, @from_precision, @valid_to, @to_precision, @period_known, @note, @link, @source, @published) RETURNING *;

-- name: ChangeLocal :one
UPDATE local_agreement SET instrument_id = @instrument_id, title = @title, registry_number = @registry_number, initiated_by_id = @initiated_by_id,
	valid_from = @valid_from, from_precision = @from_precision, valid_to = @valid_to, to_precision = @to_precision, period_known = @period_known,
	note = @note, link = @link, source = @source, published = @published, version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: LocalByKey :one
SELECT * FROM local_agreement WHERE key = @key;

-- name: LocalKeys :many
SELECT key FROM local_agreement WHERE key >= @key AND key < @key || '~';

-- name: Locals :many
-- A zero id is all; of_party is those that one organisation is party to.
SELECT sqlc.embed(a), coalesce(o.name, '')::text AS initiated_by, count(*) OVER () AS total
FROM local_agreement a LEFT JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.initiated_by_id
WHERE (@id::uuid = '00000000-0000-0000-0000-000000000000' OR a.id = @id)
	AND (@instrument_id::uuid = '00000000-0000-0000-0000-000000000000' OR a.instrument_id = @instrument_id)
	AND (@of_party::uuid = '00000000-0000-0000-0000-000000000000' OR EXISTS (SELECT FROM local_party p
		WHERE p.tenant_id = a.tenant_id AND p.local_agreement_id = a.id AND p.organisation_id = @of_party))
	AND (@ended::boolean OR a.valid_to IS NULL OR a.valid_to > @on_day)
ORDER BY a.title, a.id LIMIT @max OFFSET @skip;

-- name: LocalParties :many
SELECT p.local_agreement_id, o.id, o.name, o.type FROM local_party p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
WHERE p.local_agreement_id = ANY (@ids::uuid[]) ORDER BY o.name, o.id;

-- name: AddLocalParty :exec
INSERT INTO local_party (id, local_agreement_id, organisation_id) VALUES (@id, @local_agreement_id, @organisation_id);

-- name: ForgetLocalParties :exec
DELETE FROM local_party WHERE local_agreement_id = @local_agreement_id;

-- name: LocalPerMunicipality :many
-- Each municipality that stands, with how many local agreements it has on the
-- day, and how many more that are known without their period.
SELECT o.id, o.name,
	count(a.id) FILTER (WHERE a.period_known AND (a.valid_from IS NULL OR a.valid_from <= @on_day) AND (a.valid_to IS NULL OR a.valid_to > @on_day)) AS in_force,
	count(a.id) FILTER (WHERE NOT a.period_known) AS period_unknown
FROM organisation o
LEFT JOIN local_party p ON p.tenant_id = o.tenant_id AND p.organisation_id = o.id
LEFT JOIN local_agreement a ON a.tenant_id = p.tenant_id AND a.id = p.local_agreement_id
WHERE o.type = 'municipality' AND (o.valid_from IS NULL OR o.valid_from <= @on_day) AND (o.valid_to IS NULL OR o.valid_to > @on_day)
GROUP BY o.id, o.name ORDER BY o.name, o.id;

-- name: PublishedLocals :many
SELECT a.id, a.title, a.valid_from, a.from_precision, a.valid_to, a.to_precision, a.period_known, count(*) OVER () AS total
FROM local_agreement a WHERE a.valid_to IS NULL OR a.valid_to > @on_day ORDER BY a.title, a.id LIMIT @max OFFSET @skip;

-- ── the draft of a successor ──

-- name: Choose :exec
INSERT INTO draft_choice (id, instrument_id, goal_id, organisation_id, choice, reason, new_goal_id, new_participation_id)
VALUES (@id, @instrument_id, @goal_id, @organisation_id, @choice, @reason, @new_goal_id, @new_participation_id);

-- name: Unchoose :exec
DELETE FROM draft_choice WHERE id = @id;

-- name: Choices :many
SELECT * FROM draft_choice WHERE instrument_id = @instrument_id ORDER BY id;

-- name: ChoiceOfGoal :one
SELECT * FROM draft_choice WHERE instrument_id = @instrument_id AND goal_id = @goal_id;

-- name: ChoiceOfParty :one
SELECT * FROM draft_choice WHERE instrument_id = @instrument_id AND organisation_id = @organisation_id;

-- ── what happened ──

-- name: Timeline :many
-- All that happened to an instrument, latest first. A party and a goal end on the
-- first day they no longer are there; a period is told by its last day.
SELECT t.id::uuid AS id, t.kind::text AS kind, t.on_day::date AS on_day, t.precision::text AS precision, t.subject::text AS subject,
	t.note::text AS note, t.reference::text AS reference, t.link::text AS link, t.source::text AS source, t.corrected::boolean AS corrected, count(*) OVER () AS total
FROM (
	SELECT e.id, 'event.' || e.kind AS kind, e.on_day, e.precision, '' AS subject, e.note, e.reference, e.link, e.source,
		EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id) AS corrected
	FROM instrument_event e WHERE e.instrument_id = @instrument_id
	UNION ALL
	SELECT a.id, 'adoption.' || a.kind, a.on_day, a.precision, a.body, a.mode, a.minutes, '', a.source,
		EXISTS (SELECT FROM adoption c WHERE c.tenant_id = a.tenant_id AND c.corrects_id = a.id)
	FROM adoption a WHERE a.instrument_id = @instrument_id AND a.on_day IS NOT NULL
	UNION ALL
	SELECT x.id, 'text.' || x.kind, x.on_day, x.precision, x.name, x.note, '', x.link, x.source, false
	FROM instrument_text x WHERE x.instrument_id = @instrument_id AND x.on_day IS NOT NULL
	UNION ALL
	SELECT v.id, 'validity.' || v.kind, v.known_from, 'day', '', coalesce((v.valid_to - 1)::text, ''), v.reference, '', v.source, false
	FROM instrument_validity v WHERE v.instrument_id = @instrument_id AND v.known_from IS NOT NULL
	UNION ALL
	SELECT p.id, 'party.joined', p.valid_from, p.from_precision, o.name, p.ground, p.status, '', p.source, false
	FROM participation p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id AND p.valid_from IS NOT NULL
	UNION ALL
	SELECT p.id, 'party.left', p.valid_to, p.to_precision, o.name, p.ended_ground, p.status, '', p.source, false
	FROM participation p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id AND p.valid_to IS NOT NULL
	UNION ALL
	SELECT s.id, 'party.signed', s.on_day, s.precision, o.name, s.capacity, s.decision, '', s.source,
		EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id)
	FROM signature s JOIN participation p ON p.tenant_id = s.tenant_id AND p.id = s.participation_id
	JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id
	UNION ALL
	SELECT v.id, CASE WHEN EXISTS (SELECT FROM goal_version b WHERE b.tenant_id = v.tenant_id AND b.goal_id = v.goal_id
			AND (b.valid_from IS NULL OR b.valid_from < v.valid_from)) THEN 'goal.changed' ELSE 'goal.began' END,
		v.valid_from, v.from_precision, v.name, CASE WHEN v.ending = 'closed' THEN '' ELSE v.reason END, CASE WHEN v.ending = 'closed' THEN '' ELSE v.decision END, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.valid_from IS NOT NULL
	UNION ALL
	SELECT v.id, 'goal.closed', v.valid_to, 'day', v.name, v.reason, v.decision, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.ending = 'closed'
	UNION ALL
	SELECT v.id, 'goal.closing-decided', v.decided_day, v.decided_precision, v.name, v.reason, v.decision, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.ending = 'closed' AND v.decided_day IS NOT NULL AND v.decided_day <> v.valid_to
	UNION ALL
	SELECT n.id, 'goal.' || n.kind, n.on_day, 'day', coalesce((SELECT v.name FROM goal_version v WHERE v.tenant_id = n.tenant_id AND v.goal_id = n.goal_id
		ORDER BY v.valid_from DESC NULLS LAST LIMIT 1), ''), n.note, '', '', n.source, false
	FROM goal_note n WHERE n.instrument_id = @instrument_id
	UNION ALL
	SELECT l.id, 'local.began', l.valid_from, l.from_precision, l.title, l.note, l.registry_number, l.link, l.source, false
	FROM local_agreement l WHERE l.instrument_id = @instrument_id AND l.valid_from IS NOT NULL
	UNION ALL
	SELECT l.id, 'local.ended', l.valid_to - 1, l.to_precision, l.title, '', l.registry_number, l.link, l.source, false
	FROM local_agreement l WHERE l.instrument_id = @instrument_id AND l.valid_to IS NOT NULL
) t
ORDER BY t.on_day DESC, t.kind, t.subject, t.id LIMIT @max OFFSET @skip;

-- name: Latest :many
-- The latest of all that happened to an instrument, as Timeline tells it. Of what
-- goals have said no more is read than can be shown: the end of an index. How
-- much that is stands here and is no argument: of a limit that it does not know
-- PostgreSQL expects so much that it plans the whole anew each time.
SELECT t.id::uuid AS id, t.kind::text AS kind, t.on_day::date AS on_day, t.precision::text AS precision, t.subject::text AS subject,
	t.note::text AS note, t.reference::text AS reference, t.link::text AS link, t.source::text AS source, t.corrected::boolean AS corrected
FROM (
	SELECT e.id, 'event.' || e.kind AS kind, e.on_day, e.precision, '' AS subject, e.note, e.reference, e.link, e.source,
		EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id) AS corrected
	FROM instrument_event e WHERE e.instrument_id = @instrument_id
	UNION ALL
	SELECT a.id, 'adoption.' || a.kind, a.on_day, a.precision, a.body, a.mode, a.minutes, '', a.source,
		EXISTS (SELECT FROM adoption c WHERE c.tenant_id = a.tenant_id AND c.corrects_id = a.id)
	FROM adoption a WHERE a.instrument_id = @instrument_id AND a.on_day IS NOT NULL
	UNION ALL
	SELECT x.id, 'text.' || x.kind, x.on_day, x.precision, x.name, x.note, '', x.link, x.source, false
	FROM instrument_text x WHERE x.instrument_id = @instrument_id AND x.on_day IS NOT NULL
	UNION ALL
	SELECT v.id, 'validity.' || v.kind, v.known_from, 'day', '', coalesce((v.valid_to - 1)::text, ''), v.reference, '', v.source, false
	FROM instrument_validity v WHERE v.instrument_id = @instrument_id AND v.known_from IS NOT NULL
	UNION ALL
	SELECT p.id, 'party.joined', p.valid_from, p.from_precision, o.name, p.ground, p.status, '', p.source, false
	FROM participation p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id AND p.valid_from IS NOT NULL
	UNION ALL
	SELECT p.id, 'party.left', p.valid_to, p.to_precision, o.name, p.ended_ground, p.status, '', p.source, false
	FROM participation p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id AND p.valid_to IS NOT NULL
	UNION ALL
	SELECT s.id, 'party.signed', s.on_day, s.precision, o.name, s.capacity, s.decision, '', s.source,
		EXISTS (SELECT FROM signature c WHERE c.tenant_id = s.tenant_id AND c.corrects_id = s.id)
	FROM signature s JOIN participation p ON p.tenant_id = s.tenant_id AND p.id = s.participation_id
	JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
	WHERE p.instrument_id = @instrument_id
	UNION ALL
	(SELECT v.id, CASE WHEN EXISTS (SELECT FROM goal_version b WHERE b.tenant_id = v.tenant_id AND b.goal_id = v.goal_id
			AND (b.valid_from IS NULL OR b.valid_from < v.valid_from)) THEN 'goal.changed' ELSE 'goal.began' END,
		v.valid_from, v.from_precision, v.name, CASE WHEN v.ending = 'closed' THEN '' ELSE v.reason END, CASE WHEN v.ending = 'closed' THEN '' ELSE v.decision END, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.valid_from IS NOT NULL
	ORDER BY v.valid_from DESC LIMIT 201)
	UNION ALL
	(SELECT v.id, 'goal.closed', v.valid_to, 'day', v.name, v.reason, v.decision, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.ending = 'closed'
	ORDER BY v.valid_to DESC LIMIT 201)
	UNION ALL
	(SELECT v.id, 'goal.closing-decided', v.decided_day, v.decided_precision, v.name, v.reason, v.decision, '', v.source, false
	FROM goal_version v WHERE v.instrument_id = @instrument_id AND v.ending = 'closed' AND v.decided_day IS NOT NULL AND v.decided_day <> v.valid_to
	ORDER BY v.decided_day DESC LIMIT 201)
	UNION ALL
	SELECT n.id, 'goal.' || n.kind, n.on_day, 'day', coalesce((SELECT v.name FROM goal_version v WHERE v.tenant_id = n.tenant_id AND v.goal_id = n.goal_id
		ORDER BY v.valid_from DESC NULLS LAST LIMIT 1), ''), n.note, '', '', n.source, false
	FROM goal_note n WHERE n.instrument_id = @instrument_id
	UNION ALL
	SELECT l.id, 'local.began', l.valid_from, l.from_precision, l.title, l.note, l.registry_number, l.link, l.source, false
	FROM local_agreement l WHERE l.instrument_id = @instrument_id AND l.valid_from IS NOT NULL
	UNION ALL
	SELECT l.id, 'local.ended', l.valid_to - 1, l.to_precision, l.title, '', l.registry_number, l.link, l.source, false
	FROM local_agreement l WHERE l.instrument_id = @instrument_id AND l.valid_to IS NOT NULL
) t
ORDER BY t.on_day DESC, t.kind, t.subject, t.id LIMIT 201;

-- ── words ──

-- name: AddWords :exec
-- The words as they are, and each one's Swedish stem.
INSERT INTO agreement_word (word, subject, subject_id)
SELECT DISTINCT f.form, @subject::text, @subject_id::uuid FROM unnest(@words::text[]) AS w (word),
	LATERAL (VALUES (w.word), (coalesce((ts_lexize('swedish_stem', w.word))[1], w.word))) AS f (form)
ON CONFLICT (tenant_id, word, subject, subject_id) DO NOTHING;

-- name: ForgetWords :exec
DELETE FROM agreement_word WHERE subject_id = @subject_id;

-- name: Search :many
-- Each asked word is a beginning of one of the thing's words, or has a stem in
-- common with one. Two branches, because each is a range of the same index; and
-- two more for documents, whose words are their own room's.
-- The stems are made first, on their own: a function that is not leakproof must
-- not stand in a comparison with the table's column.
WITH asked AS MATERIALIZED (
	SELECT q.a, coalesce((ts_lexize('swedish_stem', q.a))[1], q.a) AS stem, q.a || U&'\FFFF' AS beyond FROM unnest(@words::text[]) AS q (a)
), hit AS (
	SELECT w.subject, w.subject_id FROM (
		SELECT b.subject, b.subject_id, q.a FROM asked q JOIN agreement_word b ON b.word >= q.a AND b.word < q.beyond
		UNION ALL
		SELECT s.subject, s.subject_id, q.a FROM asked q JOIN agreement_word s ON s.word = q.stem
		UNION ALL
		SELECT 'document', b.document_id, q.a FROM asked q JOIN document_word b ON b.word >= q.a AND b.word < q.beyond WHERE @documents::boolean
		UNION ALL
		SELECT 'document', s.document_id, q.a FROM asked q JOIN document_word s ON s.word = q.stem WHERE @documents::boolean
	) w GROUP BY w.subject, w.subject_id HAVING count(DISTINCT w.a) = cardinality(@words::text[])
)
SELECT h.subject::text AS subject, h.subject_id::uuid AS subject_id, coalesce(f.instrument_id, '00000000-0000-0000-0000-000000000000')::uuid AS instrument_id, f.name::text AS name, f.ended::boolean AS ended, count(*) OVER () AS total
FROM hit h
JOIN LATERAL (
	SELECT i.id AS instrument_id, i.title AS name, false AS ended FROM instrument i WHERE h.subject = 'instrument' AND i.tenant_id = @tenant_id AND i.id = h.subject_id
	UNION ALL
	(SELECT v.instrument_id, v.name, v.valid_to IS NOT NULL AND v.valid_to <= @on_day FROM goal_version v
		WHERE h.subject = 'goal' AND v.tenant_id = @tenant_id AND v.goal_id = h.subject_id ORDER BY v.valid_from DESC NULLS LAST LIMIT 1)
	UNION ALL
	SELECT n.instrument_id, n.name, n.valid_to IS NOT NULL AND n.valid_to <= @on_day FROM network n WHERE h.subject = 'network' AND n.tenant_id = @tenant_id AND n.id = h.subject_id
	UNION ALL
	SELECT l.instrument_id, l.title, l.valid_to IS NOT NULL AND l.valid_to <= @on_day FROM local_agreement l WHERE h.subject = 'local-agreement' AND l.tenant_id = @tenant_id AND l.id = h.subject_id
	UNION ALL
	SELECT NULL, d.title, d.withdrawn_at IS NOT NULL FROM document d WHERE h.subject = 'document' AND d.tenant_id = @tenant_id AND d.id = h.subject_id
) f ON true
ORDER BY array_position(ARRAY['instrument', 'goal', 'local-agreement', 'network', 'document'], h.subject::text), f.name, h.subject_id LIMIT @max OFFSET @skip;

-- name: KindUses :one
-- How many instruments are of a kind of the configuration.
SELECT count(*) FROM instrument WHERE kind = @key;

-- name: StatusUses :one
SELECT count(*) FROM participation WHERE status = @key;

-- name: LevelUses :one
SELECT count(DISTINCT goal_id) FROM goal_version WHERE level = @key;

-- ── the whole of an instrument, to be carried elsewhere ──

-- name: AllLeads :many
SELECT * FROM instrument_lead WHERE instrument_id = @instrument_id ORDER BY valid_from NULLS FIRST, id;

-- name: AllCounts :many
SELECT * FROM instrument_count WHERE instrument_id = @instrument_id ORDER BY what, level, valid_from NULLS FIRST;

-- name: AllParticipations :many
SELECT * FROM participation WHERE instrument_id = @instrument_id ORDER BY valid_from NULLS FIRST, id;

-- name: AllSignatures :many
-- Each after what it corrects.
SELECT s.* FROM signature s JOIN participation p ON p.tenant_id = s.tenant_id AND p.id = s.participation_id
WHERE p.instrument_id = @instrument_id ORDER BY s.id;

-- name: AllGoalVersions :many
SELECT sqlc.embed(v), g.key, coalesce(p.key, '')::text AS parent FROM goal_version v
JOIN goal g ON g.tenant_id = v.tenant_id AND g.id = v.goal_id
LEFT JOIN goal p ON p.tenant_id = v.tenant_id AND p.id = v.parent_id
WHERE v.instrument_id = @instrument_id ORDER BY g.key, v.valid_from NULLS FIRST;

-- name: AllNotes :many
SELECT * FROM goal_note WHERE instrument_id = @instrument_id ORDER BY goal_id, on_day, id;

-- name: AllLinks :many
-- The links that point to an instrument's goals, also those from its predecessors'.
SELECT sqlc.embed(l), f.key AS from_key, i.key AS from_instrument, f.instrument_id AS from_instrument_id, t.key AS to_key FROM goal_link l
JOIN goal t ON t.tenant_id = l.tenant_id AND t.id = l.to_id
JOIN goal f ON f.tenant_id = l.tenant_id AND f.id = l.from_id
JOIN instrument i ON i.tenant_id = f.tenant_id AND i.id = f.instrument_id
WHERE t.instrument_id = @instrument_id ORDER BY l.kind, i.key, f.key, t.key, l.valid_from NULLS FIRST;

-- name: AllNetworks :many
SELECT * FROM network WHERE instrument_id = @instrument_id ORDER BY key;

-- name: NetworkGoals :many
-- The goals of networks, each with its instrument: it need not be the network's own.
SELECT n.network_id, g.key, i.key AS instrument, g.instrument_id FROM network_goal n
JOIN goal g ON g.tenant_id = n.tenant_id AND g.id = n.goal_id
JOIN instrument i ON i.tenant_id = g.tenant_id AND i.id = g.instrument_id
WHERE n.network_id = ANY (@ids::uuid[]) ORDER BY n.network_id, i.key, g.key;

-- name: ImportGoalVersion :exec
-- A version with its end, as another installation kept it.
INSERT INTO goal_version (id, goal_id, instrument_id, parent_id, level, position, name, wording, ground, measure, themes, responsible_id,
	valid_from, from_precision, valid_to, ending, decision, decided_day, decided_precision, reason, source, published)
VALUES (@id, @goal_id, @instrument_id, @parent_id, @level, @position, @name, @wording, @ground, @measure, @themes, @responsible_id,
	@valid_from, @from_precision, @valid_to, @ending, @decision, @decided_day, @decided_precision, @reason, @source, @published);
