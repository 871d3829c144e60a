-- name: List :many
-- Newest first. An actor is told by the name on the person's card, when it is one
-- of the county. hidden are the entries that the reader may not see. Of what is
-- veiled he is not told what has no change but in untold fields: it tells that something
-- was done to what is hidden beside it.
SELECT e.seq, e.at, e.actor, e.request, e.subject, e.row_id, e.action, e.changed, p.body AS personal, p.masked_at, p.masked_reason,
	coalesce(who.name, '')::text AS actor_name
FROM audit_entry e
LEFT JOIN audit_personal p ON p.tenant_id = e.tenant_id AND p.seq = e.seq
LEFT JOIN person who ON who.tenant_id = e.tenant_id AND e.actor = 'person:' || who.id
WHERE (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id) AND (@actor::text = '' OR e.actor = @actor)
	AND e.seq NOT IN (SELECT unnest(@hidden::bigint[]))
	AND NOT (e.subject = ANY(@veiled::text[]) AND e.action = 'update' AND e.changed -> 'personal' IS NULL
		AND (coalesce(e.changed -> 'before', '{}') || coalesce(e.changed -> 'after', '{}')) - CASE WHEN e.subject = ANY(@ordered::text[]) THEN @unplaced::text[] ELSE @untold::text[] END = '{}')
ORDER BY e.seq DESC LIMIT @max OFFSET @skip;

-- name: Count :one
SELECT count(*) FROM audit_entry e
WHERE (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id) AND (@actor::text = '' OR e.actor = @actor)
	AND e.seq NOT IN (SELECT unnest(@hidden::bigint[]))
	AND NOT (e.subject = ANY(@veiled::text[]) AND e.action = 'update' AND e.changed -> 'personal' IS NULL
		AND (coalesce(e.changed -> 'before', '{}') || coalesce(e.changed -> 'after', '{}')) - CASE WHEN e.subject = ANY(@ordered::text[]) THEN @unplaced::text[] ELSE @untold::text[] END = '{}');

-- name: Plain :exec
-- The planner takes what is hidden to be far more than it is, and would compile the
-- question, which takes longer than to answer it.
SELECT set_config('jit', 'off', true);

