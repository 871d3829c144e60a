-- +goose Up

-- Which part of the minutes a paragraph is, so that a draft that is made again
-- finds it; and whether somebody has written in it, so that it is kept.
ALTER TABLE minutes_paragraph
	ADD COLUMN part text COLLATE "C" NOT NULL CONSTRAINT minutes_paragraph_part CHECK (part IN ('opening', 'attendance', 'adjusters', 'item', 'closing')),
	ADD COLUMN edited boolean NOT NULL DEFAULT false,
	ADD CONSTRAINT minutes_paragraph_of_item CHECK ((part = 'item') = (item_id IS NOT NULL));
CREATE UNIQUE INDEX minutes_paragraph_item_once ON minutes_paragraph (tenant_id, item_id) WHERE item_id IS NOT NULL;

-- What a party has been given.
CREATE INDEX sharing_of_organisation ON sharing (tenant_id, organisation_id, meeting_id) WHERE organisation_id IS NOT NULL;

-- +goose Down
DROP INDEX sharing_of_organisation, minutes_paragraph_item_once;
ALTER TABLE minutes_paragraph DROP CONSTRAINT minutes_paragraph_of_item, DROP COLUMN edited, DROP COLUMN part;
