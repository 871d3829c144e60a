-- What a holder of a seat leaves undone, when somebody follows.

-- name: CallsToFollow :many
-- The calls to a seat's holder from a day on, of meetings that have not begun.
SELECT i.id, i.meeting_id FROM invitation i JOIN meeting m ON m.tenant_id = i.tenant_id AND m.id = i.meeting_id
WHERE i.tenant_id = @tenant_id AND m.body = @body AND m.state = 'called' AND m.on_day >= @from_day AND i.person_id = @person_id AND i.place = @place
	AND i.role = 'member' AND i.withdrawn_at IS NULL
ORDER BY i.meeting_id;

-- name: FollowInMeetings :many
-- Who leads meetings to come, and who keeps their minutes.
UPDATE meeting SET version = version + 1, chair_id = CASE WHEN chair_id = @from_id THEN @to_id::uuid ELSE chair_id END,
	secretary_id = CASE WHEN secretary_id = @from_id THEN @to_id::uuid ELSE secretary_id END
WHERE body = @body AND state IN ('announced', 'draft', 'called') AND on_day >= @from_day AND (chair_id = @from_id OR secretary_id = @from_id)
RETURNING id;

-- name: FollowInDecisions :many
-- Who carries decisions out that are open, where it is somebody by name.
UPDATE decision SET version = version + 1, owner = @to_name::text
WHERE body = @body AND status = 'open' AND owner = @from_name::text AND (owner_id IS NULL OR owner_id = sqlc.narg('organisation_id'))
RETURNING id;

-- name: FollowInItems :many
-- Who presents matters that are still to be taken up.
UPDATE agenda_item i SET version = i.version + 1, rapporteur = @to_name::text
WHERE i.body = @body AND i.rapporteur = @from_name::text AND i.state IN ('proposed', 'waiting', 'planned')
	AND (i.meeting_id IS NULL OR EXISTS (SELECT FROM meeting m WHERE m.tenant_id = i.tenant_id AND m.id = i.meeting_id
		AND m.state IN ('announced', 'draft', 'called') AND m.on_day >= @from_day))
RETURNING i.id;

-- name: MeetingsAhead :many
-- The meetings of a body (or '' of all) that people are called to and that are not over,
-- held until the unit of work ends.
SELECT * FROM meeting WHERE tenant_id = @tenant_id AND (@body::text = '' OR body = @body) AND (state = 'open' OR state = 'called' AND on_day >= @today)
ORDER BY on_day, id FOR UPDATE;
