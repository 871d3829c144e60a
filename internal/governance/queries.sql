-- ── who sits at which table ──

-- name: Table :many
-- The organisations that can have a place on a day, in Swedish order: the parties that
-- count in the instruments that hold, and those that the configuration names. Where
-- nothing holds, the parties of what held last: bodies live on after their agreement.
-- What each is party as stands in roles; none for one that is only named.
WITH known AS (
	SELECT DISTINCT ON (w.instrument_id) w.instrument_id, w.valid_from, w.valid_to FROM instrument_validity w
	WHERE w.known_from IS NULL OR w.known_from <= @on_day ORDER BY w.instrument_id, w.known_from DESC NULLS LAST
), over AS (
	SELECT e.instrument_id FROM instrument_event e WHERE e.kind IN ('ended', 'dissolved') AND e.on_day <= @on_day
		AND NOT EXISTS (SELECT FROM instrument_event c WHERE c.tenant_id = e.tenant_id AND c.corrects_id = e.id)
), taking_part AS (
	SELECT p.instrument_id, p.organisation_id, p.roles FROM participation p WHERE p.status = ANY (@counted::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)
), standing AS (
	SELECT i.id, k.valid_from, k.valid_to,
		(k.instrument_id IS NOT NULL AND (k.valid_to IS NULL OR k.valid_to > @on_day) AND i.id NOT IN (SELECT instrument_id FROM over)) AS holds
	FROM instrument i LEFT JOIN known k ON k.instrument_id = i.id
	WHERE NOT i.draft AND (k.valid_from IS NULL OR k.valid_from <= @on_day) AND i.id IN (SELECT instrument_id FROM taking_part)
), chosen AS (
	SELECT id FROM standing WHERE holds
	UNION
	(SELECT id FROM standing WHERE NOT EXISTS (SELECT FROM standing WHERE holds) ORDER BY valid_to DESC NULLS LAST, valid_from DESC NULLS LAST, id DESC LIMIT 1)
), party AS (
	SELECT t.organisation_id, array_agg(DISTINCT role ORDER BY role)::text[] AS roles
	FROM taking_part t
	JOIN organisation o ON o.id = t.organisation_id
	CROSS JOIN LATERAL unnest(CASE WHEN cardinality(t.roles) > 0 THEN t.roles ELSE ARRAY[o.type] END) AS role
	WHERE t.instrument_id IN (SELECT id FROM chosen)
	GROUP BY t.organisation_id
)
SELECT o.id, o.key, o.name, o.short_name, o.type, coalesce(p.roles, '{}')::text[] AS roles
FROM organisation o LEFT JOIN party p ON p.organisation_id = o.id
WHERE p.organisation_id IS NOT NULL OR o.key = ANY (@keys::text[])
ORDER BY o.name, o.id;

-- name: PublishedTable :many
-- Table of what is published: an agreement ends there when its time does, for what
-- happened to it is not published.
WITH known AS (
	SELECT DISTINCT ON (w.instrument_id) w.instrument_id, w.valid_from, w.valid_to FROM instrument_validity w
	WHERE w.known_from IS NULL OR w.known_from <= @on_day ORDER BY w.instrument_id, w.known_from DESC NULLS LAST
), taking_part AS (
	SELECT p.instrument_id, p.organisation_id, p.roles FROM participation p WHERE p.published AND p.status = ANY (@counted::text[])
		AND (p.valid_from IS NULL OR p.valid_from <= @on_day) AND (p.valid_to IS NULL OR p.valid_to > @on_day)
), standing AS (
	SELECT i.id, k.valid_from, k.valid_to, (k.instrument_id IS NOT NULL AND (k.valid_to IS NULL OR k.valid_to > @on_day)) AS holds
	FROM instrument i LEFT JOIN known k ON k.instrument_id = i.id
	WHERE i.published AND (k.valid_from IS NULL OR k.valid_from <= @on_day) AND i.id IN (SELECT instrument_id FROM taking_part)
), chosen AS (
	SELECT id FROM standing WHERE holds
	UNION
	(SELECT id FROM standing WHERE NOT EXISTS (SELECT FROM standing WHERE holds) ORDER BY valid_to DESC NULLS LAST, valid_from DESC NULLS LAST, id DESC LIMIT 1)
), party AS (
	SELECT t.organisation_id, array_agg(DISTINCT role ORDER BY role)::text[] AS roles
	FROM taking_part t
	JOIN organisation o ON o.id = t.organisation_id
	CROSS JOIN LATERAL unnest(CASE WHEN cardinality(t.roles) > 0 THEN t.roles ELSE ARRAY[o.type] END) AS role
	WHERE t.instrument_id IN (SELECT id FROM chosen)
	GROUP BY t.organisation_id
)
SELECT o.id, o.key, o.name, o.short_name, o.type, coalesce(p.roles, '{}')::text[] AS roles
FROM organisation o LEFT JOIN party p ON p.organisation_id = o.id
WHERE o.published AND (p.organisation_id IS NOT NULL OR o.key = ANY (@keys::text[]))
ORDER BY o.name, o.id;

