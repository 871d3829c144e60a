-- name: WrittenOver :many
-- The written procedures whose last day has passed.
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND kind = 'written' AND state IN ('called', 'open') AND on_day < @on_day ORDER BY on_day, id;

-- name: WrittenEnding :many
-- The written procedures that go on and end within some days.
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND kind = 'written' AND state IN ('called', 'open') AND on_day >= @on_day AND on_day <= @until_day ORDER BY on_day, id;

-- name: Silent :many
-- Those who were called to a written procedure and have not voted on something in it.
SELECT i.person_id FROM invitation i
WHERE i.meeting_id = @meeting_id AND i.role IN ('member', 'deputy') AND i.withdrawn_at IS NULL AND i.answer <> 'no'
	AND EXISTS (SELECT FROM agenda_item a WHERE a.tenant_id = i.tenant_id AND a.meeting_id = i.meeting_id AND a.kind = 'decision' AND a.outcome = ''
		AND NOT EXISTS (SELECT FROM ballot b WHERE b.tenant_id = a.tenant_id AND b.meeting_id = a.meeting_id AND b.item_id = a.id AND b.person_id = i.person_id))
ORDER BY i.person_id;