-- name: Hidden :many
-- The entries that a reader who makes no meetings may not see: of a meeting that has
-- not been called, and of matters that are on its agenda or wait for one; of a
-- confidential matter of a meeting where he is neither member nor serving deputy, of
-- all that hangs on it, and of drafts of minutes that are not his to write or attest.
-- Until tells up to which entry: of what has been opened since, that is what was
-- written before. What has been called is told from its beginning. Of a row that is
-- gone the trail's last word tells what it hung on.
--
-- It is written level by level, and not as one recursion, because the planner
-- can tell how much there is on each level.
WITH uncalled AS MATERIALIZED (
	SELECT m.id FROM meeting m WHERE m.state IN ('announced', 'draft') OR m.state = 'cancelled' AND m.called_at IS NULL
), sat AS MATERIALIZED (
	SELECT m.id FROM meeting m
	WHERE m.id NOT IN (SELECT u.id FROM uncalled u)
		AND (EXISTS (SELECT FROM mandate a WHERE a.tenant_id = m.tenant_id AND a.person_id = @person_id AND a.body = m.body AND NOT a.deputy
				AND a.valid_from <= m.on_day AND (a.valid_to IS NULL OR a.valid_to > m.on_day))
			OR EXISTS (SELECT FROM invitation i LEFT JOIN mandate a ON a.tenant_id = i.tenant_id AND a.id = i.mandate_id
				WHERE i.tenant_id = m.tenant_id AND i.meeting_id = m.id AND i.person_id = @person_id AND i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL
				AND (a.valid_to IS NULL OR a.valid_to > m.on_day)))
), drafting AS MATERIALIZED (
	SELECT m.id FROM meeting m
	WHERE m.state NOT IN ('adjusted', 'published') AND m.chair_id IS DISTINCT FROM @person_id AND m.secretary_id IS DISTINCT FROM @person_id
		AND NOT EXISTS (SELECT FROM adjusting j WHERE j.tenant_id = m.tenant_id AND j.meeting_id = m.id AND j.person_id = @person_id AND j.paragraph_id IS NULL
			AND (j.asked_at IS NOT NULL OR j.adjusted_at IS NOT NULL OR j.declined_at IS NOT NULL))
), gone AS MATERIALIZED (
	SELECT e.subject, e.row_id::uuid AS id, (e.changed #>> '{before,meeting_id}')::uuid AS meeting_id, (e.changed #>> '{before,item_id}')::uuid AS item_id,
		(e.changed #>> '{before,paragraph_id}')::uuid AS paragraph_id, e.changed #>> '{before,confidential}' = 'true' AS confidential
	FROM audit_entry e WHERE e.subject IN ('minutes_paragraph', 'adjusting', 'bias') AND e.action = 'delete'
), opened AS MATERIALIZED (
	SELECT e.row_id::uuid AS id, max(e.seq) AS until FROM audit_entry e
	WHERE e.subject IN ('agenda_item', 'decision', 'minutes_paragraph') AND e.action = 'update' AND e.changed #>> '{before,confidential}' = 'true' GROUP BY e.row_id
), every_paragraph AS MATERIALIZED (
	-- Who attests one at once reads that one.
	SELECT p.id, p.meeting_id, p.item_id, p.confidential, p.adjusted_at IS NOT NULL
		OR EXISTS (SELECT FROM adjusting j WHERE j.tenant_id = p.tenant_id AND j.paragraph_id = p.id AND j.person_id = @person_id
			AND (j.asked_at IS NOT NULL OR j.adjusted_at IS NOT NULL OR j.declined_at IS NOT NULL)) AS read
	FROM minutes_paragraph p
	UNION ALL SELECT g.id, g.meeting_id, g.item_id, g.confidential, false FROM gone g WHERE g.subject = 'minutes_paragraph'
), closed AS MATERIALIZED (
	SELECT i.id, CASE WHEN i.confidential THEN 9223372036854775807 ELSE o.until END AS until FROM agenda_item i LEFT JOIN opened o ON o.id = i.id
	WHERE (i.confidential OR o.id IS NOT NULL) AND (i.meeting_id IS NULL OR i.meeting_id NOT IN (SELECT s.id FROM sat s))
), item AS MATERIALIZED (
	SELECT i.id, CASE WHEN i.meeting_id IS NULL OR u.id IS NOT NULL THEN 9223372036854775807 ELSE c.until END AS until
	FROM agenda_item i LEFT JOIN closed c ON c.id = i.id LEFT JOIN uncalled u ON u.id = i.meeting_id
	WHERE c.id IS NOT NULL OR u.id IS NOT NULL OR i.meeting_id IS NULL
), decided AS MATERIALIZED (
	SELECT d.id, greatest(i.until, CASE WHEN d.confidential THEN 9223372036854775807 ELSE o.until END) AS until
	FROM decision d LEFT JOIN item i ON i.id = d.item_id LEFT JOIN opened o ON o.id = d.id
	WHERE i.id IS NOT NULL OR (d.confidential OR o.id IS NOT NULL) AND d.meeting_id NOT IN (SELECT s.id FROM sat s)
), paragraph AS MATERIALIZED (
	SELECT p.id, p.meeting_id, p.confidential, greatest(i.until, CASE WHEN p.confidential OR f.id IS NOT NULL AND NOT p.read THEN 9223372036854775807 ELSE o.until END) AS until
	FROM every_paragraph p LEFT JOIN item i ON i.id = p.item_id LEFT JOIN opened o ON o.id = p.id LEFT JOIN drafting f ON f.id = p.meeting_id
	WHERE i.id IS NOT NULL OR (p.confidential OR o.id IS NOT NULL) AND p.meeting_id NOT IN (SELECT s.id FROM sat s) OR f.id IS NOT NULL AND NOT p.read
), paper AS MATERIALIZED (
	SELECT x.id, x.document_id, i.until FROM agenda_paper x JOIN item i ON i.id = x.item_id
), kept AS MATERIALIZED (
	SELECT d.id FROM document d WHERE d.restricted AND NOT EXISTS (SELECT FROM agenda_paper x
		WHERE x.tenant_id = d.tenant_id AND x.document_id = d.id AND x.id NOT IN (SELECT p.id FROM paper p))
), attesting AS MATERIALIZED (
	SELECT x.id, p.until FROM adjusting x JOIN paragraph p ON p.id = x.paragraph_id
	UNION ALL SELECT x.id, p.until FROM gone x JOIN paragraph p ON p.id = x.paragraph_id WHERE x.subject = 'adjusting'
	UNION ALL SELECT x.id, 9223372036854775807 FROM adjusting x WHERE x.paragraph_id IS NULL AND x.meeting_id IN (SELECT f.id FROM drafting f)
	UNION ALL SELECT x.id, 9223372036854775807 FROM gone x WHERE x.subject = 'adjusting' AND x.meeting_id IN (SELECT f.id FROM drafting f)
), shared AS MATERIALIZED (
	SELECT x.id, d.until FROM sharing x JOIN decided d ON d.id = x.decision_id
	UNION ALL SELECT x.id, 9223372036854775807 FROM sharing x WHERE x.document_id IN (SELECT k.id FROM kept k)
), whole (subject, id, until) AS MATERIALIZED (
	SELECT 'meeting', u.id, 9223372036854775807 FROM uncalled u
	UNION ALL SELECT 'agenda_item', i.id, i.until FROM item i
	-- What a meeting was called with stays told, though the matter waits again.
	UNION ALL SELECT 'agenda_called', x.id, c.until FROM agenda_called x JOIN closed c ON c.id = x.item_id
	UNION ALL SELECT 'agenda_paper', p.id, p.until FROM paper p
	UNION ALL SELECT 'document', k.id, 9223372036854775807 FROM kept k
	UNION ALL SELECT 'document_version', x.id, 9223372036854775807 FROM document_version x JOIN kept k ON k.id = x.document_id
	UNION ALL SELECT 'document_about', x.id, 9223372036854775807 FROM document_about x JOIN kept k ON k.id = x.document_id
	UNION ALL SELECT 'bias', x.id, i.until FROM bias x JOIN item i ON i.id = x.item_id
	UNION ALL SELECT 'bias', x.id, i.until FROM gone x JOIN item i ON i.id = x.item_id WHERE x.subject = 'bias'
	UNION ALL SELECT 'ballot', x.id, i.until FROM ballot x JOIN item i ON i.id = x.item_id
	UNION ALL SELECT 'remark', x.id, i.until FROM remark x JOIN item i ON i.id = x.item_id
	UNION ALL SELECT 'decision', d.id, d.until FROM decided d
	UNION ALL SELECT 'ratification', x.id, d.until FROM ratification x JOIN decided d ON d.id = x.decision_id
	UNION ALL SELECT 'ratification_earlier', x.id, d.until FROM ratification_earlier x JOIN ratification r ON r.id = x.ratification_id JOIN decided d ON d.id = r.decision_id
	UNION ALL SELECT 'duty', x.id, d.until FROM duty x JOIN decided d ON d.id = x.decision_id
	UNION ALL SELECT 'minutes_paragraph', p.id, p.until FROM paragraph p
	UNION ALL SELECT 'minutes', x.id, p.until FROM minutes x JOIN paragraph p ON p.meeting_id = x.meeting_id AND p.confidential
	UNION ALL SELECT 'amendment', x.id, p.until FROM amendment x JOIN paragraph p ON p.id = x.paragraph_id
	UNION ALL SELECT 'adjusting', a.id, a.until FROM attesting a
	UNION ALL SELECT 'sharing', s.id, s.until FROM shared s
	UNION ALL SELECT 'meeting_mail', x.id, t.until FROM meeting_mail x JOIN (SELECT p.id, p.until FROM paper p UNION ALL SELECT p.id, p.until FROM paragraph p
		UNION ALL SELECT a.id, a.until FROM attesting a UNION ALL SELECT s.id, s.until FROM shared s) t ON t.id = x.about_id
), named AS MATERIALIZED (
	SELECT w.id::text AS id FROM whole w WHERE w.subject IN ('agenda_item', 'decision')
), pointing (subject, row_id) AS MATERIALIZED (
	SELECT 'agenda_item', x.id::text FROM agenda_item x JOIN item i ON i.id = x.from_id
	UNION ALL SELECT 'decision', x.id::text FROM decision x JOIN decided d ON d.id = x.revises_id
	UNION ALL SELECT 'cost_run', x.id::text FROM cost_run x JOIN decided d ON d.id = x.decision_id
)
-- OFFSET 0: each row's entries by the index, however few or many the planner takes
-- the rows to be; the trail itself is never read through.
SELECT e.seq FROM whole w, LATERAL (SELECT t.seq FROM audit_entry t WHERE t.subject = w.subject AND t.row_id = w.id::text AND t.seq <= w.until OFFSET 0) e
WHERE (@subject::text = '' OR w.subject = @subject) AND (@row_id::text = '' OR w.id::text = @row_id)
-- What only points at it in passing: that entry, and not all of the row's.
UNION SELECT e.seq FROM pointing p JOIN audit_entry e ON e.subject = p.subject AND e.row_id = p.row_id
WHERE (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id)
	AND ((e.changed -> 'after') ?| ARRAY['from_id', 'revises_id', 'decision_id'] OR (e.changed -> 'before') ?| ARRAY['from_id', 'revises_id', 'decision_id'])
UNION SELECT e.seq FROM audit_entry e
WHERE e.subject IN ('meeting', 'attendance') AND (@subject::text = '' OR e.subject = @subject) AND (@row_id::text = '' OR e.row_id = @row_id)
	AND (e.changed #>> '{before,item_id}' IN (SELECT n.id FROM named n) OR e.changed #>> '{after,item_id}' IN (SELECT n.id FROM named n)
		OR e.changed #>> '{before,arrived_item}' IN (SELECT n.id FROM named n) OR e.changed #>> '{after,arrived_item}' IN (SELECT n.id FROM named n)
		OR e.changed #>> '{before,left_item}' IN (SELECT n.id FROM named n) OR e.changed #>> '{after,left_item}' IN (SELECT n.id FROM named n));

-- name: Mask :one
UPDATE audit_personal SET body = NULL, salt = NULL, masked_at = @masked_at, masked_reason = @masked_reason
WHERE seq = @seq AND body IS NOT NULL RETURNING seq;

-- name: Has :one
SELECT EXISTS (SELECT FROM audit_personal WHERE seq = @seq);

-- name: Head :one
SELECT seq, hash FROM audit_head WHERE tenant_id = @tenant_id;

-- name: Chain :many
-- A stretch of the chain with what each row's hash should be, worked out anew by PostgreSQL.
SELECT e.seq, e.hash, e.personal_digest, p.salt, coalesce(p.body::text, '')::text AS personal, (p.masked_at IS NOT NULL)::boolean AS masked, (p.seq IS NOT NULL)::boolean AS has_personal,
	audit_hash(coalesce((SELECT b.hash FROM audit_entry b WHERE b.tenant_id = e.tenant_id AND b.seq = e.seq - 1), '\x'), e.tenant_id, e.seq, e.at,
		e.actor, e.request, e.subject, e.row_id, e.action, e.changed, e.personal_digest) AS want
FROM audit_entry e LEFT JOIN audit_personal p ON p.tenant_id = e.tenant_id AND p.seq = e.seq
WHERE e.tenant_id = @tenant_id AND e.seq > @after ORDER BY e.seq LIMIT @max;

-- name: News :many
-- What people did to some sorts of things, newest first, and each version of
-- the configuration. The first condition is the index's own.
SELECT e.seq, e.at, e.actor, e.request, e.subject, e.row_id, e.action,
	CASE WHEN e.action = 'update' THEN e.changed ELSE '{}' END::jsonb AS changed, coalesce(who.name, '')::text AS actor_name
FROM audit_entry e
LEFT JOIN person who ON who.tenant_id = e.tenant_id AND e.actor = 'person:' || who.id
WHERE (starts_with(e.actor, 'person:') OR e.subject = 'county_version') AND e.subject = ANY(@subjects::text[])
ORDER BY e.seq DESC LIMIT @max;

-- name: Names :many
-- What many things are called today, and what each is a part of. A thing that
-- is gone has no row.
WITH asked AS MATERIALIZED (SELECT unnest(@subjects::text[]) AS subject, unnest(@ids::uuid[]) AS id),
of_instrument AS MATERIALIZED (
	SELECT a.subject, a.id, x.instrument_id, '' AS name FROM asked a JOIN instrument_validity x ON x.id = a.id WHERE a.subject = 'instrument_validity'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN instrument_event x ON x.id = a.id WHERE a.subject = 'instrument_event'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.name FROM asked a JOIN instrument_text x ON x.id = a.id WHERE a.subject = 'instrument_text'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN instrument_count x ON x.id = a.id WHERE a.subject = 'instrument_count'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN draft_choice x ON x.id = a.id WHERE a.subject = 'draft_choice'
	UNION ALL SELECT a.subject, a.id, x.later_id, '' FROM asked a JOIN instrument_succession x ON x.id = a.id WHERE a.subject = 'instrument_succession'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.body FROM asked a JOIN adoption x ON x.id = a.id WHERE a.subject = 'adoption'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN instrument_lead x ON x.id = a.id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'instrument_lead'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN participation x ON x.id = a.id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'participation'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, o.name FROM asked a JOIN signature s ON s.id = a.id
		JOIN participation x ON x.tenant_id = s.tenant_id AND x.id = s.participation_id
		JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'signature'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, coalesce((SELECT n.name FROM goal_version n WHERE n.tenant_id = x.tenant_id AND n.goal_id = x.id
			ORDER BY n.valid_from DESC NULLS LAST LIMIT 1), '')
		FROM asked a JOIN goal x ON x.id = a.id WHERE a.subject = 'goal'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, x.name FROM asked a JOIN goal_version x ON x.id = a.id WHERE a.subject = 'goal_version'
	UNION ALL SELECT a.subject, a.id, x.instrument_id, '' FROM asked a JOIN goal_note x ON x.id = a.id WHERE a.subject = 'goal_note'
	UNION ALL SELECT a.subject, a.id, g.instrument_id, '' FROM asked a JOIN goal_link x ON x.id = a.id
		JOIN goal g ON g.tenant_id = x.tenant_id AND g.id = x.from_id WHERE a.subject = 'goal_link'
)
SELECT a.subject::text AS subject, a.id::uuid AS id, 'organisation'::text AS whole_subject, o.id::uuid AS whole_id, o.name::text AS whole,
	o.name::text AS name, ''::text AS role, NULL::uuid AS party_id, ''::text AS party
FROM asked a JOIN organisation o ON o.id = a.id WHERE a.subject = 'organisation'
UNION ALL SELECT a.subject, a.id, 'organisation', o.id, o.name, o.name, '', NULL, ''
FROM asked a JOIN succession x ON x.id = a.id JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.predecessor_id WHERE a.subject = 'succession'
UNION ALL SELECT a.subject, a.id, 'person', p.id, p.name, p.name, '', NULL, ''
FROM asked a JOIN person p ON p.id = a.id WHERE a.subject = 'person'
UNION ALL SELECT a.subject, a.id, 'person', p.id, p.name, p.name, '', NULL, ''
FROM asked a JOIN identity x ON x.id = a.id JOIN person p ON p.tenant_id = x.tenant_id AND p.id = x.person_id WHERE a.subject = 'identity'
UNION ALL SELECT a.subject, a.id, 'membership', m.id, p.name, p.name, m.role, m.organisation_id, coalesce(o.name, '')
FROM asked a JOIN membership m ON m.id = a.id JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id WHERE a.subject = 'membership'
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document d ON d.id = a.id WHERE a.subject = 'document' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document_version x ON x.id = a.id JOIN document d ON d.tenant_id = x.tenant_id AND d.id = x.document_id WHERE a.subject = 'document_version' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'document', d.id, d.title, d.title, '', NULL, ''
FROM asked a JOIN document_about x ON x.id = a.id JOIN document d ON d.tenant_id = x.tenant_id AND d.id = x.document_id WHERE a.subject = 'document_about' AND NOT d.restricted
UNION ALL SELECT a.subject, a.id, 'instrument', i.id, i.title, i.title, '', NULL, ''
FROM asked a JOIN instrument i ON i.id = a.id WHERE a.subject = 'instrument'
UNION ALL SELECT x.subject, x.id, 'instrument', i.id, i.title, coalesce(nullif(x.name, ''), i.title), '', NULL, ''
FROM of_instrument x JOIN instrument i ON i.id = x.instrument_id
UNION ALL SELECT a.subject, a.id, 'network', n.id, n.name, n.name, '', NULL, ''
FROM asked a JOIN network n ON n.id = a.id WHERE a.subject = 'network'
UNION ALL SELECT a.subject, a.id, 'network', n.id, n.name, n.name, '', NULL, ''
FROM asked a JOIN network_goal x ON x.id = a.id JOIN network n ON n.tenant_id = x.tenant_id AND n.id = x.network_id WHERE a.subject = 'network_goal'
UNION ALL SELECT a.subject, a.id, 'local_agreement', l.id, l.title, l.title, '', NULL, ''
FROM asked a JOIN local_agreement l ON l.id = a.id WHERE a.subject = 'local_agreement'
UNION ALL SELECT a.subject, a.id, 'local_agreement', l.id, l.title, l.title, '', NULL, ''
FROM asked a JOIN local_party x ON x.id = a.id JOIN local_agreement l ON l.tenant_id = x.tenant_id AND l.id = x.local_agreement_id WHERE a.subject = 'local_party'
UNION ALL SELECT a.subject, a.id, 'mandate', m.id, p.name, p.name, '', m.organisation_id, coalesce(o.name, '')
FROM asked a JOIN mandate m ON m.id = a.id JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.organisation_id WHERE a.subject = 'mandate'
UNION ALL SELECT a.subject, a.id, 'seat_offer', x.id, o.name, o.name, '', x.organisation_id, o.name
FROM asked a JOIN seat_offer x ON x.id = a.id JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.organisation_id WHERE a.subject = 'seat_offer'
UNION ALL SELECT a.subject, a.id, 'handover', h.id, p.name, p.name, '', m.organisation_id, ''
FROM asked a JOIN handover h ON h.id = a.id JOIN mandate m ON m.tenant_id = h.tenant_id AND m.id = h.from_id
	JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE a.subject = 'handover'
UNION ALL SELECT a.subject, a.id, 'handover', h.id, p.name, p.name, '', m.organisation_id, ''
FROM asked a JOIN handover_item x ON x.id = a.id JOIN handover h ON h.tenant_id = x.tenant_id AND h.id = x.handover_id
	JOIN mandate m ON m.tenant_id = h.tenant_id AND m.id = h.from_id
	JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE a.subject = 'handover_item';
