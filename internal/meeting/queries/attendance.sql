-- name: Present :many
-- Who is here now.
SELECT person_id FROM attendance WHERE meeting_id = @meeting_id AND left_at IS NULL ORDER BY person_id;

-- name: Attendances :many
-- Those who were called, and whoever came: a row for each time somebody was here.
SELECT p.id AS person_id, p.name, p.title, coalesce(o.name, '')::text AS party, coalesce(i.role, '')::text AS role, coalesce(i.answer, '')::text AS answer,
	(i.id IS NOT NULL AND i.withdrawn_at IS NULL)::boolean AS called, a.id, coalesce(a.remote, false)::boolean AS remote, a.arrived_at, a.arrived_item, a.left_at, a.left_item
FROM person p
LEFT JOIN invitation i ON i.tenant_id = p.tenant_id AND i.person_id = p.id AND i.meeting_id = @meeting_id
LEFT JOIN attendance a ON a.tenant_id = p.tenant_id AND a.person_id = p.id AND a.meeting_id = @meeting_id
LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = coalesce(i.organisation_id, p.organisation_id)
WHERE p.id IN (SELECT person_id FROM invitation WHERE meeting_id = @meeting_id UNION SELECT person_id FROM attendance WHERE meeting_id = @meeting_id)
ORDER BY p.name, p.id, a.arrived_at;

-- name: Expected :many
-- Those who were called, whose mandate has not ended, who have not said no and are not noted yet.
SELECT i.person_id, (i.answer = 'remote')::boolean AS remote FROM invitation i
WHERE i.meeting_id = @meeting_id AND i.withdrawn_at IS NULL AND i.answer <> 'no'
	AND NOT EXISTS (SELECT FROM mandate m WHERE m.tenant_id = i.tenant_id AND m.id = i.mandate_id AND (m.valid_from > @today OR m.valid_to <= @today))
	AND NOT EXISTS (SELECT FROM attendance a WHERE a.tenant_id = i.tenant_id AND a.meeting_id = i.meeting_id AND a.person_id = i.person_id)
ORDER BY i.person_id;

-- name: AddAttendances :exec
INSERT INTO attendance (id, meeting_id, person_id, remote, arrived_at, arrived_item)
SELECT unnest(@ids::uuid[]), @meeting_id::uuid, unnest(@persons::uuid[]), unnest(@remote::boolean[]), @arrived_at::timestamptz, sqlc.narg('arrived_item')::uuid;

-- name: LastAttendance :one
-- The last time that somebody came.
SELECT * FROM attendance WHERE meeting_id = @meeting_id AND person_id = @person_id ORDER BY arrived_at DESC, id DESC LIMIT 1;

-- name: TookPart :many
-- When the decisions were made in which somebody took part.
SELECT i.closed_at FROM decision d JOIN agenda_item i ON i.tenant_id = d.tenant_id AND i.id = d.item_id
WHERE d.meeting_id = @meeting_id AND i.closed_at IS NOT NULL
	AND d.reckoning @> jsonb_build_object('result', jsonb_build_object('entitled', jsonb_build_array(jsonb_build_object('person', @person_id::uuid))))
ORDER BY i.closed_at;

-- name: CorrectArrival :exec
UPDATE attendance SET remote = @remote, arrived_at = @arrived_at, arrived_item = @arrived_item WHERE id = @id;

-- name: Depart :exec
UPDATE attendance SET left_at = @left_at, left_item = @left_item WHERE id = @id;

-- name: ForgetAttendance :execrows
DELETE FROM attendance WHERE meeting_id = @meeting_id AND person_id = @person_id;

-- name: Declined :many
-- Those who were called and have said no.
SELECT person_id FROM invitation WHERE meeting_id = @meeting_id AND answer = 'no' AND withdrawn_at IS NULL ORDER BY person_id;