-- name: OfferedOn :many
-- The offers that have been accepted and make a seat on a day.
SELECT s.body, s.seat, o.id, o.key, o.name, o.short_name, o.type FROM seat_offer s
JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id
WHERE s.answer = 'accepted' AND s.valid_from <= @on_day AND (s.valid_to IS NULL OR s.valid_to > @on_day)
ORDER BY o.name, o.id;

-- name: Called :many
-- The organisations among some, by key.
SELECT id, key, name FROM organisation WHERE key = ANY (@keys::text[]);

-- ── mandates ──

-- name: Mandate :one
SELECT sqlc.embed(m), p.name, p.title, coalesce(o.name, '')::text AS party FROM mandate m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE m.id = @id;

-- name: Held :many
-- The mandates that hold on a day: in a body, of a person, or ('' and the zero id) all.
SELECT sqlc.embed(m), p.name, p.title, coalesce(o.name, '')::text AS party FROM mandate m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE (@body::text = '' OR m.body = @body) AND (@person_id::uuid = '00000000-0000-0000-0000-000000000000' OR m.person_id = @person_id)
	AND m.valid_from <= @on_day AND (m.valid_to IS NULL OR m.valid_to > @on_day)
	AND (p.valid_to IS NULL OR p.valid_to > @on_day)
ORDER BY m.body, m.place, m.deputy, m.rank, p.name, m.id;

-- name: List :many
-- A mandate that has been withdrawn has held on no day: it is over.
SELECT sqlc.embed(m), p.name, p.title, coalesce(o.name, '')::text AS party, count(*) OVER () AS total FROM mandate m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE (@body::text = '' OR m.body = @body) AND (@place::text = '' OR m.place = @place)
	AND (@organisation_id::uuid = '00000000-0000-0000-0000-000000000000' OR m.organisation_id = @organisation_id)
	AND (@person_id::uuid = '00000000-0000-0000-0000-000000000000' OR m.person_id = @person_id)
	AND (@status::text = 'all'
		OR @status = 'held' AND m.valid_from <= @on_day AND (m.valid_to IS NULL OR m.valid_to > @on_day)
		OR @status = 'coming' AND m.valid_from > @on_day AND m.valid_to IS DISTINCT FROM m.valid_from
		OR @status = 'ended' AND (m.valid_to <= @on_day OR m.valid_to = m.valid_from))
ORDER BY m.body, m.place, m.valid_from DESC, m.deputy, m.rank, m.id LIMIT @max OFFSET @skip;

-- name: Emptied :many
-- When each place, or pool, was last held before a day.
SELECT m.body, m.place, m.deputy, m.organisation_id, max(least(m.valid_to, p.valid_to))::date AS last_day FROM mandate m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE (@body::text = '' OR m.body = @body) AND (m.valid_to <= @on_day OR p.valid_to <= @on_day) AND m.valid_to IS DISTINCT FROM m.valid_from
GROUP BY m.body, m.place, m.deputy, m.organisation_id;

