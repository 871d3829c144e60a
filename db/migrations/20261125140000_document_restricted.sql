-- +goose Up

-- A paper that only those may see who see the matter it belongs to: the room of
-- that matter opens it for them. Others find neither it nor that it is there.
ALTER TABLE document ADD restricted boolean NOT NULL DEFAULT false,
	ADD CONSTRAINT document_restricted_unpublished CHECK (NOT (restricted AND published));

-- +goose Down
ALTER TABLE document DROP CONSTRAINT document_restricted_unpublished, DROP restricted;
