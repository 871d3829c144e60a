-- +goose Up

-- One sharing of a shared function's cost over one period. As a preview it can be
-- made anew or dropped; once adopted it stands, and so do its statements: what it
-- rested on (input) and what came of it (result) are kept with it, and a
-- correction or a settlement is another run that names the one before.
CREATE TABLE cost_run (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	function text COLLATE "C" NOT NULL CONSTRAINT cost_run_function CHECK (function ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
	kind text NOT NULL CONSTRAINT cost_run_kind CHECK (kind IN ('statement', 'correction', 'settlement')),
	basis text NOT NULL CONSTRAINT cost_run_basis CHECK (basis IN ('budget', 'outcome')),
	state text NOT NULL DEFAULT 'preview' CONSTRAINT cost_run_state CHECK (state IN ('preview', 'adopted')),
	period_from date NOT NULL,
	period_until date NOT NULL, -- the last day
	shared bigint NOT NULL CONSTRAINT cost_run_shared CHECK (shared BETWEEN 0 AND 100000000000000), -- öre
	billed bigint NOT NULL, -- öre; a later run's is the difference to the one before
	input jsonb NOT NULL,
	result jsonb NOT NULL,
	configuration_version bigint NOT NULL,
	-- The first run of the chain, and the one right before.
	origin_id uuid,
	previous_id uuid,
	reason text NOT NULL DEFAULT '',
	decision_id uuid, -- by which decision it was adopted, or
	mandate text NOT NULL DEFAULT '', -- by what mandate of the officer's
	adopted_on date,
	adopted_at timestamptz,
	adopted_by uuid, -- the person, who may have no card any more
	created_at timestamptz NOT NULL,
	demo boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT cost_run_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT cost_run_configuration FOREIGN KEY (tenant_id, configuration_version) REFERENCES county_version (tenant_id, version),
	CONSTRAINT cost_run_origin FOREIGN KEY (tenant_id, origin_id) REFERENCES cost_run (tenant_id, id),
	CONSTRAINT cost_run_previous FOREIGN KEY (tenant_id, previous_id) REFERENCES cost_run (tenant_id, id),
	CONSTRAINT cost_run_decision FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
	CONSTRAINT cost_run_days CHECK (period_until >= period_from),
	CONSTRAINT cost_run_names_origin CHECK ((kind = 'statement') = (previous_id IS NULL) AND (previous_id IS NULL) = (origin_id IS NULL) AND (kind = 'statement' OR btrim(reason) <> '')),
	CONSTRAINT cost_run_by CHECK (state = 'preview' OR adopted_on IS NOT NULL AND adopted_at IS NOT NULL AND (decision_id IS NULL) = (btrim(mandate) <> '')),
	-- A period is billed once; what follows names what came before.
	CONSTRAINT cost_run_once EXCLUDE USING gist (tenant_id WITH =, function WITH =, daterange(period_from, period_until, '[]') WITH &&) WHERE (state = 'adopted' AND previous_id IS NULL)
);
CREATE UNIQUE INDEX cost_run_next_once ON cost_run (tenant_id, previous_id) WHERE state = 'adopted';
-- A function's runs, latest period first; the runs of one chain.
CREATE INDEX cost_run_by_period ON cost_run (tenant_id, function, period_from DESC, id DESC);
CREATE INDEX cost_run_chain ON cost_run (tenant_id, origin_id) WHERE origin_id IS NOT NULL;
CALL protect('cost_run');

-- What one payer is billed by a run: its share, less what earlier runs of the
-- chain have billed it.
CREATE TABLE cost_statement (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	run_id uuid NOT NULL,
	organisation_id uuid NOT NULL,
	position integer NOT NULL CONSTRAINT cost_statement_position CHECK (position > 0),
	share bigint NOT NULL CONSTRAINT cost_statement_share CHECK (share >= 0), -- öre
	before bigint NOT NULL DEFAULT 0, -- öre
	billed bigint NOT NULL, -- öre
	CONSTRAINT cost_statement_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT cost_statement_run FOREIGN KEY (tenant_id, run_id) REFERENCES cost_run (tenant_id, id) ON DELETE CASCADE,
	CONSTRAINT cost_statement_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT cost_statement_once UNIQUE (tenant_id, run_id, organisation_id),
	CONSTRAINT cost_statement_sum CHECK (billed = share - before)
);
-- A payer's statements over the years.
CREATE INDEX cost_statement_of_payer ON cost_statement (tenant_id, organisation_id, run_id);
CALL protect('cost_statement', grants => 'SELECT, INSERT, DELETE');

-- What was adopted stays; and it is adopted only if the statements sum to what is
-- shared and billed.
-- +goose StatementBegin
CREATE FUNCTION cost_run_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	shared numeric;
	billed numeric;
BEGIN
	IF TG_OP <> 'INSERT' AND OLD.state = 'adopted' THEN
		RAISE EXCEPTION 'the run is adopted' USING ERRCODE = 'check_violation', CONSTRAINT = 'cost_run_closed', TABLE = 'cost_run';
	END IF;
	IF TG_OP <> 'DELETE' AND NEW.state = 'adopted' THEN
		SELECT sum(s.share), sum(s.billed) INTO shared, billed FROM cost_statement s WHERE s.tenant_id = NEW.tenant_id AND s.run_id = NEW.id;
		IF shared IS DISTINCT FROM NEW.shared OR billed IS DISTINCT FROM NEW.billed THEN
			RAISE EXCEPTION 'the statements do not sum to the run' USING ERRCODE = 'check_violation', CONSTRAINT = 'cost_run_sum', TABLE = 'cost_run';
		END IF;
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER cost_run_closed BEFORE INSERT OR UPDATE OR DELETE ON cost_run FOR EACH ROW EXECUTE FUNCTION cost_run_closed();

-- The run's row is held while it is looked at, so that no statement slips in
-- beside the adoption.
-- +goose StatementBegin
CREATE FUNCTION cost_statement_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	r cost_statement := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
	held text;
BEGIN
	SELECT state INTO held FROM cost_run c WHERE c.tenant_id = r.tenant_id AND c.id = r.run_id FOR SHARE;
	IF held = 'adopted' OR TG_OP = 'UPDATE' THEN
		RAISE EXCEPTION 'the run is adopted' USING ERRCODE = 'check_violation', CONSTRAINT = 'cost_run_closed', TABLE = 'cost_run';
	END IF;
	RETURN r;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER cost_statement_closed BEFORE INSERT OR UPDATE OR DELETE ON cost_statement FOR EACH ROW EXECUTE FUNCTION cost_statement_closed();

-- What a payer asks about its statement, and what the county answers. Both stay
-- as they were said.
CREATE TABLE cost_question (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	statement_id uuid NOT NULL,
	asked_by uuid, -- a person, who may have no card any more
	asked_at timestamptz NOT NULL,
	question text NOT NULL CONSTRAINT cost_question_asked CHECK (btrim(question) <> ''),
	answered_by uuid,
	answered_at timestamptz,
	answer text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT cost_question_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT cost_question_statement FOREIGN KEY (tenant_id, statement_id) REFERENCES cost_statement (tenant_id, id),
	CONSTRAINT cost_question_answered CHECK ((answered_at IS NULL) = (btrim(answer) = ''))
);
CREATE INDEX cost_question_of ON cost_question (tenant_id, statement_id, asked_at);
-- What waits for an answer.
CREATE INDEX cost_question_open ON cost_question (tenant_id, asked_at) WHERE answered_at IS NULL;
CALL protect('cost_question', ARRAY['question', 'answer'], 'SELECT, INSERT, UPDATE');

-- +goose StatementBegin
CREATE FUNCTION cost_question_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.answered_at IS NOT NULL OR NEW.question <> OLD.question OR NEW.statement_id <> OLD.statement_id OR NEW.asked_at <> OLD.asked_at THEN
		RAISE EXCEPTION 'the question has its answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'cost_question_stands', TABLE = 'cost_question';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER cost_question_stands BEFORE UPDATE ON cost_question FOR EACH ROW EXECUTE FUNCTION cost_question_stands();

-- +goose Down
DROP TABLE cost_question, cost_statement, cost_run;
DROP FUNCTION cost_question_stands(), cost_statement_closed(), cost_run_closed();
