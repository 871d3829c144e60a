-- +goose Up

-- Who writes the minutes is told when somebody sends the draft back.
ALTER TABLE meeting_mail DROP CONSTRAINT meeting_mail_event;
ALTER TABLE meeting_mail ADD CONSTRAINT meeting_mail_event
	CHECK (event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'ended', 'paper', 'reminder', 'adjust', 'returned', 'minutes', 'share'));

-- +goose Down
ALTER TABLE meeting_mail DROP CONSTRAINT meeting_mail_event;
ALTER TABLE meeting_mail ADD CONSTRAINT meeting_mail_event
	CHECK (event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'ended', 'paper', 'reminder', 'adjust', 'minutes', 'share')) NOT VALID;