-- name: Appoint :exec
INSERT INTO mandate (id, body, place, organisation_id, person_id, deputy, rank, appointed_by, reference, source, ended_reason, imported, demo, valid_from, valid_to)
VALUES (@id, @body, @place, @organisation_id, @person_id, @deputy, @rank, @appointed_by, @reference, @source, @ended_reason, @imported, @demo, @valid_from, @valid_to);

-- name: NextRank :one
-- The first rank among a seat's or a pool's deputies that is free over a time.
SELECT coalesce((SELECT min(r) FROM generate_series(1, 99) AS r WHERE NOT EXISTS (
	SELECT FROM mandate m WHERE m.body = @body AND m.place = @place AND m.deputy AND m.rank = r
		AND m.organisation_id IS NOT DISTINCT FROM sqlc.narg('organisation_id')::uuid
		AND (m.valid_to IS NULL OR m.valid_to > @valid_from) AND (sqlc.narg('valid_to')::date IS NULL OR m.valid_from < sqlc.narg('valid_to')::date)
		AND m.valid_to IS DISTINCT FROM m.valid_from)), 0)::int AS rank;

-- name: End :execrows
UPDATE mandate SET valid_to = @valid_to, ended_reason = @ended_reason, version = version + 1 WHERE id = @id AND version = @version;

-- name: Correct :execrows
UPDATE mandate SET valid_from = @valid_from, valid_to = @valid_to, rank = @rank, appointed_by = @appointed_by, reference = @reference, source = @source,
	ended_reason = @ended_reason, version = version + 1
WHERE id = @id AND version = @version;

-- name: Clash :many
-- Who holds the place already in a time that somebody else is to hold it.
SELECT p.name, m.valid_from, least(m.valid_to, p.valid_to)::date AS valid_to FROM mandate m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
WHERE m.body = @body AND m.place = @place AND NOT m.deputy AND m.id <> @id
	AND (m.valid_to IS NULL OR m.valid_to > @valid_from) AND (sqlc.narg('valid_to')::date IS NULL OR m.valid_from < sqlc.narg('valid_to')::date)
	AND m.valid_to IS DISTINCT FROM m.valid_from
ORDER BY m.valid_from LIMIT 1;

-- name: Vacate :many
-- Who was not there any more in a time that somebody else is to hold the place has left
-- it that day. What would have begun later has held on none.
UPDATE mandate m SET valid_to = greatest(m.valid_from, p.valid_to), ended_reason = @ended_reason, version = m.version + 1
FROM person p
WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id AND m.body = @body AND m.place = @place AND NOT m.deputy AND p.valid_to <= greatest(m.valid_from, @valid_from::date)
	AND (m.valid_to IS NULL OR m.valid_to > @valid_from) AND (sqlc.narg('valid_to')::date IS NULL OR m.valid_from < sqlc.narg('valid_to')::date)
	AND m.valid_to IS DISTINCT FROM m.valid_from
RETURNING m.id;

-- name: Deputising :many
-- A person's mandates as deputy on a place, or in a party's pool, in a time that the
-- person is to hold the place.
SELECT id FROM mandate
WHERE body = @body AND person_id = @person_id AND deputy AND (place = @place OR place = '')
	AND organisation_id IS NOT DISTINCT FROM sqlc.narg('organisation_id')::uuid
	AND (valid_to IS NULL OR valid_to > @valid_from) AND (sqlc.narg('valid_to')::date IS NULL OR valid_from < sqlc.narg('valid_to')::date)
	AND valid_to IS DISTINCT FROM valid_from;

-- name: Promote :exec
-- What begins later than the day has held on none.
UPDATE mandate SET valid_to = greatest(valid_from, @from_day::date), ended_reason = @ended_reason, version = version + 1 WHERE id = @id;

