-- +goose Up

-- One organisation as one county knows it. Across counties it is matched by
-- organisation number or official code, never by id.
CREATE TABLE organisation (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	key text COLLATE "C" NOT NULL CONSTRAINT organisation_key_shape CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	type text NOT NULL CONSTRAINT organisation_type CHECK (type IN ('municipality', 'region', 'county-administration', 'state-agency',
		'university', 'coordination-association', 'municipal-federation', 'municipal-association', 'company', 'business-association',
		'trade-union', 'faith-community', 'civil-society', 'agreement-platform', 'other')),
	name text COLLATE "sv-x-icu" NOT NULL CONSTRAINT organisation_named CHECK (btrim(name) <> ''),
	short_name text NOT NULL DEFAULT '',
	organisation_number text COLLATE "C" CONSTRAINT organisation_number_shape CHECK (organisation_number ~ '^[0-9]{10}$'),
	official_code text COLLATE "C" CONSTRAINT organisation_code_shape CHECK (official_code ~ '^([0-9]{2}|[0-9]{4})$'),
	email text NOT NULL DEFAULT '',
	phone text NOT NULL DEFAULT '',
	website text NOT NULL DEFAULT '',
	-- Where the party's official post goes, whoever holds the office.
	mailbox text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	source text NOT NULL DEFAULT '',
	valid_from date,
	valid_to date,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT organisation_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT organisation_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT organisation_key_once UNIQUE (tenant_id, key),
	CONSTRAINT organisation_days CHECK (valid_to > valid_from)
);
-- Two that stand at the same time cannot be the same legal person, nor two
-- municipalities have the same code. A region and its county share a code.
CREATE UNIQUE INDEX organisation_number_once ON organisation (tenant_id, organisation_number) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX organisation_code_once ON organisation (tenant_id, type, official_code) WHERE valid_to IS NULL;
-- The list, in Swedish order, paged.
CREATE INDEX organisation_by_name ON organisation (tenant_id, name, id);
CALL protect('organisation', ARRAY['email', 'phone'], 'SELECT, INSERT, UPDATE');

CREATE POLICY organisation_published ON organisation FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY organisation_published_all ON organisation FOR SELECT TO overens_national USING (published);
GRANT SELECT (tenant_id, id, key, type, name, short_name, organisation_number, official_code, website, mailbox, published, demo, source, valid_from, valid_to, version)
	ON organisation TO overens_public, overens_national;

-- Who came after whom: a merger has several before, a split several after.
CREATE TABLE succession (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	predecessor_id uuid NOT NULL,
	successor_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT succession_kind CHECK (kind IN ('merged', 'split', 'renamed', 'replaced')),
	on_day date NOT NULL,
	CONSTRAINT succession_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT succession_predecessor FOREIGN KEY (tenant_id, predecessor_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT succession_successor FOREIGN KEY (tenant_id, successor_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT succession_once UNIQUE (tenant_id, predecessor_id, successor_id),
	CONSTRAINT succession_of_two CHECK (predecessor_id <> successor_id)
);
CREATE INDEX succession_back ON succession (tenant_id, successor_id);
CALL protect('succession', grants => 'SELECT, INSERT, UPDATE');

-- The words an organisation is found by: lower case, with å ä ö and folded.
-- They lie apart because LIKE cannot use an index behind row-level security,
-- while comparing text in "C" order can. Derived, so not in the trail.
CREATE TABLE organisation_word (
	tenant_id text COLLATE "C" NOT NULL,
	word text COLLATE "C" NOT NULL,
	organisation_id uuid NOT NULL,
	CONSTRAINT organisation_word_pkey PRIMARY KEY (tenant_id, word, organisation_id),
	CONSTRAINT organisation_word_of FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id)
);
-- Taking an organisation's words away when its name changes.
CREATE INDEX organisation_word_back ON organisation_word (tenant_id, organisation_id);
CALL guard('organisation_word', 'SELECT, INSERT, DELETE');

-- +goose Down
DROP TABLE organisation_word, succession, organisation;
