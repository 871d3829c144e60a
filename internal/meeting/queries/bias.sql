-- name: AddBias :exec
-- Told twice is told once.
INSERT INTO bias (id, meeting_id, item_id, person_id, reason, told_at) VALUES (@id, @meeting_id, @item_id, @person_id, @reason, @told_at)
ON CONFLICT (tenant_id, item_id, person_id) DO NOTHING;

-- name: TakeBackBias :execrows
DELETE FROM bias WHERE meeting_id = @meeting_id AND item_id = @item_id AND person_id = @person_id;

-- name: Biases :many
SELECT b.item_id, b.person_id, b.reason, b.told_at, p.name FROM bias b JOIN person p ON p.tenant_id = b.tenant_id AND p.id = b.person_id
WHERE b.meeting_id = @meeting_id ORDER BY b.item_id, p.name, p.id;
