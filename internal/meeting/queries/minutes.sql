-- name: Paragraphs :many
SELECT * FROM minutes_paragraph WHERE meeting_id = @meeting_id ORDER BY number;

-- name: Paragraph :one
SELECT * FROM minutes_paragraph WHERE id = @id;

-- name: AttestedParagraph :one
-- A matter's paragraph, where it has been adjusted at once or with the rest.
SELECT number, adjusted_at FROM minutes_paragraph WHERE item_id = @item_id AND adjusted_at IS NOT NULL;

-- name: AddParagraph :one
INSERT INTO minutes_paragraph (id, meeting_id, item_id, part, number, heading, wording, confidential)
VALUES (@id, @meeting_id, @item_id, @part, @number, @heading, @wording, @confidential) RETURNING *;

-- name: LiftParagraphs :exec
-- Numbers are free again before they are given anew; what has been adjusted keeps its own.
UPDATE minutes_paragraph SET number = number + 100000, version = version + 1 WHERE meeting_id = @meeting_id AND adjusted_at IS NULL;

-- name: RedraftParagraph :exec
-- What somebody has written stays; its number follows the rest.
UPDATE minutes_paragraph SET number = @number, heading = CASE WHEN edited THEN heading ELSE @heading END, wording = CASE WHEN edited THEN wording ELSE @wording END,
	confidential = confidential OR @confidential, version = version + 1
WHERE id = @id;

-- name: DropParagraph :exec
DELETE FROM minutes_paragraph WHERE id = @id;

-- name: ChangeParagraph :one
UPDATE minutes_paragraph SET heading = @heading, wording = @wording, confidential = @confidential, public_heading = @public_heading, public_wording = @public_wording,
	edited = edited OR @edited::boolean, noted = sqlc.narg('noted'), version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- name: MaskParagraph :one
-- What the public will read in place of it, also when it has been adjusted.
UPDATE minutes_paragraph SET public_heading = @public_heading, public_wording = @public_wording, version = version + 1 WHERE id = @id AND version = @version RETURNING *;

-- name: AdjustedParagraph :exec
UPDATE minutes_paragraph SET adjusted_at = @adjusted_at, version = version + 1 WHERE id = @id;

-- name: MinutedMeeting :one
UPDATE meeting SET state = 'drafted', version = version + 1 WHERE id = @id RETURNING *;

-- name: UnminutedMeeting :one
UPDATE meeting SET state = 'closed', version = version + 1 WHERE id = @id RETURNING *;

-- name: AdjustedMeeting :one
UPDATE meeting SET state = 'adjusted', adjusted_at = @adjusted_at, version = version + 1 WHERE id = @id RETURNING *;

-- name: AddMinutes :exec
INSERT INTO minutes (id, meeting_id, record, body, hash, adjusted_on) VALUES (@id, @meeting_id, @record, @body, @hash, @adjusted_on);

-- name: MinutesOf :one
SELECT * FROM minutes WHERE meeting_id = @meeting_id;

-- name: PartyName :one
SELECT name FROM organisation WHERE id = @id;
