-- What has been promised and what has been done: each question is asked once,
-- however many bodies and meetings there are.

-- name: FirstMeetings :many
-- Since when meetings of each body are known, and since when all of them are: what
-- came in from a register of before may be only some.
SELECT body, min(on_day)::date AS first_day, (min(on_day) FILTER (WHERE NOT imported))::date AS kept_from FROM meeting WHERE tenant_id = @tenant_id AND state <> 'cancelled' GROUP BY body;

-- name: MeetingsAround :many
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND on_day >= @from_day AND on_day < @to_day AND state <> 'cancelled' ORDER BY on_day, id;

-- name: DraftsReadBy :many
-- The meetings of whose minutes, which do not stand yet, somebody may read something: what he writes
-- or has been asked to attest, and what was attested at once.
SELECT m.id FROM meeting m
WHERE m.tenant_id = @tenant_id AND m.state IN ('closed', 'drafted') AND (m.chair_id = @person_id::uuid OR m.secretary_id = @person_id
	OR EXISTS (SELECT FROM minutes_paragraph p WHERE p.tenant_id = m.tenant_id AND p.meeting_id = m.id AND p.adjusted_at IS NOT NULL)
	OR EXISTS (SELECT FROM adjusting j WHERE j.tenant_id = m.tenant_id AND j.meeting_id = m.id AND j.person_id = @person_id
		AND (j.asked_at IS NOT NULL OR j.adjusted_at IS NOT NULL OR j.declined_at IS NOT NULL)));

-- name: PapersAround :many
-- How many papers were added for each meeting, and how many late: confidential
-- matters' apart.
SELECT m.id AS meeting_id, i.confidential, count(*) AS papers, count(*) FILTER (WHERE p.late) AS late FROM meeting m
JOIN agenda_paper p ON p.tenant_id = m.tenant_id AND p.meeting_id = m.id
JOIN agenda_item i ON i.tenant_id = p.tenant_id AND i.id = p.item_id
WHERE m.tenant_id = @tenant_id AND m.on_day > @from_day AND m.on_day <= @to_day
GROUP BY m.id, i.confidential;

-- name: DecisionsAround :many
-- Those of a time, and those that somebody is still to carry out, each with whether
-- enough served for it.
SELECT d.id, d.body, d.title, d.outcome, d.decided_on, d.owner_id, coalesce(o.name, d.owner)::text AS owner, d.due_on, d.status, d.status_on, d.confidential, d.published,
	(d.act <> '' AND d.acted_at IS NULL AND d.outcome = 'carried' AND NOT EXISTS (SELECT FROM ratification r
		WHERE r.tenant_id = d.tenant_id AND r.decision_id = d.id AND r.answer <> 'ratified'))::boolean AS undone,
	coalesce(d.reckoning -> 'quorum' ->> 'of', '')::text AS quorum_of, coalesce(d.reckoning -> 'quorum' ->> 'holds', 'true')::boolean AS holds,
	coalesce(d.reckoning -> 'quorum' ->> 'counted', '0')::int AS counted, coalesce(d.reckoning -> 'quorum' ->> 'needed', '0')::int AS needed,
	m.id AS meeting_id, m.on_day, m.state, m.called_at
FROM decision d
JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
LEFT JOIN organisation o ON o.tenant_id = d.tenant_id AND o.id = d.owner_id
WHERE d.tenant_id = @tenant_id AND d.decided_on <= @to_day
	AND (d.decided_on > @from_day OR d.due_on IS NOT NULL AND (d.status = 'open' OR d.status_on > @from_day) OR d.act <> '' AND d.acted_at IS NULL AND d.outcome = 'carried')
ORDER BY d.due_on, d.decided_on, d.id;

-- name: ShortAround :many
-- Matters of a time that could not be decided because too few served.
SELECT i.id, i.body, i.title, i.confidential, i.short_counted, i.short_needed, m.id AS meeting_id, m.on_day, m.state, m.called_at
FROM agenda_item i
JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
WHERE i.tenant_id = @tenant_id AND i.state = 'postponed' AND i.short AND m.on_day > @from_day AND m.on_day <= @to_day
ORDER BY m.on_day, i.position, i.id;

-- name: RatificationsAround :many
-- What parties were asked in a time, have answered in it, or have not answered.
SELECT r.id, r.organisation_id, o.name AS party, r.asked_on, r.due_on, r.answered_on, d.id AS decision_id, d.body, d.title, d.confidential, d.published,
	m.id AS meeting_id, m.on_day, m.state, m.called_at
FROM ratification r
JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
JOIN decision d ON d.tenant_id = r.tenant_id AND d.id = r.decision_id
JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
WHERE r.tenant_id = @tenant_id AND r.asked_on <= @to_day AND (r.answered_on IS NULL OR r.answered_on > @from_day)
ORDER BY r.due_on, r.asked_on, o.name, r.id;

-- name: HandoversAround :many
-- Handovers that were begun, and on which day the last point was given and taken.
SELECT h.id, h.begun_on, coalesce(f.valid_to, h.begun_on)::date AS changes_on, f.body, f.place, f.organisation_id, coalesce(o.name, '')::text AS party,
	coalesce((SELECT max(greatest(i.given_at, i.taken_at)) FROM handover_item i WHERE i.tenant_id = h.tenant_id AND i.handover_id = h.id), to_timestamp(0))::timestamptz AS last_at,
	(h.to_id IS NOT NULL AND NOT EXISTS (SELECT FROM handover_item i WHERE i.tenant_id = h.tenant_id AND i.handover_id = h.id
		AND (i.given_at IS NULL OR i.taken_at IS NULL)))::boolean AS finished
FROM handover h
JOIN mandate f ON f.tenant_id = h.tenant_id AND f.id = h.from_id
LEFT JOIN organisation o ON o.tenant_id = f.tenant_id AND o.id = f.organisation_id
WHERE h.tenant_id = @tenant_id AND h.begun_on <= @to_day
ORDER BY h.begun_on, h.id;

-- name: AnswersAround :many
-- What a party's people were called to, and whether they answered.
SELECT i.id, i.place, i.answer, i.answered_at, i.invited_at, m.id AS meeting_id, m.body, m.on_day, m.answer_by, m.state, m.called_at FROM invitation i
JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
WHERE i.tenant_id = @tenant_id AND i.organisation_id = @organisation_id AND i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL
	AND m.state <> 'cancelled' AND m.on_day > @from_day
ORDER BY m.on_day, i.place, i.id;

-- name: GoalsAtTop :many
-- What stands on some levels of some instruments on a day.
SELECT g.id, g.key, v.name, v.instrument_id, v.valid_from FROM goal_version v
JOIN goal g ON g.tenant_id = v.tenant_id AND g.id = v.goal_id
WHERE v.tenant_id = @tenant_id AND v.instrument_id = ANY (@instruments::uuid[]) AND v.level = ANY (@levels::text[]) AND v.until > @on_day AND v.since <= @on_day
ORDER BY v.position, v.name, g.id;
