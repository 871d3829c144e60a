-- +goose Up

-- The national register of population: rows of the nation, written only there and
-- read by every county, by the public and by the nation.

-- One taking in of figures, from a file or an address: looked at first, written
-- when somebody has confirmed it. What it counted stays when its content has gone.
CREATE TABLE population_import (
	tenant_id text COLLATE "C" NOT NULL CONSTRAINT population_import_national CHECK (tenant_id = 'sverige'),
	id uuid NOT NULL,
	state text COLLATE "C" NOT NULL CONSTRAINT population_import_state CHECK (state IN ('fetching', 'preview', 'writing', 'done', 'failed')),
	name text NOT NULL,
	address text NOT NULL,
	source text NOT NULL,
	fetched_at timestamptz,
	read integer NOT NULL DEFAULT 0,
	fresh integer NOT NULL DEFAULT 0,
	revised integer NOT NULL DEFAULT 0,
	unchanged integer NOT NULL DEFAULT 0,
	skipped integer NOT NULL DEFAULT 0,
	refused integer NOT NULL DEFAULT 0,
	problems jsonb NOT NULL,
	days integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL,
	ended_at timestamptz,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT population_import_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT population_import_from CHECK (name <> '' OR address <> ''),
	CONSTRAINT population_import_ended CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
);
CALL protect('population_import', grants => 'SELECT, INSERT, UPDATE');

-- What an import has read and will write, a reference day at a time. It goes when
-- all is written; the figures have their own trail.
CREATE TABLE population_import_content (
	tenant_id text COLLATE "C" NOT NULL,
	import_id uuid NOT NULL,
	municipalities text[] NOT NULL,
	days date[] NOT NULL,
	inhabitants bigint[] NOT NULL,
	sources text[] NOT NULL,
	written date,
	days_written integer NOT NULL DEFAULT 0,
	fresh integer NOT NULL DEFAULT 0,
	revised integer NOT NULL DEFAULT 0,
	unchanged integer NOT NULL DEFAULT 0,
	CONSTRAINT population_import_content_pkey PRIMARY KEY (tenant_id, import_id),
	CONSTRAINT population_import_content_of FOREIGN KEY (tenant_id, import_id) REFERENCES population_import (tenant_id, id),
	CONSTRAINT population_import_content_even CHECK (cardinality(municipalities) = cardinality(days) AND cardinality(days) = cardinality(inhabitants)
		AND cardinality(sources) = cardinality(days))
);
CALL guard('population_import_content', 'SELECT, INSERT, UPDATE, DELETE');

-- How many lived in a municipality on a day, as a source said when it was read.
-- A figure is never changed: another count is a later revision beside it. What is
-- not known has no row; it is never 0.
CREATE TABLE population_figure (
	tenant_id text COLLATE "C" NOT NULL CONSTRAINT population_figure_national CHECK (tenant_id = 'sverige'),
	id uuid NOT NULL,
	municipality text COLLATE "C" NOT NULL CONSTRAINT population_figure_code CHECK (municipality ~ '^[0-9]{4}$'),
	on_day date NOT NULL,
	revision integer NOT NULL CONSTRAINT population_figure_revision CHECK (revision > 0),
	inhabitants bigint NOT NULL CONSTRAINT population_figure_some CHECK (inhabitants BETWEEN 1 AND 99999999),
	source text NOT NULL CONSTRAINT population_figure_sourced CHECK (btrim(source) <> ''),
	fetched_at timestamptz NOT NULL,
	import_id uuid,
	CONSTRAINT population_figure_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT population_figure_once UNIQUE (tenant_id, municipality, on_day, revision),
	CONSTRAINT population_figure_import FOREIGN KEY (tenant_id, import_id) REFERENCES population_import (tenant_id, id)
);
CALL protect('population_figure', grants => 'SELECT, INSERT');

-- The days there are, and the figures of a day.
CREATE INDEX population_figure_day ON population_figure (tenant_id, on_day, municipality, revision);

-- Every county, the public and the nation read the nation's figures.
CREATE POLICY population_figure_known ON population_figure FOR SELECT TO overens_app, overens_public, overens_national USING (tenant_id = 'sverige');
GRANT SELECT ON population_figure TO overens_public, overens_national;

-- Not granted to anybody, and refused to whoever stands outside the grants too.
-- +goose StatementBegin
CREATE FUNCTION population_figure_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	RAISE EXCEPTION 'a figure is neither changed nor taken away' USING ERRCODE = 'check_violation', CONSTRAINT = 'population_figure_stands', TABLE = 'population_figure';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER population_figure_stands BEFORE UPDATE OR DELETE ON population_figure FOR EACH ROW EXECUTE FUNCTION population_figure_stands();

-- +goose Down
DROP TABLE population_figure, population_import_content, population_import;
DROP FUNCTION population_figure_stands();
