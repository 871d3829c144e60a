-- +goose Up

-- Whether a matter could not be decided because too few served, how many did, and
-- how many the rule wanted. A matter that is taken up again begins anew.
ALTER TABLE agenda_item
	ADD COLUMN short boolean NOT NULL DEFAULT false,
	ADD COLUMN short_counted integer NOT NULL DEFAULT 0 CONSTRAINT agenda_item_short_counted CHECK (short_counted >= 0),
	ADD COLUMN short_needed integer NOT NULL DEFAULT 0 CONSTRAINT agenda_item_short_needed CHECK (short_needed >= 0),
	ADD CONSTRAINT agenda_item_short CHECK (short OR short_counted = 0 AND short_needed = 0);

-- +goose Down
ALTER TABLE agenda_item DROP COLUMN short_needed, DROP COLUMN short_counted, DROP COLUMN short;
