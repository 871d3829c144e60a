-- +goose Up

-- Confidential decisions are numbered in a series of their own: a hole in the
-- numbers that everybody reads would tell that they are there. A decision that has
-- a number keeps it.
ALTER TABLE decision ADD COLUMN series text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT decision_series CHECK (series = '' OR series = 'S' AND confidential);
ALTER TABLE decision DROP CONSTRAINT decision_number_once;
ALTER TABLE decision ADD CONSTRAINT decision_number_once UNIQUE (tenant_id, body, year, series, number);
ALTER TABLE decision_count ADD COLUMN series text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decision_count DROP CONSTRAINT decision_count_pkey;
ALTER TABLE decision_count ADD CONSTRAINT decision_count_pkey PRIMARY KEY (tenant_id, body, year, series);

-- +goose Down
DELETE FROM decision_count WHERE series <> '';
ALTER TABLE decision_count DROP CONSTRAINT decision_count_pkey;
ALTER TABLE decision_count ADD CONSTRAINT decision_count_pkey PRIMARY KEY (tenant_id, body, year);
ALTER TABLE decision_count DROP COLUMN series;
ALTER TABLE decision DROP CONSTRAINT decision_number_once;
ALTER TABLE decision DROP COLUMN series;
ALTER TABLE decision ADD CONSTRAINT decision_number_once UNIQUE (tenant_id, body, year, number);
