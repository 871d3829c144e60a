-- name: Sight :many
-- Where a person sits or has been called: a row for each mandate, with its body,
-- and for each invitation, with its meeting and the days of the mandate that it rests on.
SELECT m.body, '00000000-0000-0000-0000-000000000000'::uuid AS meeting_id, m.valid_from::date AS valid_from, m.valid_to::date AS valid_to,
	(NOT m.deputy)::boolean AS seated, m.organisation_id
FROM mandate m WHERE m.tenant_id = @tenant_id AND m.person_id = @person_id
UNION ALL
SELECT '', i.meeting_id, a.valid_from, a.valid_to, (i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL)::boolean, i.organisation_id
FROM invitation i LEFT JOIN mandate a ON a.tenant_id = i.tenant_id AND a.id = i.mandate_id WHERE i.tenant_id = @tenant_id AND i.person_id = @person_id;
