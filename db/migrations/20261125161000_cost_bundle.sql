-- +goose Up

-- All statements of an adopted run in one file: asked for, made by a job that
-- tells how far it is, kept for a week. It is made of what is kept and can be
-- made again, so it has no trail.
CREATE TABLE cost_bundle (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	run_id uuid NOT NULL,
	lang text NOT NULL CONSTRAINT cost_bundle_lang CHECK (lang IN ('sv', 'en')),
	done integer NOT NULL DEFAULT 0 CONSTRAINT cost_bundle_done CHECK (done >= 0 AND done <= total),
	total integer NOT NULL,
	content bytea,
	failed text NOT NULL DEFAULT '',
	asked_at timestamptz NOT NULL,
	moved_at timestamptz NOT NULL, -- when it last got on
	made_at timestamptz,
	CONSTRAINT cost_bundle_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT cost_bundle_run FOREIGN KEY (tenant_id, run_id) REFERENCES cost_run (tenant_id, id),
	-- Of an adopted run every bundle is the same: one in each language is enough.
	CONSTRAINT cost_bundle_once UNIQUE (tenant_id, run_id, lang)
);
CREATE INDEX cost_bundle_age ON cost_bundle (tenant_id, asked_at);
CALL guard('cost_bundle', 'SELECT, INSERT, UPDATE, DELETE');

-- +goose Down
DROP TABLE cost_bundle;
