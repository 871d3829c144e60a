-- name: Invitations :many
-- Who is called to a meeting, and those who were no longer needed, in the order of their places.
SELECT sqlc.embed(i), p.name, p.title, p.email, coalesce(o.name, '')::text AS party, m.on_day, m.kind, m.state,
	a.valid_from::date AS valid_from, least(a.valid_to, p.valid_to)::date AS valid_to, p.valid_to AS left_on
FROM invitation i
JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
JOIN person p ON p.tenant_id = i.tenant_id AND p.id = i.person_id
LEFT JOIN mandate a ON a.tenant_id = i.tenant_id AND a.id = i.mandate_id
LEFT JOIN organisation o ON o.tenant_id = i.tenant_id AND o.id = i.organisation_id
WHERE i.meeting_id = @meeting_id ORDER BY array_position(ARRAY['member', 'deputy', 'adjunct', 'guest', 'staff'], i.role), o.name NULLS LAST, p.name, i.id;

-- name: Invitation :one
SELECT sqlc.embed(i), p.name, p.title, p.email, coalesce(o.name, '')::text AS party, m.on_day, m.kind, m.state,
	a.valid_from::date AS valid_from, least(a.valid_to, p.valid_to)::date AS valid_to
FROM invitation i
JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
JOIN person p ON p.tenant_id = i.tenant_id AND p.id = i.person_id
LEFT JOIN mandate a ON a.tenant_id = i.tenant_id AND a.id = i.mandate_id
LEFT JOIN organisation o ON o.tenant_id = i.tenant_id AND o.id = i.organisation_id
WHERE i.id = @id;

-- name: InvitationByToken :one
SELECT id FROM invitation WHERE tenant_id = @tenant_id AND token_hash = @token_hash;

-- name: InvitationOfAddress :one
-- The invitation that a calendar answers to: a meeting's, to who has an address.
SELECT i.id FROM invitation i JOIN person p ON p.tenant_id = i.tenant_id AND p.id = i.person_id
WHERE i.meeting_id = @meeting_id AND lower(p.email) = lower(@email::text) LIMIT 1;

-- name: InvitationsOf :many
-- A person's invitations to meetings that are still to be, and await an answer or
-- not: in writing one of votes.
SELECT sqlc.embed(i), sqlc.embed(m), p.name, p.title, coalesce(o.name, '')::text AS party,
	a.valid_from::date AS valid_from, least(a.valid_to, p.valid_to)::date AS valid_to
FROM invitation i
JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
JOIN person p ON p.tenant_id = i.tenant_id AND p.id = i.person_id
LEFT JOIN mandate a ON a.tenant_id = i.tenant_id AND a.id = i.mandate_id
LEFT JOIN organisation o ON o.tenant_id = i.tenant_id AND o.id = i.organisation_id
WHERE i.tenant_id = @tenant_id AND i.person_id = @person_id AND i.withdrawn_at IS NULL AND m.state IN ('called', 'open') AND m.on_day >= @today
	AND (NOT @silent::boolean OR CASE m.kind WHEN 'written' THEN i.role IN ('member', 'deputy')
		AND EXISTS (SELECT FROM agenda_item a WHERE a.tenant_id = i.tenant_id AND a.meeting_id = i.meeting_id AND a.kind = 'decision' AND a.outcome = ''
			AND NOT EXISTS (SELECT FROM ballot b WHERE b.tenant_id = a.tenant_id AND b.meeting_id = a.meeting_id AND b.item_id = a.id AND b.person_id = i.person_id))
		ELSE i.answer = '' END)
ORDER BY m.on_day, i.id;

-- name: Invite :execrows
INSERT INTO invitation (id, meeting_id, person_id, mandate_id, role, place, organisation_id, instead_of, invited_at)
VALUES (@id, @meeting_id, @person_id, @mandate_id, @role, @place, @organisation_id, @instead_of, @invited_at)
ON CONFLICT (tenant_id, meeting_id, person_id) DO NOTHING;

-- name: InviteAgain :exec
-- One who was no longer needed is needed again.
UPDATE invitation SET withdrawn_at = NULL, answer = '', answered_at = NULL, answered_how = '', note = '', instead_of = @instead_of, place = @place,
	mandate_id = @mandate_id, organisation_id = @organisation_id, role = @role, invited_at = @invited_at, version = version + 1
WHERE id = @id;

-- name: StandDown :exec
UPDATE invitation SET withdrawn_at = @withdrawn_at, version = version + 1 WHERE id = @id;

-- name: AnswerInvitation :exec
UPDATE invitation SET answer = @answer, answered_at = @answered_at, answered_how = @answered_how, note = @note, version = version + 1 WHERE id = @id;

-- name: ForgetAnswers :exec
-- What was answered to another day holds no longer.
UPDATE invitation SET answer = '', answered_at = NULL, answered_how = '', note = '', version = version + 1
WHERE meeting_id = @meeting_id AND withdrawn_at IS NULL AND answer <> '';

-- name: SetInvitationToken :exec
UPDATE invitation SET token_hash = @token_hash WHERE meeting_id = @meeting_id AND person_id = @person_id;

-- name: Mailboxes :many
-- The parties' functional mailboxes.
SELECT id FROM organisation WHERE id = ANY (@ids::uuid[]) AND mailbox <> '' ORDER BY id;

-- name: Post :many
-- One mail for each person and event. A calendar takes only what has a higher
-- number than what it had before.
INSERT INTO meeting_mail (id, meeting_id, event, sequence, person_id, organisation_id, about_id, was, queued_at)
SELECT n.id, @meeting_id, @event, CASE WHEN @calendar::boolean THEN greatest(@sequence::int, 1 + coalesce((SELECT max(o.sequence) FROM meeting_mail o
		WHERE o.meeting_id = @meeting_id AND o.person_id = n.person_id AND o.event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'ended')), -1)) ELSE @sequence END,
	CASE WHEN @parties::boolean THEN NULL ELSE n.person_id END, CASE WHEN @parties THEN n.person_id END, @about_id, sqlc.narg('was')::jsonb, @queued_at
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@people::uuid[]) AS person_id) n
ON CONFLICT DO NOTHING RETURNING id;

-- name: Mail :one
-- A mail that has not been sent, held by who sends it.
SELECT sqlc.embed(l), coalesce(p.name, o.name, '')::text AS name, coalesce(p.email, o.mailbox, '')::text AS address
FROM meeting_mail l
LEFT JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.person_id
LEFT JOIN organisation o ON o.tenant_id = l.tenant_id AND o.id = l.organisation_id
WHERE l.id = @id;

-- name: Mails :many
SELECT * FROM meeting_mail WHERE meeting_id = @meeting_id ORDER BY queued_at, event, id;

-- name: Mailed :exec
UPDATE meeting_mail SET sent_at = @sent_at, failed = @failed WHERE id = @id;

-- name: Unreached :many
-- Those whom the last letter to them about a meeting could not reach: people, and
-- parties by their mailboxes.
SELECT l.recipient::uuid FROM (
	SELECT DISTINCT ON (m.person_id, m.organisation_id) coalesce(m.person_id, m.organisation_id) AS recipient, m.failed FROM meeting_mail m
	WHERE m.meeting_id = @meeting_id ORDER BY m.person_id, m.organisation_id, m.queued_at DESC, m.id DESC) l
WHERE l.failed IN ('no address', 'unsendable') ORDER BY l.recipient;