-- name: Register :many
-- All mandates that have held or are to, as the register is written and read.
SELECT sqlc.embed(m), p.name, p.title, p.email, coalesce(o.key, '')::text AS organisation FROM mandate m
JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id
WHERE m.valid_to IS DISTINCT FROM m.valid_from
ORDER BY m.body, m.place, m.valid_from, m.deputy, m.rank, m.id;

-- name: Registered :many
-- Those whom a register may name: the person by address, or by name.
SELECT id, name, title, email, organisation_id FROM person
WHERE lower(email) = ANY (@emails::text[]) OR name = ANY (@names::text[]) ORDER BY valid_to DESC NULLS FIRST, id;

-- name: Running :many
-- The mandates that hold on a day or later, by what a configuration has to go on giving them.
SELECT body, place, organisation_id, greatest(valid_from, @on_day)::date AS valid_from, valid_to FROM mandate
WHERE (valid_to IS NULL OR valid_to > @on_day) AND valid_to IS DISTINCT FROM valid_from ORDER BY body, place, valid_from;

-- name: Awaited :many
-- All offers that hold on a day or later, accepted.
SELECT s.body, s.seat, o.id, o.key, o.name, o.short_name, o.type FROM seat_offer s
JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id
WHERE s.answer = 'accepted' AND (s.valid_to IS NULL OR s.valid_to > @on_day) ORDER BY o.name, o.id;

-- ── offers ──

-- name: AddOffer :exec
INSERT INTO seat_offer (id, body, seat, organisation_id, matter, offered_on, valid_from, valid_to, note, demo)
VALUES (@id, @body, @seat, @organisation_id, @matter, @offered_on, @valid_from, @valid_to, @note, @demo);

-- name: Offer :one
SELECT sqlc.embed(s), o.name AS party FROM seat_offer s JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id WHERE s.id = @id;

-- name: Offers :many
SELECT sqlc.embed(s), o.name AS party, count(*) OVER () AS total FROM seat_offer s
JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id
WHERE (@body::text = '' OR s.body = @body)
	AND (@organisation_id::uuid = '00000000-0000-0000-0000-000000000000' OR s.organisation_id = @organisation_id)
	AND (@answer::text = '' OR s.answer = CASE @answer WHEN 'open' THEN '' ELSE @answer END)
ORDER BY s.offered_on DESC, s.id DESC LIMIT @max OFFSET @skip;

-- name: AnswerOffer :execrows
UPDATE seat_offer SET answer = @answer, answered_on = @answered_on, note = @note, version = version + 1 WHERE id = @id AND version = @version;

-- name: SeatedByOffer :one
-- How many mandates rest on a party's offered seat on a day or later.
SELECT count(*) FROM mandate WHERE body = @body AND (place = @place OR starts_with(place, @place || '#')) AND (valid_to IS NULL OR valid_to > @on_day)
	AND valid_to IS DISTINCT FROM valid_from;

-- ── handovers ──

-- name: Neighbours :many
-- Who held a place just before a day, and who comes to hold it after.
(SELECT id, person_id, valid_from, valid_to, true AS before FROM mandate b WHERE b.body = @body AND b.place = @place AND NOT b.deputy AND b.id <> @id AND b.valid_to <= @on_day AND b.valid_to > b.valid_from
	ORDER BY b.valid_to DESC LIMIT 1)
UNION ALL
(SELECT id, person_id, valid_from, valid_to, false FROM mandate a WHERE a.body = @body AND a.place = @place AND NOT a.deputy AND a.id <> @id AND a.valid_from >= @on_day AND a.valid_to IS DISTINCT FROM a.valid_from
	ORDER BY a.valid_from LIMIT 1);

-- name: AddHandover :execrows
-- Begun once; a successor who comes later is written in.
INSERT INTO handover (id, from_id, to_id, begun_on, note, demo) VALUES (@id, @from_id, @to_id, @begun_on, @note, @demo)
ON CONFLICT (tenant_id, from_id) DO NOTHING;

