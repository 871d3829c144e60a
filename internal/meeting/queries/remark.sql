-- name: Remarked :one
-- The same kind again from the same person says it in other words.
INSERT INTO remark (id, meeting_id, item_id, person_id, organisation_id, kind, wording, made_at)
VALUES (@id, @meeting_id, @item_id, @person_id, @organisation_id, @kind, @wording, @made_at)
ON CONFLICT (tenant_id, item_id, person_id, kind) DO UPDATE SET wording = excluded.wording, made_at = excluded.made_at, withdrawn_at = NULL
RETURNING *;

-- name: Remark :one
SELECT * FROM remark WHERE id = @id;

-- name: WithdrawRemark :one
UPDATE remark SET withdrawn_at = coalesce(withdrawn_at, @withdrawn_at) WHERE id = @id RETURNING *;

-- name: Remarks :many
SELECT sqlc.embed(r), p.name, coalesce(o.name, '')::text AS party FROM remark r
JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id
LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
WHERE r.meeting_id = @meeting_id ORDER BY r.item_id, r.made_at, p.name, r.id;

-- name: RemarksBeside :many
-- What stands beside a decision, as its minutes have it: nothing that has been taken
-- back, and to others than those who sit nothing of a masked paragraph. Who does not
-- see the meeting reads what the published minutes say.
SELECT sqlc.embed(r), p.name, coalesce(o.name, '')::text AS party FROM remark r
JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id
LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
WHERE r.item_id = @item_id AND r.withdrawn_at IS NULL
	AND (@secret::boolean OR NOT EXISTS (SELECT FROM minutes_paragraph g WHERE g.tenant_id = r.tenant_id AND g.item_id = r.item_id AND g.confidential))
	AND (@whole::boolean OR EXISTS (SELECT FROM minutes_paragraph g WHERE g.tenant_id = r.tenant_id AND g.item_id = r.item_id AND g.published))
ORDER BY r.made_at, p.name, r.id;
