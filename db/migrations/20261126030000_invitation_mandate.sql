-- +goose Up

-- Who no longer has a place on a meeting's day is told that the call holds no longer.
ALTER TABLE meeting_mail DROP CONSTRAINT meeting_mail_event;
ALTER TABLE meeting_mail ADD CONSTRAINT meeting_mail_event
	CHECK (event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'ended', 'paper', 'reminder', 'adjust', 'minutes', 'share'));
-- What rests on a mandate, where the mandate is changed.
CREATE INDEX invitation_of_mandate ON invitation (tenant_id, mandate_id) WHERE mandate_id IS NOT NULL;

-- +goose Down
DROP INDEX invitation_of_mandate;
ALTER TABLE meeting_mail DROP CONSTRAINT meeting_mail_event;
ALTER TABLE meeting_mail ADD CONSTRAINT meeting_mail_event
	CHECK (event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'paper', 'reminder', 'adjust', 'minutes', 'share')) NOT VALID;
