-- +goose Up

-- What people did, and what became of the configuration: the news of a first
-- page, found without walking past all that the program wrote by itself.
CREATE INDEX audit_entry_news ON audit_entry (tenant_id, seq) WHERE starts_with(actor, 'person:') OR subject = 'county_version';

-- +goose Down
DROP INDEX audit_entry_news;
