-- +goose Up

-- What was looked at and is not to be written.
ALTER TABLE population_import DROP CONSTRAINT population_import_state;
ALTER TABLE population_import ADD CONSTRAINT population_import_state CHECK (state IN ('fetching', 'preview', 'writing', 'done', 'failed', 'discarded'));
ALTER TABLE population_import DROP CONSTRAINT population_import_ended;
ALTER TABLE population_import ADD CONSTRAINT population_import_ended CHECK ((state IN ('done', 'failed', 'discarded')) = (ended_at IS NOT NULL));

-- +goose Down
ALTER TABLE population_import DROP CONSTRAINT population_import_ended;
ALTER TABLE population_import DROP CONSTRAINT population_import_state;
UPDATE population_import SET state = 'failed' WHERE state = 'discarded';
ALTER TABLE population_import ADD CONSTRAINT population_import_state CHECK (state IN ('fetching', 'preview', 'writing', 'done', 'failed'));
ALTER TABLE population_import ADD CONSTRAINT population_import_ended CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL));
