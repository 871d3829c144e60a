-- +goose Up

-- A text that lies here is a document of the same county's.
ALTER TABLE instrument_text ADD CONSTRAINT instrument_text_document FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id);

-- +goose Down
ALTER TABLE instrument_text DROP CONSTRAINT instrument_text_document;
