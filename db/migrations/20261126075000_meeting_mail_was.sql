-- +goose Up

-- What a meeting's day, time and place were before a change that is told of.
ALTER TABLE meeting_mail ADD COLUMN was jsonb;

-- +goose Down
ALTER TABLE meeting_mail DROP COLUMN was;