-- name: SucceedHandover :execrows
UPDATE handover SET to_id = @to_id, version = version + 1 WHERE from_id = @from_id AND to_id IS DISTINCT FROM @to_id::uuid;

-- name: UnfollowHandover :exec
-- Who was to follow does not.
UPDATE handover SET to_id = NULL, version = version + 1 WHERE to_id = @mandate_id;

-- name: AddHandoverItems :exec
INSERT INTO handover_item (id, handover_id, position, point, wording)
SELECT unnest(@ids::uuid[]), @handover_id::uuid, unnest(@positions::int[]), unnest(@points::text[]), unnest(@wordings::text[]);

-- name: Handovers :many
-- unfinished: only those with something left to confirm. A zero id is all.
SELECT sqlc.embed(h), sqlc.embed(f), fp.name AS from_name, t.person_id AS to_person, t.valid_from AS to_from, coalesce(tp.name, '')::text AS to_name,
	coalesce(o.name, '')::text AS party, count(*) OVER () AS total
FROM handover h
JOIN mandate f ON f.tenant_id = h.tenant_id AND f.id = h.from_id
JOIN person fp ON fp.tenant_id = f.tenant_id AND fp.id = f.person_id
LEFT JOIN organisation o ON o.tenant_id = f.tenant_id AND o.id = f.organisation_id
LEFT JOIN mandate t ON t.tenant_id = h.tenant_id AND t.id = h.to_id
LEFT JOIN person tp ON tp.tenant_id = t.tenant_id AND tp.id = t.person_id
WHERE (@id::uuid = '00000000-0000-0000-0000-000000000000' OR h.id = @id)
	AND (@person_id::uuid = '00000000-0000-0000-0000-000000000000' OR f.person_id = @person_id OR t.person_id = @person_id)
	AND (@body::text = '' OR f.body = @body)
	AND (NOT @unfinished::boolean OR f.valid_to IS DISTINCT FROM f.valid_from AND (h.to_id IS NULL OR EXISTS (SELECT FROM handover_item i WHERE i.tenant_id = h.tenant_id AND i.handover_id = h.id AND (i.given_at IS NULL OR i.taken_at IS NULL))))
ORDER BY h.begun_on, h.id LIMIT @max OFFSET @skip;

-- name: HandoverItems :many
SELECT * FROM handover_item WHERE handover_id = ANY (@handovers::uuid[]) ORDER BY handover_id, position;

-- name: TouchHandover :execrows
UPDATE handover SET version = version + 1 WHERE id = @id AND version = @version;

-- name: GiveItem :execrows
UPDATE handover_item SET given_at = @at, given_by = @by WHERE handover_id = @handover_id AND id = @id AND given_at IS NULL;

-- name: TakeItem :execrows
UPDATE handover_item SET taken_at = @at, taken_by = @by WHERE handover_id = @handover_id AND id = @id AND taken_at IS NULL;

-- ── reminders ──

-- name: Reminded :many
-- The parties that have been reminded in a month.
SELECT organisation_id FROM vacancy_reminder WHERE month = @month;

-- name: Mailboxes :many
-- Where parties' official post goes, those that have a mailbox.
SELECT id, name, mailbox FROM organisation WHERE id = ANY (@ids::uuid[]) AND mailbox <> '' ORDER BY name, id;

-- name: Remind :exec
INSERT INTO vacancy_reminder (organisation_id, month, sent_at) VALUES (@organisation_id, @month, @sent_at)
ON CONFLICT (tenant_id, organisation_id, month) DO NOTHING;

-- ── what bodies answer for ──

-- name: GoalsCalled :many
-- What goals are called by their keys: on the day, else where they last stood.
SELECT DISTINCT ON (g.key) g.key, v.name FROM goal g
JOIN goal_version v ON v.tenant_id = g.tenant_id AND v.goal_id = g.id
WHERE g.tenant_id = @tenant_id AND g.key = ANY (@keys::text[])
ORDER BY g.key, (v.since <= @on_day AND v.until > @on_day) DESC, v.since DESC, g.id;
